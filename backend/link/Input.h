#ifndef BPFCC_BACKEND_LINK_INPUT_H
#define BPFCC_BACKEND_LINK_INPUT_H

#include "backend/link/InputTypes.h"
#include "backend/link/Link.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/DenseMap.h"

namespace bpfcc::link {

constexpr uint32_t None = ~0u;

/// What becomes of a section.
enum class Use : uint8_t {
  Drop, ///< DWARF, notes, .BTF and .BTF.ext themselves
  Code,
  Data,
  Maps,
  Once, ///< `license`, `version`: equal in all inputs
};

/// A part of a section that stays or goes as a whole: a function with what
/// follows it, a map, or all of a section of data.
struct Piece {
  uint64_t Start, Size;
  uint32_t Symbol = None; ///< that begins it
  bool Live = true;
  uint32_t Section = None; ///< of the output; if not live, where its like is
  uint64_t Offset = 0;     ///< in there
};

struct InputSection {
  Use How = Use::Drop;
  std::vector<Piece> Pieces;   ///< in the order of their places, without gaps
  std::vector<uint32_t> Order; ///< of the section's relocations, by offset

  /// The piece that \p Offset lies in; behind the end is in the last.
  uint32_t pieceAt(uint64_t Offset) const;
};

/// A variable or function in the input's BTF.
struct Described {
  const BtfFile::Type *Type = nullptr; ///< its Var or Func
  llvm::StringRef Section;             ///< its Datasec; empty for none
};

/// One object on its way into the output.
struct Input {
  std::string Name;
  Object Obj;
  InputTypes Types;
  std::vector<InputSection> Sections;
  std::vector<uint32_t> Global; ///< by symbol: its number in the table, or None
  llvm::DenseMap<llvm::StringRef, Described> Descriptions; ///< of globals
  llvm::DenseMap<llvm::StringRef, uint32_t> ByName; ///< sections; the first

  Described describe(llvm::StringRef Symbol) const {
    return Descriptions.lookup(Symbol);
  }
  /// The first section of that name, or None.
  uint32_t sectionNamed(llvm::StringRef Name) const {
    auto It = ByName.find(Name);
    return It == ByName.end() ? None : It->second;
  }
  /// The line of C behind a place in the code; the input itself if unknown.
  SourceLoc lineAt(uint32_t Section, uint64_t Offset) const;
  /// That of the definition of symbol \p Number.
  SourceLoc definition(uint32_t Number) const;
  llvm::Error bad(const llvm::Twine &What) const {
    return diagError(DiagCode::BadObject, {Name, 0, 0}, What.str());
  }
};

/// Where a relocation of a section of code or data leads: the number that
/// stands in its bytes, in bytes from its symbol. Wraps around as addresses do.
uint64_t addendOf(const Section &S, const Relocation &R, bool BigEndian);
void setAddend(Section &S, const Relocation &R, bool BigEndian,
               uint64_t Addend);

/// Calls within a section of code that no relocation describes: the assembler
/// knew the distance.
struct LocalCall {
  uint64_t At, Target; ///< in bytes from the section's start
};
std::vector<LocalCall> localCalls(const Input &In, uint32_t Section);

/// Reads the sections, types and pieces of \p In. Error: BadObject.
llvm::Expected<Input> readInput(LinkInput In, TypePool &Pool, BtfFile &Scratch);

} // namespace bpfcc::link

#endif

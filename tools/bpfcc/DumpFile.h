#ifndef BPFCC_TOOLS_BPFCC_DUMPFILE_H
#define BPFCC_TOOLS_BPFCC_DUMPFILE_H

#include "backend/btf/BtfFile.h"
#include "backend/object/Object.h"

#include "llvm/Support/raw_ostream.h"

namespace bpfcc::tools {

/// Code from one function symbol to the next.
struct CodePiece {
  std::string Name; ///< all names at its start, `a = b`; empty if none
  uint32_t Section;
  uint64_t Start; ///< bytes from the start of the section
  llvm::ArrayRef<uint8_t> Bytes;
};

/// What a relocation leads to.
struct RelocTarget {
  enum Kind { Map, Data, Code, Kernel, Other } What = Other;
  std::string Name;    ///< of a symbol, or of a section if no symbol is there
  uint64_t Offset = 0; ///< bytes from what Name says
  std::string Text;    ///< the string that stands there, if one does

  /// `hits`, `counter + 4`
  std::string place() const;
};

/// An object with what a dump asks for often.
class DumpFile {
public:
  /// Reads \p Path. Errors: CannotOpen, BadObject.
  static llvm::Expected<DumpFile> open(llvm::StringRef Path);

  const Object &object() const { return O; }
  const BtfFile &btf() const { return Btf; }
  const std::vector<CodePiece> &pieces() const { return Pieces; }

  /// The relocation of the instruction or datum at \p Offset; null if none.
  const Relocation *relocationAt(uint32_t Section, uint64_t Offset) const;
  /// The place at \p Addend bytes from the symbol of \p R.
  RelocTarget target(const Relocation &R, uint64_t Addend) const;
  /// The place at \p Offset of \p Section.
  RelocTarget place(uint32_t Section, uint64_t Offset) const;

  /// Lines and CO-RE relocations of [Begin, End) of a section, by offset.
  llvm::ArrayRef<BtfFile::Line> lines(llvm::StringRef Section, uint64_t Begin,
                                      uint64_t End) const;
  llvm::ArrayRef<BtfFile::CoreRelo>
  coreRelos(llvm::StringRef Section, uint64_t Begin, uint64_t End) const;

private:
  void index();
  void findPieces();

  Object O;
  BtfFile Btf;
  std::vector<CodePiece> Pieces;
  std::vector<std::vector<const Symbol *>> Symbols; ///< by section and place
};

/// Prints \p Text of a file: control characters escaped.
void printText(llvm::raw_ostream &OS, llvm::StringRef Text);

/// Prints \p Text in quotes, as C has it.
void printQuoted(llvm::raw_ostream &OS, llvm::StringRef Text);

/// The parts of `bpfcc dump`, each on \p OS; code and relocations of section
/// \p Only alone, if it is not empty.
void dumpCode(llvm::raw_ostream &OS, const DumpFile &F, llvm::StringRef Only,
              bool Source);
void dumpRelocations(llvm::raw_ostream &OS, const DumpFile &F,
                     llvm::StringRef Only);
void dumpTypes(llvm::raw_ostream &OS, const DumpFile &F);

} // namespace bpfcc::tools

#endif

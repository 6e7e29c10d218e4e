#ifndef BPFCC_BACKEND_CODEGEN_LAYOUT_H
#define BPFCC_BACKEND_CODEGEN_LAYOUT_H

#include "backend/finish/Code.h"
#include "backend/isa/Assembler.h"
#include "backend/object/Object.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Module.h"

namespace bpfcc {

/// What the symbol of \p G says of who may see it: STV_*.
uint8_t visibilityOf(const llvm::GlobalValue &G);

/// An Object in the making: sections by name, symbols by name, and the rule
/// for how a relocation refers to a symbol.
class Layout {
public:
  explicit Layout(bool BigEndian) { O.BigEndian = BigEndian; }

  /// The section \p Name, made at first mention; flags add up.
  uint32_t section(llvm::StringRef Name, uint32_t Type, uint64_t Flags,
                   uint32_t EntrySize = 0);

  /// Where something of \p Size bytes goes: the section grows.
  uint64_t allocate(uint32_t Section, uint64_t Size, uint32_t Align);

  void define(Symbol S) {
    Index[S.Name] = uint32_t(O.Symbols.size());
    O.Symbols.push_back(std::move(S));
  }
  /// A place that has a name here only: the object gets no symbol.
  void definePrivate(Symbol S) {
    std::string Name = S.Name;
    Private.try_emplace(Name, std::move(S));
  }

  /// The number of the symbol that a relocation against \p Name uses, and what
  /// must be added to the addend. Loaders want local symbols to be reached
  /// through their section (libbpf's sym_is_subprog), global ones by name.
  /// What nothing defines becomes an undefined symbol, as \p G declares it
  /// (null if there is no declaration).
  struct Reference {
    uint32_t Symbol;
    uint64_t Addend;
  };
  Reference reference(llvm::StringRef Name, const llvm::GlobalValue *G);

  /// The start of \p Section.
  uint32_t sectionSymbol(uint32_t Section);

  const Symbol *find(llvm::StringRef Name) const {
    if (auto It = Index.find(Name); It != Index.end())
      return &O.Symbols[It->second];
    auto It = Private.find(Name);
    return It == Private.end() ? nullptr : &It->second;
  }

  Object O;

private:
  llvm::StringMap<uint32_t> Index;
  llvm::StringMap<Symbol> Private;
  llvm::StringMap<uint32_t> SectionIndex;
  std::vector<int64_t> SectionSymbols; ///< by section; -1 is none yet
};

/// Gives each of \p Functions its place in \p L: a symbol in its section, with
/// room for its code.
void placeCode(Layout &L, llvm::ArrayRef<CodeFunction> Functions);

/// Puts the variables and aliases of \p M into \p L: sections, symbols, bytes
/// and relocations of their initialisers, as Clang would choose them. The
/// functions have their places. Error: an initialiser that no relocation can
/// express.
llvm::Error layOutData(Layout &L, const llvm::Module &M);

/// Where the sections of assembly text at file scope lie.
struct AsmPlaces {
  struct Place {
    uint32_t Section;
    uint64_t Start;
  };
  std::vector<Place> Places; ///< by section of the AsmModule
};

/// Puts the sections and symbols of \p A into \p L. The functions have their
/// places.
AsmPlaces placeAsm(Layout &L, const isa::AsmModule &A);

/// Adds the relocations of \p A, and its aliases of what is defined elsewhere.
void fillAsm(Layout &L, const isa::AsmModule &A, const AsmPlaces &Where);

/// Encodes \p Functions at their places and resolves their fixups: calls
/// inside a section to numbers, everything else to relocations. The data has
/// its place.
void fillCode(Layout &L, const llvm::Module &M,
              llvm::ArrayRef<CodeFunction> Functions);

} // namespace bpfcc

#endif

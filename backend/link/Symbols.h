#ifndef BPFCC_BACKEND_LINK_SYMBOLS_H
#define BPFCC_BACKEND_LINK_SYMBOLS_H

#include "backend/link/Input.h"

#include "llvm/ADT/StringMap.h"

namespace bpfcc::link {

/// A symbol of one input.
struct SymbolRef {
  uint32_t Input = None, Symbol = None;
  explicit operator bool() const { return Input != None; }
};

/// What all inputs mean by one name.
struct GlobalSymbol {
  llvm::StringRef Name;
  SymbolRef Definition;   ///< the one that counts; none if undefined
  SymbolRef FirstMention; ///< by any input
  bool Strong = false;    ///< some mention is not weak
  uint8_t Visibility = 0; ///< the strictest
  /// `.kconfig` or `.ksyms` if the kernel or its loader defines it.
  llvm::StringRef FromKernel;
  bool Used = false; ///< a relocation of the output names it
};

struct SymbolTable {
  std::vector<GlobalSymbol> Globals; ///< in the order of their mentions
  llvm::StringMap<uint32_t> ByName;
  /// Definitions that do not count: weak ones beside another, second ones of a
  /// map or of the licence.
  std::vector<SymbolRef> Losers;
};

/// Finds the definition of each global symbol and fills in Input::Global; \p
/// Btf has the types of the inputs' pool. Errors: DuplicateSymbol with the
/// places of both; what checkDeclarations() finds.
llvm::Expected<SymbolTable> resolveSymbols(std::vector<Input> &Inputs,
                                           const BtfFile &Btf);

/// The place where \p In uses symbol \p Symbol first, else that of its
/// definition, else \p In itself.
SourceLoc placeOf(const Input &In, uint32_t Symbol);

/// Adds the note that symbol \p Symbol of \p In is declared or defined there.
llvm::Error withOther(llvm::Error E, const Input &In, uint32_t Symbol);

} // namespace bpfcc::link

#endif

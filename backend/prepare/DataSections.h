#ifndef BPFCC_BACKEND_PREPARE_DATASECTIONS_H
#define BPFCC_BACKEND_PREPARE_DATASECTIONS_H

#include "llvm/IR/GlobalVariable.h"

namespace bpfcc {

/// A section of variables, as Clang would choose it.
struct DataSection {
  std::string Name;
  bool NoBits = false;    ///< zeros, without bytes in the file
  uint64_t Flags = 0;     ///< SHF_*
  uint32_t EntrySize = 0; ///< of what a linker may merge, else 0
};

/// Whether the object gets bytes for \p G.
bool isPlaced(const llvm::GlobalVariable &G);

/// Where \p G, which isPlaced(), goes: variables of a section follow each
/// other in the module's order, each at the next multiple of its dataAlign().
DataSection dataSection(const llvm::GlobalVariable &G);
llvm::Align dataAlign(const llvm::GlobalVariable &G);

} // namespace bpfcc

#endif

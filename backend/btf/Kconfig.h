#ifndef BPFCC_BACKEND_BTF_KCONFIG_H
#define BPFCC_BACKEND_BTF_KCONFIG_H

#include "backend/btf/BtfFile.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bpfcc {

struct KconfigVariable {
  llvm::StringRef Name;
  uint32_t Type; ///< not the Var, but its type
  uint64_t Offset, Size;
};

/// The variables of section .kconfig that \p IsUsed says are used. They have no
/// place in the object: they are where libbpf places them, by alignment, the
/// largest first, by size and by name.
std::vector<KconfigVariable>
layOutKconfig(const BtfFile &Btf,
              llvm::function_ref<bool(llvm::StringRef)> IsUsed);

} // namespace bpfcc

#endif

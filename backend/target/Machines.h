#ifndef BPFCC_BACKEND_TARGET_MACHINES_H
#define BPFCC_BACKEND_TARGET_MACHINES_H

#include "llvm/ADT/StringRef.h"

namespace bpfcc::target {

/// Whether the verifier of each kernel for the machine \p Name, as in
/// __TARGET_ARCH_x86, takes misaligned accesses of packets and map values; see
/// machines.def. False for a name that is not known.
bool takesMisaligned(llvm::StringRef Name);

} // namespace bpfcc::target

#endif

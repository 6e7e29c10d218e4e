#ifndef BPFCC_BACKEND_TARGET_MACHINES_H
#define BPFCC_BACKEND_TARGET_MACHINES_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace bpfcc::target {

/// Whether the verifier of each kernel for the machine \p Name, as in
/// __TARGET_ARCH_x86, takes misaligned accesses of packets and map values; see
/// machines.def. False for a name that is not known.
bool takesMisaligned(llvm::StringRef Name);

struct Machine {
  llvm::StringRef Name; ///< as in __TARGET_ARCH_x86
  bool BigEndian;
};

/// The machine that \p Text means, in any usual spelling (machine_names.def) or
/// as the first part of a triple; null if there is none.
const Machine *findMachine(llvm::StringRef Text);

/// The first spelling of each machine, for messages.
std::string machineNames();

} // namespace bpfcc::target

#endif

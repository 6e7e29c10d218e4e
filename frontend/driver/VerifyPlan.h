#ifndef BPFCC_FRONTEND_DRIVER_VERIFYPLAN_H
#define BPFCC_FRONTEND_DRIVER_VERIFYPLAN_H

#include "backend/target/KernelVersion.h"

#include <string>
#include <vector>

namespace bpfcc {

/// Whether and for whom what is compiled is verified: -Wverify, -Wno-verify,
/// -Werror=verify, -Wno-error=verify, -w and -Rpass=, as Clang reads such
/// options.
struct VerifyPlan {
  bool Warn = true;
  bool AsError = false;
  bool Remarks = false; ///< -Rpass=verify
  /// Newest first, never empty.
  std::vector<target::KernelVersion> Kernels;
  bool KernelsGiven = false; ///< by -mkernel=
  std::string KernelTypes;   ///< of --btf=: a file of BTF; may be empty
};

} // namespace bpfcc

#endif

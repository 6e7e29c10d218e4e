#ifndef BPFCC_BACKEND_TARGET_KERNELFUNCTIONS_H
#define BPFCC_BACKEND_TARGET_KERNELFUNCTIONS_H

#include "backend/target/ProgTypes.h"

namespace bpfcc::target {

/// What the kernel's BTF does not say of a kernel function: its flags.
namespace kf {
enum Flag : uint16_t {
  Plain = 0,
  Acquire = 1,        ///< the result is held until it is released
  Release = 2,        ///< releases an argument
  RetNull = 4,        ///< the result may be null
  TrustedArgs = 8,    ///< takes valid objects alone
  RcuArgs = 16,       ///< takes objects that RCU protects
  MaySleep = 32,      ///< for programs that may sleep
  Destructive = 64,   ///< for those that may reboot the machine
  RcuProtected = 128, ///< only inside an RCU section
};
}

struct KernelFunction {
  llvm::StringLiteral Name;
  uint16_t Flags;
  uint64_t ProgTypes; ///< bit n: program type n may call it

  bool is(kf::Flag F) const { return Flags & F; }
  bool allows(ProgType T) const { return ProgTypes >> unsigned(T) & 1; }
};

/// The row of kernel_functions.def for \p Name; null if there is none.
const KernelFunction *kernelFunction(llvm::StringRef Name);

} // namespace bpfcc::target

#endif

#include "backend/target/KernelFunctions.h"

#include "backend/target/ProgSets.h"

using namespace llvm;

namespace bpfcc::target {

namespace {
// Kernel functions are registered for groups of program types.
namespace groups {
using namespace sets;
constexpr uint64_t All = ~uint64_t(0);
constexpr uint64_t Traced = Tracing | Tracepoint | PerfEvent | Lsm;
constexpr uint64_t CgroupHook = Cgroup | CgroupSkb;
constexpr uint64_t Generic =
    Traced | SchedCls | Xdp | StructOps | Syscall | CgroupHook;
constexpr uint64_t Masks = Traced | StructOps | Syscall;
} // namespace groups
} // namespace

static constexpr KernelFunction makeRow(StringLiteral Name, unsigned Flags,
                                        uint64_t Types) {
  return {Name, uint16_t(Flags), Types};
}

const KernelFunction *kernelFunction(StringRef Name) {
  using namespace kf;
  using namespace groups;
  static constexpr KernelFunction Rows[] = {
#define KERNEL_FUNCTION(Name, Flags, Types) makeRow(#Name, Flags, Types),
#include "backend/target/kernel_functions.def"
  };
  for (const KernelFunction &R : Rows)
    if (R.Name == Name)
      return &R;
  return nullptr;
}

} // namespace bpfcc::target

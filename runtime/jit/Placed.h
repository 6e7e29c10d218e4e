#ifndef BPFCC_RUNTIME_JIT_PLACED_H
#define BPFCC_RUNTIME_JIT_PLACED_H

#include "runtime/jit/Code.h"

#include "llvm/Support/Error.h"

#include <memory>

namespace bpfcc::jit {

/// Code of a unit in this process: Layout with addresses for offsets.
struct Placed {
  uint64_t Enter = 0;
  std::vector<uint64_t> Funcs, Bodies;
  uint64_t Size = 0;
  std::vector<CallSite> Sites;
  std::shared_ptr<void> Holder; ///< frees the code
};

/// Makes code by the templates of this machine. Error: RunError if it gives no
/// memory to execute.
llvm::Expected<Placed> placeTemplates(const Unit &U);

/// Makes code by LLVM; \p Baseline as in JitOptions. It may run in a thread of
/// its own while the program of \p U runs. Error: LLVM's.
llvm::Expected<Placed> placeOptimised(const Unit &U, bool Baseline);

} // namespace bpfcc::jit

#endif

#ifndef BPFCC_RUNTIME_INTERP_INTERP_H
#define BPFCC_RUNTIME_INTERP_INTERP_H

#include "runtime/helpers/Environment.h"
#include "runtime/load/Program.h"

namespace bpfcc {

struct RunLimits {
  uint64_t MaxInsts = 1ull << 32; ///< executed instructions of one run
  unsigned MaxFrames = 8;
  unsigned MaxTailCalls = 33;
};

struct RunResult {
  uint64_t R0 = 0;
  uint64_t Insts = 0; ///< executed
};

/// Runs subprogram \p Entry of \p P with r1 = \p Ctx by RFC 9669's semantics.
/// Every memory access, jump, call and helper argument is checked. Error:
/// RunError with the function, the instruction, its source line, and what was
/// touched.
llvm::Expected<RunResult> interpret(const Program &P, uint32_t Entry,
                                    uint64_t Ctx, Environment &Env,
                                    const RunLimits &Limits = {});

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_FINISH_JUMPS_H
#define BPFCC_BACKEND_FINISH_JUMPS_H

#include "backend/finish/Lower.h"

namespace bpfcc {

/// Fills in the distances of all jumps, in slots, after addIslands, and the
/// numbers of assembly text that depend on them. Errors: BranchTooFar,
/// AsmError.
llvm::Expected<CodeFunction> resolveJumps(LinearCode Linear,
                                          const FinishOptions &Options);

} // namespace bpfcc

#endif

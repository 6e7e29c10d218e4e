#ifndef BPFCC_BACKEND_FINISH_JUMPS_H
#define BPFCC_BACKEND_FINISH_JUMPS_H

#include "backend/finish/Lower.h"

namespace bpfcc {

/// Fills in the distances of all jumps, in slots, lengthening those that
/// 16 bits cannot hold with JAL (ISA v4). Error: BranchTooFar below v4.
llvm::Expected<CodeFunction> resolveJumps(LinearCode Linear, unsigned Cpu);

} // namespace bpfcc

#endif

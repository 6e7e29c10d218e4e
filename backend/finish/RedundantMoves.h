#ifndef BPFCC_BACKEND_FINISH_REDUNDANTMOVES_H
#define BPFCC_BACKEND_FINISH_REDUNDANTMOVES_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Drops moves of \p F, over physical registers, between registers that hold
/// the same value.
void dropRedundantMoves(mir::Function &F);

} // namespace bpfcc

#endif

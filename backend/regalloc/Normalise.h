#ifndef BPFCC_BACKEND_REGALLOC_NORMALISE_H
#define BPFCC_BACKEND_REGALLOC_NORMALISE_H

#include "backend/mir/Mir.h"

namespace bpfcc::regalloc {

/// Simplifies \p F, in SSA form, for the steps that follow: empties
/// unreachable blocks, replaces copies by what they copy, drops values that
/// nothing needs, puts ARGs first, and gives constants that have a register
/// prescribed (call arguments, results) a computation of their own there.
void normalise(mir::Function &F);

/// Puts a block on the edge from \p From to its target number \p Index. Gives
/// the new block.
mir::BlockId splitEdge(mir::Function &F, mir::BlockId From, size_t Index);

} // namespace bpfcc::regalloc

#endif

#ifndef BPFCC_BACKEND_FINISH_TAILMERGE_H
#define BPFCC_BACKEND_FINISH_TAILMERGE_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Makes equal blocks of \p F, over physical registers, one; gives whether
/// there were any. Blocks that nothing reaches must be empty.
bool mergeEqualBlocks(mir::Function &F);

/// Makes equal ends of blocks one block, where those that share it save at
/// least
/// \p LeastSaved slots together. Gives whether there were any.
bool mergeTails(mir::Function &F, unsigned LeastSaved);

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_FINISH_CLEANUP_H
#define BPFCC_BACKEND_FINISH_CLEANUP_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Simplifies the control flow of \p F after allocation: jumps to jumps are
/// threaded, jumps whose ways meet become plain, equal blocks become one,
/// blocks that nothing reaches are emptied. Preds are not kept up to date.
void cleanUpBlocks(mir::Function &F);

/// reached[b]: the entry can reach block b.
std::vector<bool> reachableBlocks(const mir::Function &F);

} // namespace bpfcc

#endif

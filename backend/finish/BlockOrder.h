#ifndef BPFCC_BACKEND_FINISH_BLOCKORDER_H
#define BPFCC_BACKEND_FINISH_BLOCKORDER_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// The order in which the non-empty blocks of \p F are laid out, entry first.
std::vector<mir::BlockId> orderBlocks(const mir::Function &F);

} // namespace bpfcc

#endif

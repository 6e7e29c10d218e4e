#ifndef BPFCC_BACKEND_FINISH_COALESCEMOVES_H
#define BPFCC_BACKEND_FINISH_COALESCEMOVES_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Computes values of \p F, over physical registers, in the registers that they
/// are moved to.
void coalesceMoves(mir::Function &F);

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_REGALLOC_LOOPCONSTANTS_H
#define BPFCC_BACKEND_REGALLOC_LOOPCONSTANTS_H

#include "backend/mir/Mir.h"

namespace bpfcc::regalloc {

/// Moves constants out of the loops of \p F that have registers for them.
void hoistLoopConstants(mir::Function &F);

} // namespace bpfcc::regalloc

#endif

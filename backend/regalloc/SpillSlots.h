#ifndef BPFCC_BACKEND_REGALLOC_SPILLSLOTS_H
#define BPFCC_BACKEND_REGALLOC_SPILLSLOTS_H

#include "backend/mir/Mir.h"

namespace bpfcc::regalloc {

/// Lets spill slots of \p F, which is allocated, share memory when they never
/// hold a value that is still needed at the same time. Slots that are no longer
/// used leave the frame.
void shareSpillSlots(mir::Function &F);

} // namespace bpfcc::regalloc

#endif

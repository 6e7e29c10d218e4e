#ifndef BPFCC_BACKEND_FINISH_SLOTCOPIES_H
#define BPFCC_BACKEND_FINISH_SLOTCOPIES_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Drops what \p F, over physical registers, copies from a spill slot to
/// itself.
void dropSlotCopies(mir::Function &F);

} // namespace bpfcc

#endif

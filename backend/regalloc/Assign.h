#ifndef BPFCC_BACKEND_REGALLOC_ASSIGN_H
#define BPFCC_BACKEND_REGALLOC_ASSIGN_H

#include "backend/regalloc/Spill.h"

namespace bpfcc::regalloc {

/// Replaces the values of \p F by registers and spill marks by loads and
/// stores of frame objects, one for each value in memory.
void assign(mir::Function &F, const SpillPlan &Plan);

} // namespace bpfcc::regalloc

#endif

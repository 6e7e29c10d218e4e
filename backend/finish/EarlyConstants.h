#ifndef BPFCC_BACKEND_FINISH_EARLYCONSTANTS_H
#define BPFCC_BACKEND_FINISH_EARLYCONSTANTS_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Loads constants of \p F, over physical registers, before the branch to a
/// block that loads them and jumps on.
void loadConstantsEarly(mir::Function &F);

} // namespace bpfcc

#endif

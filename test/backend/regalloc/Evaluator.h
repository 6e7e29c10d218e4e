#ifndef BPFCC_TEST_BACKEND_REGALLOC_EVALUATOR_H
#define BPFCC_TEST_BACKEND_REGALLOC_EVALUATOR_H

#include "backend/mir/Mir.h"

/// Runs \p F, in SSA form or allocated, and gives what can be seen from
/// outside: the calls with their arguments and the result. Calls, packet loads
/// and assembly give a hash of their operands and lose what they clobber. A
/// broken promise of the allocation (a tie, an early clobber, ...) is part of
/// the text.
std::string evaluate(const bpfcc::mir::Function &F);

#endif

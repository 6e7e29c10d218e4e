#ifndef BPFCC_BACKEND_FINISH_BRANCH_H
#define BPFCC_BACKEND_FINISH_BRANCH_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// True for the conditional jump rows of isa.def.
bool isConditionalJump(mir::Opcode Op);

/// The row that jumps exactly when \p Op does not, at ISA level \p Cpu; gives
/// false for JSET, and below v2 for the comparisons that need JLT and its kin.
bool invertJump(mir::Opcode Op, unsigned Cpu, mir::Opcode &Inverse);

} // namespace bpfcc

#endif

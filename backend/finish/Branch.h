#ifndef BPFCC_BACKEND_FINISH_BRANCH_H
#define BPFCC_BACKEND_FINISH_BRANCH_H

#include "backend/mir/Mir.h"

#include <optional>

namespace bpfcc {

/// True for the conditional jump rows of isa.def.
bool isConditionalJump(mir::Opcode Op);

struct Jump {
  mir::Opcode Op;
  bool Swapped = false; ///< the operands change places
};

/// What jumps exactly when \p Op does not, at ISA level \p Cpu. Nothing for
/// JSET, nor for comparisons with constants that need JLT and its kin below v2;
/// registers are compared the other way round there.
std::optional<Jump> invertJump(mir::Opcode Op, unsigned Cpu);

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_REGALLOC_SPILL_H
#define BPFCC_BACKEND_REGALLOC_SPILL_H

#include "backend/mir/Mir.h"

#include "llvm/Support/Error.h"

namespace bpfcc::regalloc {

/// Which values are in registers where. Blocks hold marks: a COPY without uses
/// brings its result back into a register, a COPY without results stores its
/// operand to its slot.
struct SpillPlan {
  /// By block, after its phis: what is in registers. A result of a phi that
  /// is live but not here is in memory from the start.
  std::vector<std::vector<mir::Reg>> Entry;
  std::vector<std::vector<mir::Reg>> Exit; ///< by block, at its end
  /// By register: how to compute it again; Op is NumOpcodes if that cannot be.
  std::vector<mir::Inst> Remat;
  /// By register: phis whose value is in memory from the start.
  std::vector<bool> MemoryPhi;

  bool isRemat(mir::Reg R) const { return Remat[R].Op != mir::NumOpcodes; }
};

/// Puts marks into \p F, which normalise() has been over, so that its values
/// fit the registers at each point: 10, and where a call stands the 4 that it
/// keeps. Error: AsmError for assembly that has too many operands.
llvm::Expected<SpillPlan> spill(mir::Function &F);

} // namespace bpfcc::regalloc

#endif

#ifndef BPFCC_BACKEND_REGALLOC_PARALLELCOPY_H
#define BPFCC_BACKEND_REGALLOC_PARALLELCOPY_H

#include "backend/regalloc/Constraints.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bpfcc::regalloc {

struct Move {
  mir::Reg To, From;
};

/// Appends to \p Out moves that together do \p Moves at once; no register is
/// twice a target. \p Busy are registers that hold values besides. A cycle
/// goes through a free register, or through the frame object that
/// \p ScratchSlot gives: the verifier refuses to swap pointers by xor.
void emitParallelCopy(llvm::SmallVector<Move, 8> Moves, RegSet Busy,
                      llvm::function_ref<int32_t()> ScratchSlot, int32_t Loc,
                      std::vector<mir::Inst> &Out);

mir::Inst moveInst(mir::Reg To, mir::Reg From, int32_t Loc);
mir::Inst loadInst(mir::Reg To, int32_t Slot, int32_t Loc);
mir::Inst storeInst(int32_t Slot, mir::Reg From, int32_t Loc);

} // namespace bpfcc::regalloc

#endif

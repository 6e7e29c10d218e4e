#include "backend/regalloc/Regalloc.h"

#include "backend/regalloc/Assign.h"
#include "backend/regalloc/LoopConstants.h"
#include "backend/regalloc/Normalise.h"
#include "backend/regalloc/Spill.h"
#include "backend/regalloc/SpillSlots.h"

namespace bpfcc {

llvm::Error allocateRegisters(mir::Function &F) {
  regalloc::normalise(F);
  regalloc::hoistLoopConstants(F);
  llvm::Expected<regalloc::SpillPlan> Plan = regalloc::spill(F);
  if (!Plan)
    return Plan.takeError();
  regalloc::assign(F, *Plan);
  regalloc::shareSpillSlots(F);
  return llvm::Error::success();
}

} // namespace bpfcc

#include "backend/opt/Opt.h"

#include "backend/opt/Passes.h"

namespace bpfcc {

void optimiseMir(mir::Function &F, const OptOptions &Options) {
  if (F.Naked)
    return;
  shareAddresses(F);
  propagateCopies(F);
  shareSums(F);
  mergePhis(F);
  dropDeadCode(F);
  duplicateReturns(F);
  sinkValues(F);
  delayUpdates(F);
}

} // namespace bpfcc

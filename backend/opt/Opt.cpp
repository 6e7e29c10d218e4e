#include "backend/opt/Opt.h"

#include "backend/opt/Passes.h"

namespace bpfcc {

void optimiseMir(mir::Function &F, const OptOptions &Options) {
  if (F.Naked)
    return;
  propagateCopies(F);
  dropDeadCode(F);
}

} // namespace bpfcc

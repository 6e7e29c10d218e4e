// Needs: any IR. Gives: IR without blocks that only bring values from one join
// to the next, where a function returns.
//
//   A: br J                          A: br R
//   B: br J                          B: br R
//   J: %j = phi [1, A], [%x, B]  ->  R: %r = phi [1, A], [%x, B], [1, C]
//      br R                             ret %r
//   R: %r = phi [%j, J], [1, C]
//      ret %r
//
// Then A and C, which bring the same value, share what loads it. LLVM leaves
// such blocks when it makes one of several returns.

#include "backend/prepare/Passes.h"

#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;

static bool onlyBrings(const BasicBlock &B) {
  const auto *Branch = dyn_cast<BranchInst>(B.getTerminator());
  return Branch && Branch->isUnconditional() && !B.phis().empty() &&
         &*B.getFirstNonPHIIt() == Branch &&
         isa<ReturnInst>(Branch->getSuccessor(0)->getTerminator());
}

void joinReturns(Function &F) {
  for (BasicBlock &B : make_early_inc_range(F))
    if (&B != &F.getEntryBlock() && onlyBrings(B))
      TryToSimplifyUncondBranchFromEmptyBlock(&B);
}

} // namespace bpfcc

// Needs: any IR. Gives: IR without blocks that only bring values from one join
// to the next.
//
//   A: br J                          A: br R
//   B: br J                          B: br R
//   J: %j = phi [1, A], [%x, B]  ->  R: %r = phi [1, A], [%x, B], [1, C]
//      br R
//   R: %r = phi [%j, J], [1, C]
//
// Then A and C, which bring the same value, share what loads it. LLVM leaves
// such blocks when it makes one of several returns; the arms of truth values
// end in them. Blocks before a loop stay: what the loop keeps is loaded there.

#include "backend/prepare/LoopEdges.h"
#include "backend/prepare/Passes.h"

#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;

/// Where \p B leads, if all it does is to bring values there.
static BasicBlock *bringsTo(BasicBlock &B) {
  auto *Branch = dyn_cast<BranchInst>(B.getTerminator());
  bool OnlyBrings = Branch && Branch->isUnconditional() && !B.phis().empty() &&
                    &*B.getFirstNonPHIIt() == Branch;
  return OnlyBrings ? Branch->getSuccessor(0) : nullptr;
}

void joinPhis(Function &F) {
  LoopEdges Loops(F);
  auto Stays = [&](const BasicBlock &B) {
    return B.isEntryBlock() || Loops.isHead(B) || Loops.isLatch(B);
  };
  for (BasicBlock &B : make_early_inc_range(F))
    if (BasicBlock *To = bringsTo(B); To && !Stays(B) && !Stays(*To))
      TryToSimplifyUncondBranchFromEmptyBlock(&B);
}

} // namespace bpfcc

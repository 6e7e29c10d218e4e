// Needs: any IR. Gives: IR whose allocas are at the start of the entry block,
// where nothing that splits blocks comes between.
//
// A block of constant size that is asked for once is a local variable like any
// other. In a loop each round would need its own, which no frame can hold.

#include "backend/prepare/Passes.h"

#include "backend/prepare/Where.h"

#include "llvm/Analysis/CFG.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

Error collectAllocas(Function &F) {
  Error Errors = Error::success();
  BasicBlock &Entry = F.getEntryBlock();
  BasicBlock::iterator First = Entry.getFirstNonPHIOrDbgOrAlloca();
  SmallVector<AllocaInst *, 4> Late;
  for (Instruction &I : instructions(F))
    if (auto *A = dyn_cast<AllocaInst>(&I))
      Late.push_back(A);
  for (AllocaInst *A : Late) {
    if (A->getParent() == &Entry) {
      A->moveBefore(Entry, First);
      continue;
    }
    SmallVector<BasicBlock *, 4> Next(successors(A->getParent()));
    if (!Next.empty() &&
        isPotentiallyReachableFromMany(Next, A->getParent(), nullptr)) {
      Errors = joinErrors(std::move(Errors),
                          diagError(DiagCode::DynamicAlloca, whereIs(*A)));
      continue;
    }
    A->moveBefore(Entry, First);
  }
  return Errors;
}

} // namespace bpfcc

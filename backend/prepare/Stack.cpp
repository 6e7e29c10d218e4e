// Needs: any IR. Gives: IR whose allocas are in the entry block.
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
  SmallVector<AllocaInst *, 4> Late;
  for (Instruction &I : instructions(F))
    if (auto *A = dyn_cast<AllocaInst>(&I); A && A->getParent() != &Entry)
      Late.push_back(A);
  for (AllocaInst *A : Late) {
    SmallVector<BasicBlock *, 4> Next(successors(A->getParent()));
    if (isPotentiallyReachableFromMany(Next, A->getParent(), nullptr)) {
      Errors = joinErrors(std::move(Errors),
                          diagError(DiagCode::DynamicAlloca, whereIs(*A)));
      continue;
    }
    A->moveBefore(Entry, Entry.getFirstInsertionPt());
  }
  return Errors;
}

} // namespace bpfcc

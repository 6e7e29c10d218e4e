// Needs: IR without switch. Gives: branches whose condition is a compare, or a
// value of 0 or 1 that was computed before.
//
//   br (a & b), Yes, No      ->   br a, Next, No     Next: br b, Yes, No
//   br (a | b), Yes, No      ->   br a, Yes, Next    Next: br b, Yes, No
//   br (xor a, true), Y, N   ->   br a, N, Y
//
// Both the logical forms (select a, b, false) and the bitwise ones are taken
// apart: BPF has no instruction that makes a truth value, so each part of a
// bitwise form would cost a branch anyway.

#include "backend/prepare/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

void eraseIfDead(Value *V) {
  auto *I = dyn_cast<Instruction>(V);
  if (I && I->use_empty() && !I->mayHaveSideEffects() && !I->isTerminator())
    I->eraseFromParent();
}

/// Moves what only \p Before needs to stand before it.
void sinkTo(Value *V, Instruction &Before, const BasicBlock &From) {
  SmallVector<Value *, 8> Work{V};
  BasicBlock *To = Before.getParent();
  while (!Work.empty()) {
    auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (!I || I->getParent() != &From || !I->hasOneUse() ||
        isa<PHINode, AllocaInst>(I) || I->mayReadOrWriteMemory() ||
        I->mayHaveSideEffects())
      continue;
    I->moveBefore(*To, To->getFirstNonPHIIt());
    append_range(Work, I->operand_values());
  }
}

class Splitter {
public:
  explicit Splitter(Function &F) : F(F) {}

  void run() {
    for (BasicBlock &B : F)
      Work.push_back(&B);
    while (!Work.empty()) {
      BasicBlock *B = Work.pop_back_val();
      auto *Branch = dyn_cast<BranchInst>(B->getTerminator());
      if (Branch && Branch->isConditional())
        simplify(*Branch);
    }
  }

private:
  void simplify(BranchInst &Branch) {
    if (Branch.getSuccessor(0) == Branch.getSuccessor(1))
      return makePlain(Branch);
    Value *Condition = Branch.getCondition();
    Value *A, *B;
    if (match(Condition, m_Not(m_Value(A)))) {
      Branch.setCondition(A);
      Branch.swapSuccessors();
      eraseIfDead(Condition);
      Work.push_back(Branch.getParent());
      return;
    }
    if (!Condition->hasOneUse())
      return;
    bool IsAnd = match(Condition, m_LogicalAnd(m_Value(A), m_Value(B)));
    if (IsAnd || match(Condition, m_LogicalOr(m_Value(A), m_Value(B))))
      split(Branch, IsAnd, A, B);
  }

  static void makePlain(BranchInst &Branch) {
    BasicBlock *From = Branch.getParent(), *To = Branch.getSuccessor(0);
    for (PHINode &Phi : To->phis())
      Phi.removeIncomingValue(From, /*DeletePHIIfEmpty=*/false);
    Value *Condition = Branch.getCondition();
    BranchInst::Create(To, &Branch)->setDebugLoc(Branch.getDebugLoc());
    Branch.eraseFromParent();
    eraseIfDead(Condition);
  }

  void split(BranchInst &Branch, bool IsAnd, Value *First, Value *Second) {
    BasicBlock *B = Branch.getParent();
    BasicBlock *Yes = Branch.getSuccessor(0), *No = Branch.getSuccessor(1);
    BasicBlock *Next =
        BasicBlock::Create(F.getContext(), "", &F, B->getNextNode());
    auto *Test = BranchInst::Create(Yes, No, Second, Next);
    Test->setDebugLoc(Branch.getDebugLoc());
    Value *Old = Branch.getCondition();
    Branch.setCondition(First);
    eraseIfDead(Old);
    Branch.setMetadata(LLVMContext::MD_prof, nullptr);
    BasicBlock *Shared = IsAnd ? No : Yes, *Moved = IsAnd ? Yes : No;
    Branch.setSuccessor(IsAnd ? 0 : 1, Next);
    for (PHINode &Phi : Moved->phis())
      Phi.setIncomingBlock(unsigned(Phi.getBasicBlockIndex(B)), Next);
    for (PHINode &Phi : Shared->phis())
      Phi.addIncoming(Phi.getIncomingValueForBlock(B), Next);
    sinkTo(Second, *Test, *B);
    Work.push_back(Next);
    Work.push_back(B);
  }

  Function &F;
  SmallVector<BasicBlock *, 32> Work;
};

} // namespace

void splitBranches(Function &F) { Splitter(F).run(); }

} // namespace bpfcc

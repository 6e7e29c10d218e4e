// Needs: branches that compare. Gives: loops that test the counter that the
// next turn starts with.
//
//   %next = add nuw %i, 2             %next = add nuw %i, 2
//   br (icmp ult %i, 46), Top, Out    br (icmp ult %next, 48), Top, Out
//
// LLVM folds the distance into the constant. Then the old and the new counter
// are both needed at the branch, in two registers, with a copy on the way back;
// and a verifier learns the bound of the one that the loop does not use again.
// For an order, no turn may leave the type's range; equality needs nothing.

#include "backend/prepare/Passes.h"

#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

/// A counter: Phi is Start, then Next = Phi + Step in each turn of the loop
/// that the block with \p Branch ends.
struct Counter {
  PHINode *Phi;
  BinaryOperator *Next;
  const APInt *Step;
  const APInt *Start;
};

static std::optional<Counter> counterOf(Value *V, const BranchInst &Branch) {
  Counter C = {dyn_cast<PHINode>(V), nullptr, nullptr, nullptr};
  if (!C.Phi || C.Phi->getNumIncomingValues() != 2)
    return std::nullopt;
  int Index = C.Phi->getBasicBlockIndex(Branch.getParent());
  if (Index < 0)
    return std::nullopt;
  C.Next = dyn_cast<BinaryOperator>(C.Phi->getIncomingValue(unsigned(Index)));
  if (!C.Next || !match(C.Next, m_Add(m_Specific(C.Phi), m_APInt(C.Step))) ||
      C.Next->getParent() != Branch.getParent())
    return std::nullopt;
  match(C.Phi->getIncomingValue(unsigned(1 - Index)), m_APInt(C.Start));
  return C;
}

/// Whether no value that the loop gives the counter leaves its type when \p
/// Step is added twice. It is Start, or has passed the test against \p Limit.
static bool staysInRange(const Counter &C, const APInt &Limit,
                         CmpInst::Predicate Continue) {
  if (!C.Start)
    return false;
  bool Signed = CmpInst::isSigned(Continue);
  bool Up = Continue == CmpInst::ICMP_ULT || Continue == CmpInst::ICMP_ULE ||
            Continue == CmpInst::ICMP_SLT || Continue == CmpInst::ICMP_SLE;
  if (Up != C.Step->isStrictlyPositive() || (!Up && !Signed))
    return false;
  bool Overflow = false;
  auto Add = [&](const APInt &X) {
    bool Leaves = false;
    APInt Sum =
        Signed ? X.sadd_ov(*C.Step, Leaves) : X.uadd_ov(*C.Step, Leaves);
    Overflow |= Leaves;
    return Sum;
  };
  (void)Add(Add(*C.Start));
  (void)Add(Add(Limit));
  return !Overflow;
}

static void testNext(BranchInst &Branch) {
  auto *Compare = dyn_cast<ICmpInst>(Branch.getCondition());
  const APInt *Limit;
  if (!Compare || !Compare->hasOneUse() ||
      Compare->getParent() != Branch.getParent() ||
      !match(Compare->getOperand(1), m_APInt(Limit)))
    return;
  std::optional<Counter> C = counterOf(Compare->getOperand(0), Branch);
  if (!C)
    return;
  bool Taken = Branch.getSuccessor(0) == C->Phi->getParent();
  if (Taken == (Branch.getSuccessor(1) == C->Phi->getParent()))
    return;
  CmpInst::Predicate Continue =
      Taken ? Compare->getPredicate() : Compare->getInversePredicate();
  if (!Compare->isEquality() && !staysInRange(*C, *Limit, Continue))
    return;
  Compare->setSameSign(false);
  Compare->setOperand(1,
                      ConstantInt::get(C->Next->getType(), *Limit + *C->Step));
  Compare->setOperand(0, C->Next);
  Compare->moveBefore(Branch.getIterator());
}

void testNextCounters(Function &F) {
  for (BasicBlock &B : F)
    if (auto *Branch = dyn_cast<BranchInst>(B.getTerminator());
        Branch && Branch->isConditional())
      testNext(*Branch);
}

} // namespace bpfcc

// Needs: optimised IR. Gives: branches whose condition compares one value that
// the program uses, so that a verifier that learns from the branch learns
// about that value.
//
//   (x - 4) <u 9           ->  x >=u 4, then x <u 13        range fold undone
//   (a | b) <u 8           ->  a <u 8, then b <u 8
//   x <u umin(a, b)        ->  x <u a, then x <u b
//   c1 & c2, c1 || c2      ->  two branches
//
// LLVM likes the left side: it has one compare. A verifier then knows a range
// of x - 4 and nothing about x, with which the program indexes its array.
// (LLVM's own BPF target keeps InstCombine from folding; undoing it finds also
// what other passes fold and what the user wrote.) In BPF the right side is no
// longer: the left one needs a register and two instructions for `x - 4`.

#include "frontend/pipeline/Passes.h"

#include "llvm/IR/ConstantRange.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

/// A condition that is the conjunction or disjunction of two others.
struct Pair {
  bool IsAnd;
  Value *First;
  Value *Second;
};

std::optional<Pair> asPair(Value *Condition) {
  Value *A, *B;
  if (match(Condition, m_OneUse(m_LogicalAnd(m_Value(A), m_Value(B)))))
    return Pair{true, A, B};
  if (match(Condition, m_OneUse(m_LogicalOr(m_Value(A), m_Value(B)))))
    return Pair{false, A, B};
  return std::nullopt;
}

/// `icmp (add X, C), D`: two compares of X with constants.
std::optional<Pair> unfoldRange(ICmpInst &Compare, IRBuilder<> &Builder) {
  Value *X;
  const APInt *Offset, *Limit;
  // If nothing else reads X, nobody needs its range, and one branch is one
  // path less.
  if (!match(&Compare, m_ICmp(m_OneUse(m_Add(m_Value(X), m_APInt(Offset))),
                              m_APInt(Limit))) ||
      Compare.isEquality() || X->hasOneUse())
    return std::nullopt;
  ConstantRange Range =
      ConstantRange::makeExactICmpRegion(Compare.getPredicate(), *Limit)
          .subtract(*Offset);
  if (Range.isEmptySet() || Range.isFullSet())
    return std::nullopt;
  auto Test = [&](CmpInst::Predicate P, const APInt &C) {
    return Builder.CreateICmp(P, X, ConstantInt::get(X->getType(), C));
  };
  // A hole around zero is one of signed numbers.
  if (ConstantRange Hole = Range.inverse(); Hole.isWrappedSet() &&
                                            !Hole.isSignWrappedSet() &&
                                            !Hole.getLower().isMinSignedValue())
    return Pair{false, Test(CmpInst::ICMP_SLT, Hole.getLower()),
                Test(CmpInst::ICMP_SGE, Hole.getUpper())};
  APInt Low = Range.getLower(), High = Range.getUpper();
  if (!Range.isWrappedSet() && !Low.isZero() && !High.isZero())
    return Pair{true, Test(CmpInst::ICMP_UGE, Low),
                Test(CmpInst::ICMP_ULT, High)};
  if (!Range.isSignWrappedSet() && !Low.isMinSignedValue() &&
      !High.isMinSignedValue())
    return Pair{true, Test(CmpInst::ICMP_SGE, Low),
                Test(CmpInst::ICMP_SLT, High)};
  // A hole: everything but [High, Low).
  if (Range.isWrappedSet() && !High.isZero())
    return Pair{false, Test(CmpInst::ICMP_ULT, High),
                Test(CmpInst::ICMP_UGE, Low)};
  return std::nullopt;
}

/// `icmp (or A, B), C` where C says the same of A and of B.
std::optional<Pair> unfoldOr(ICmpInst &Compare, IRBuilder<> &Builder) {
  Value *A, *B;
  const APInt *C;
  if (!match(&Compare,
             m_ICmp(m_OneUse(m_Or(m_Value(A), m_Value(B))), m_APInt(C))))
    return std::nullopt;
  if (isa<Constant>(A) || isa<Constant>(B))
    return std::nullopt;
  CmpInst::Predicate P = Compare.getPredicate();
  bool AllBelow = (P == CmpInst::ICMP_ULT && C->isPowerOf2()) ||
                  (P == CmpInst::ICMP_EQ && C->isZero()) ||
                  (P == CmpInst::ICMP_SGT && C->isAllOnes());
  bool AnyAbove = (P == CmpInst::ICMP_UGT && (C->isMask() || C->isZero())) ||
                  (P == CmpInst::ICMP_NE && C->isZero()) ||
                  (P == CmpInst::ICMP_SLT && C->isZero());
  if (!AllBelow && !AnyAbove)
    return std::nullopt;
  auto Test = [&](Value *V) {
    Value *Left, *Right;
    if (Compare.isEquality() &&
        match(V, m_OneUse(m_Xor(m_Value(Left), m_Value(Right)))))
      return Builder.CreateICmp(P, Left, Right);
    return Builder.CreateICmp(P, V, ConstantInt::get(V->getType(), *C));
  };
  return Pair{AllBelow, Test(A), Test(B)};
}

/// `X < min(A, B)` and its kin.
std::optional<Pair> unfoldMinMax(ICmpInst &Compare, IRBuilder<> &Builder) {
  CmpInst::Predicate P = Compare.getPredicate();
  Value *X = Compare.getOperand(0);
  auto *MinMax = dyn_cast<MinMaxIntrinsic>(Compare.getOperand(1));
  if (!MinMax) {
    MinMax = dyn_cast<MinMaxIntrinsic>(X);
    X = Compare.getOperand(1);
    P = CmpInst::getSwappedPredicate(P);
  }
  if (!MinMax || !MinMax->hasOneUse() || Compare.isEquality() ||
      MinMax->isSigned() != Compare.isSigned())
    return std::nullopt;
  bool IsMin = MinMax->getIntrinsicID() == Intrinsic::umin ||
               MinMax->getIntrinsicID() == Intrinsic::smin;
  bool Below = CmpInst::isStrictPredicate(P)
                   ? P == CmpInst::ICMP_ULT || P == CmpInst::ICMP_SLT
                   : P == CmpInst::ICMP_ULE || P == CmpInst::ICMP_SLE;
  return Pair{IsMin == Below, Builder.CreateICmp(P, X, MinMax->getLHS()),
              Builder.CreateICmp(P, X, MinMax->getRHS())};
}

class Splitter {
public:
  explicit Splitter(Function &F) : F(F) {}

  bool run() {
    bool Changed = false;
    for (BasicBlock &B : F)
      Work.push_back(&B);
    while (!Work.empty())
      Changed |= splitEnd(*Work.pop_back_val());
    return Changed;
  }

private:
  bool splitEnd(BasicBlock &B) {
    auto *Branch = dyn_cast<BranchInst>(B.getTerminator());
    if (!Branch || !Branch->isConditional() ||
        Branch->getSuccessor(0) == Branch->getSuccessor(1))
      return false;
    Value *Condition = Branch->getCondition();
    IRBuilder<> Builder(Branch);
    std::optional<Pair> Parts = asPair(Condition);
    if (auto *Compare = dyn_cast<ICmpInst>(Condition);
        !Parts && Compare && Compare->hasOneUse()) {
      Parts = unfoldRange(*Compare, Builder);
      if (!Parts)
        Parts = unfoldOr(*Compare, Builder);
      if (!Parts)
        Parts = unfoldMinMax(*Compare, Builder);
    }
    if (!Parts)
      return false;
    split(*Branch, *Parts);
    return true;
  }

  void split(BranchInst &Branch, const Pair &Parts) {
    BasicBlock *B = Branch.getParent();
    BasicBlock *Yes = Branch.getSuccessor(0), *No = Branch.getSuccessor(1);
    BasicBlock *Next =
        BasicBlock::Create(F.getContext(), "", &F, B->getNextNode());
    auto *Second = BranchInst::Create(Yes, No, Parts.Second, Next);
    Second->setDebugLoc(Branch.getDebugLoc());
    Value *Old = Branch.getCondition();
    Branch.setCondition(Parts.First);
    eraseDead(Old);
    Branch.setMetadata(LLVMContext::MD_prof, nullptr);
    // The way that the second test decides no longer leaves from B.
    BasicBlock *Shared = Parts.IsAnd ? No : Yes;
    BasicBlock *Moved = Parts.IsAnd ? Yes : No;
    Branch.setSuccessor(Parts.IsAnd ? 0 : 1, Next);
    for (PHINode &Phi : Moved->phis())
      Phi.setIncomingBlock(Phi.getBasicBlockIndex(B), Next);
    for (PHINode &Phi : Shared->phis())
      Phi.addIncoming(Phi.getIncomingValueForBlock(B), Next);
    sinkInto(Parts.Second, *B, *Second);
    Work.push_back(Next);
    Work.push_back(B);
  }

  /// Moves what only the second test needs behind the first one.
  static void sinkInto(Value *V, BasicBlock &From, Instruction &Before) {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || I->getParent() != &From || !I->hasOneUse() || isa<PHINode>(I) ||
        I->mayHaveSideEffects() || I->mayReadFromMemory() || isa<AllocaInst>(I))
      return;
    I->moveBefore(Before.getIterator());
    for (Value *Operand : I->operands())
      sinkInto(Operand, From, *I);
  }

  static void eraseDead(Value *V) {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || !I->use_empty())
      return;
    SmallVector<Value *, 2> Operands(I->operands());
    I->eraseFromParent();
    for (Value *Operand : Operands)
      if (auto *O = dyn_cast<Instruction>(Operand);
          O && O->use_empty() && !O->mayHaveSideEffects() && !O->isTerminator())
        eraseDead(O);
  }

  Function &F;
  SmallVector<BasicBlock *, 32> Work;
};

} // namespace

PreservedAnalyses PlainBranchesPass::run(Function &F,
                                         FunctionAnalysisManager &) {
  return Splitter(F).run() ? PreservedAnalyses::none()
                           : PreservedAnalyses::all();
}

} // namespace bpfcc

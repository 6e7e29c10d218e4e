// Needs: any IR. Gives: IR without switch.
//
//   switch %x [1: A, 2: A, 3: A, 9: B], default D
//   ->  if %x <u 4 { if %x >=u 1 goto A; goto D }  if %x == 9 goto B; goto D
//
// Cases are sorted and runs with one target joined. Up to MaxLinear runs are
// tested one after the other, which is what a verifier likes best; more are
// found by halving. Every test compares the value itself, so that a verifier
// knows its range in each case.

#include "backend/prepare/Passes.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr size_t MaxLinear = 4;

struct Run {
  APInt Low, High; ///< both in the run; unsigned
  BasicBlock *To;
};

class SwitchLowering {
public:
  explicit SwitchLowering(SwitchInst &S)
      : S(S), Value(S.getCondition()), Default(S.getDefaultDest()) {}

  void run() {
    for (auto &Case : S.cases())
      if (Case.getCaseSuccessor() != Default)
        Runs.push_back({Case.getCaseValue()->getValue(),
                        Case.getCaseValue()->getValue(),
                        Case.getCaseSuccessor()});
    sort(Runs, [](const Run &A, const Run &B) { return A.Low.ult(B.Low); });
    joinRuns();
    DefaultIsDead = isa<UnreachableInst>(Default->getFirstNonPHIOrDbg());

    BasicBlock *From = S.getParent();
    rememberPhis(From);
    Loc = S.getDebugLoc();
    S.eraseFromParent();
    unsigned Width = Value->getType()->getIntegerBitWidth();
    emit(From, Runs, APInt::getMinValue(Width), APInt::getMaxValue(Width));
    fillPhis();
  }

private:
  void joinRuns() {
    SmallVector<Run, 16> Joined;
    for (const Run &R : Runs)
      if (!Joined.empty() && Joined.back().To == R.To &&
          Joined.back().High + 1 == R.Low)
        Joined.back().High = R.High;
      else
        Joined.push_back(R);
    Runs = std::move(Joined);
  }

  void rememberPhis(BasicBlock *From) {
    for (BasicBlock *To :
         SmallSetVector<BasicBlock *, 16>(succ_begin(From), succ_end(From)))
      for (PHINode &Phi : To->phis()) {
        Incoming.push_back({&Phi, Phi.getIncomingValueForBlock(From)});
        Phi.removeIncomingValueIf(
            [&](unsigned I) { return Phi.getIncomingBlock(I) == From; },
            /*DeletePHIIfEmpty=*/false);
      }
  }

  void fillPhis() {
    for (auto &[Phi, V] : Incoming)
      for (BasicBlock *Pred : Edges[Phi->getParent()])
        Phi->addIncoming(V, Pred);
  }

  BasicBlock *newBlock(BasicBlock *After) {
    return BasicBlock::Create(After->getContext(), "", After->getParent(),
                              After->getNextNode());
  }

  void jump(BasicBlock *From, BasicBlock *To) {
    BranchInst::Create(To, From)->setDebugLoc(Loc);
    Edges[To].push_back(From);
  }

  /// `if Value P C goto Yes; else goto No` at the end of \p From. A way that
  /// leads to another new block is no edge of a phi.
  void branch(BasicBlock *From, CmpInst::Predicate P, const APInt &C,
              BasicBlock *Yes, BasicBlock *No) {
    IRBuilder<> Builder(From);
    Builder.SetCurrentDebugLocation(Loc);
    Builder.CreateCondBr(
        Builder.CreateICmp(P, Value, ConstantInt::get(Value->getType(), C)),
        Yes, No);
    Edges[Yes].push_back(From);
    Edges[No].push_back(From);
  }

  /// Tests \p Part in \p From; the value is known to lie in [Min, Max].
  void emit(BasicBlock *From, ArrayRef<Run> Part, const APInt &Min,
            const APInt &Max) {
    if (Part.empty())
      return jump(From, Default);
    if (Part.size() > MaxLinear) {
      ArrayRef<Run> Left = Part.take_front(Part.size() / 2);
      ArrayRef<Run> Right = Part.drop_front(Part.size() / 2);
      BasicBlock *Lower = newBlock(From), *Upper = newBlock(Lower);
      const APInt &Pivot = Right.front().Low;
      branch(From, CmpInst::ICMP_ULT, Pivot, Lower, Upper);
      emit(Lower, Left, Min, Pivot - 1);
      emit(Upper, Right, Pivot, Max);
      return;
    }
    APInt Low = Min;
    for (const Run &R : Part) {
      bool IsLast = &R == &Part.back();
      if ((R.Low == Low && R.High == Max) || (IsLast && DefaultIsDead))
        return jump(From, R.To);
      BasicBlock *Next = IsLast ? Default : newBlock(From);
      if (R.Low == R.High)
        branch(From, CmpInst::ICMP_EQ, R.Low, R.To, Next);
      else if (R.High == Max)
        branch(From, CmpInst::ICMP_UGE, R.Low, R.To, Next);
      else if (R.Low == Low)
        branch(From, CmpInst::ICMP_ULE, R.High, R.To, Next);
      else {
        BasicBlock *Second = newBlock(From);
        branch(From, CmpInst::ICMP_UGE, R.Low, Second, Next);
        branch(Second, CmpInst::ICMP_ULE, R.High, R.To, Next);
      }
      if (R.Low == Low)
        Low = R.High + 1;
      From = Next;
    }
  }

  SwitchInst &S;
  Value *Value;
  BasicBlock *Default;
  bool DefaultIsDead = false;
  DebugLoc Loc;
  SmallVector<Run, 16> Runs;
  SmallVector<std::pair<PHINode *, llvm::Value *>, 8> Incoming;
  DenseMap<BasicBlock *, SmallVector<BasicBlock *, 4>> Edges;
};

} // namespace

void lowerSwitches(Function &F) {
  SmallVector<SwitchInst *, 8> Switches;
  for (BasicBlock &B : F)
    if (auto *S = dyn_cast<SwitchInst>(B.getTerminator()))
      Switches.push_back(S);
  for (SwitchInst *S : Switches)
    SwitchLowering(*S).run();
}

} // namespace bpfcc

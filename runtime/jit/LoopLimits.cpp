// Compares what may still run once for all rounds of a loop.
//
// Each round of a loop asks whether the longest way through its body may still
// run. With that question in it a loop has two ways out, and LLVM makes neither
// vectors of it nor a formula of the counter. But if the loop has no more than
// N + 1 rounds and each takes at most Need instructions, then
//
//     fast = (N + 1) * Need <= left
//
// before the loop answers for all rounds. Where a constant bounds N and
// (N + 1) * Need is small, the loop asks for `fast` alone, and the interpreter
// runs the last instructions before the limit. Else it asks
// `fast || Need <= left`, of which unswitching makes two loops.
//
// N is ScalarEvolution's symbolic bound over the other exits. That a round
// takes at most Need holds if nothing else in the loop asks: see Lower.cpp.

#include "runtime/jit/LoopLimits.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace bpfcc::jit {

constexpr const char *MayRunName = "may_run";
/// Instructions that the interpreter runs in few milliseconds.
constexpr uint64_t Few = 1 << 20;

Function *mayRun(Module &M) {
  LLVMContext &C = M.getContext();
  Type *I64 = Type::getInt64Ty(C);
  auto *T = FunctionType::get(Type::getInt1Ty(C), {I64, I64}, false);
  auto *F = cast<Function>(M.getOrInsertFunction(MayRunName, T).getCallee());
  F->setDoesNotAccessMemory();
  F->setDoesNotThrow();
  F->setWillReturn();
  F->setNoSync();
  return F;
}

namespace {

class Limits {
public:
  Limits(Function &F, FunctionAnalysisManager &AM)
      : LI(AM.getResult<LoopAnalysis>(F)),
        DT(AM.getResult<DominatorTreeAnalysis>(F)),
        SE(AM.getResult<ScalarEvolutionAnalysis>(F)),
        TTI(AM.getResult<TargetIRAnalysis>(F)) {
    for (BasicBlock &Block : F)
      for (Instruction &I : Block)
        if (auto *Call = dyn_cast<CallInst>(&I))
          if (const Function *To = Call->getCalledFunction())
            if (To->getName() == MayRunName)
              Calls.push_back(Call);
  }

  bool run() {
    for (CallInst *Call : Calls) {
      Loop *L = LI.getLoopFor(Call->getParent());
      Value *Enough = nullptr;
      if (L && L->isInnermost() && isOnly(Call, L))
        Enough = hoisted(Call, L);
      Call->replaceAllUsesWith(Enough ? Enough : compared(Call));
    }
    for (CallInst *Call : Calls)
      Call->eraseFromParent();
    return !Calls.empty();
  }

private:
  static Value *compared(CallInst *Call) {
    return IRBuilder<>(Call).CreateICmpUGE(Call->getArgOperand(0),
                                           Call->getArgOperand(1));
  }

  bool isOnly(CallInst *Call, Loop *L) {
    return L->getLoopPreheader() && L->getLoopLatch() &&
           DT.dominates(Call->getParent(), L->getLoopLatch()) &&
           count_if(Calls, [&](CallInst *C) { return L->contains(C); }) == 1;
  }

  /// The loop's count of what may still run, of which \p Left is made by sums
  /// and choices; null if that is not clear.
  static PHINode *counterOf(Value *Left, Loop *L) {
    PHINode *Counter = nullptr;
    SmallPtrSet<Value *, 16> Seen;
    SmallVector<Value *, 16> Work = {Left};
    while (!Work.empty()) {
      auto *I = dyn_cast<Instruction>(Work.pop_back_val());
      if (!I || !L->contains(I) || !Seen.insert(I).second)
        continue;
      auto *Phi = dyn_cast<PHINode>(I);
      if (Phi && Phi->getParent() == L->getHeader()) {
        if (Counter && Counter != Phi)
          return nullptr;
        Counter = Phi;
      } else if (Phi || isa<SelectInst>(I) ||
                 I->getOpcode() == Instruction::Add) {
        Work.append(I->op_begin(), I->op_end());
      }
    }
    return Counter;
  }

  /// What \p Call answers, by a comparison before \p L; null if there is none.
  Value *hoisted(CallInst *Call, Loop *L) {
    const SCEV *Rounds = SE.getSymbolicMaxBackedgeTakenCount(L);
    PHINode *Counter = counterOf(Call->getArgOperand(0), L);
    if (isa<SCEVCouldNotCompute>(Rounds) || !Counter ||
        SE.getTypeSizeInBits(Rounds->getType()) > 64)
      return nullptr;
    Instruction *Before = L->getLoopPreheader()->getTerminator();
    IRBuilder<> B(Before);
    Value *Start = Counter->getIncomingValueForBlock(L->getLoopPreheader());
    uint64_t Need = cast<ConstantInt>(Call->getArgOperand(1))->getZExtValue();
    // The way from the loop's start to where it asks is part of a round.
    uint64_t More = Counter == Call->getArgOperand(0) ? 1 : 2;
    uint64_t Most = SE.getUnsignedRangeMax(Rounds).getZExtValue();
    if (Most <= Few && (Most + More) * Need <= Few)
      return B.CreateICmpUGE(Start, B.getInt64((Most + More) * Need));

    SCEVExpander Expander(SE, "rounds");
    if (Most >= UINT64_MAX / Need - More ||
        Expander.isHighCostExpansion(Rounds, L, Budget, &TTI, Before) ||
        !Expander.isSafeToExpandAt(Rounds, Before))
      return nullptr;
    Value *N =
        B.CreateZExt(Expander.expandCodeFor(Rounds, Rounds->getType(), Before),
                     B.getInt64Ty());
    Value *All =
        B.CreateMul(B.CreateAdd(N, B.getInt64(More)), B.getInt64(Need));
    return IRBuilder<>(Call).CreateOr(B.CreateICmpUGE(Start, All),
                                      compared(Call));
  }

  static constexpr unsigned Budget = 4; ///< of instructions for N
  LoopInfo &LI;
  DominatorTree &DT;
  ScalarEvolution &SE;
  TargetTransformInfo &TTI;
  SmallVector<CallInst *, 16> Calls;
};

} // namespace

PreservedAnalyses LoopLimits::run(Function &F, FunctionAnalysisManager &AM) {
  return Limits(F, AM).run() ? PreservedAnalyses::none()
                             : PreservedAnalyses::all();
}

} // namespace bpfcc::jit

// Needs: IR after mem2reg, before LLVM moves code. Gives: the same program in
// which an index that is compared with a constant cannot reach an address
// computation that LLVM has moved above the compare.
//
//   %i = load ...                        %i = load ...
//   %c = icmp ult %i, 8                  %c = icmp ult %i, 8
//   br %c, %use, %out                    br %c, %use, %out
// use:                           ->    use:
//   %w = zext %i to i64                  %g = call @llvm.bpf.passthrough(0, %i)
//   %p = getelementptr %map, %w          %w = zext %g to i64
//
// Without it the zext and the address are cheap enough to be computed before
// the branch, where the verifier knows no bound of %i yet and refuses ("math
// between map_value pointer and register with unbounded min value"). The
// intrinsic belongs to LLVM's IR and may not be speculated; DropGuardsPass
// removes it when nothing moves any more.

#include "frontend/pipeline/Passes.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsBPF.h"

namespace bpfcc {

using namespace llvm;

static bool isAddressStep(const Instruction &I) {
  return isa<ZExtInst, SExtInst, GetElementPtrInst>(I);
}

/// True if \p Use's block does something before it that LLVM would not move
/// it across together with it.
static bool isPinned(const Instruction &Use) {
  for (const Instruction &I : *Use.getParent()) {
    if (&I == &Use)
      return false;
    if (I.mayReadOrWriteMemory() || isa<CallBase>(I))
      return true;
  }
  return false;
}

static void guard(Value &Index, Instruction &User) {
  IRBuilder<> Builder(&User);
  Instruction *Guard = Builder.CreateIntrinsic(
      Intrinsic::bpf_passthrough, {Index.getType(), Index.getType()},
      {Builder.getInt32(0), &Index});
  Guard->setDebugLoc(User.getDebugLoc());
  User.replaceUsesOfWith(&Index, Guard);
}

static bool guardUses(Value &Index, const BasicBlock &From) {
  bool Compared = false;
  SmallVector<Instruction *, 4> Steps;
  for (User *U : Index.users()) {
    auto *I = cast<Instruction>(U);
    if (auto *Compare = dyn_cast<ICmpInst>(I)) {
      if (!isa<Constant>(Compare->getOperand(1)))
        return false;
      Compared = true;
    } else if (I->getParent() != &From && isAddressStep(*I) && !isPinned(*I) &&
               !is_contained(Steps, I)) {
      Steps.push_back(I);
    }
  }
  if (!Compared)
    return false;
  for (Instruction *I : Steps)
    guard(Index, *I);
  return !Steps.empty();
}

/// A constant came into the function with what was inlined.
static bool dropConstants(Function &F) {
  bool Changed = false;
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (auto *Call = dyn_cast<IntrinsicInst>(&I);
        Call && Call->getIntrinsicID() == Intrinsic::bpf_passthrough &&
        isa<Constant>(Call->getArgOperand(1))) {
      Call->replaceAllUsesWith(Call->getArgOperand(1));
      Call->eraseFromParent();
      Changed = true;
    }
  return Changed;
}

PreservedAnalyses GuardIndexesPass::run(Function &F,
                                        FunctionAnalysisManager &Analyses) {
  LoopInfo &Loops = Analyses.getResult<LoopAnalysis>(F);
  // What is computed in a loop may be its counter: LLVM must see it.
  auto IsIndex = [&](const Instruction &I) {
    return I.getType()->isIntegerTy() && !isa<IntrinsicInst>(I) &&
           (isa<LoadInst, CallInst>(I) || !Loops.getLoopFor(I.getParent()));
  };
  SmallVector<Instruction *, 32> Values;
  for (Instruction &I : instructions(F))
    if (IsIndex(I))
      Values.push_back(&I);
  bool Changed = dropConstants(F);
  for (Argument &A : F.args())
    if (A.getType()->isIntegerTy())
      Changed |= guardUses(A, F.getEntryBlock());
  for (Instruction *V : Values)
    Changed |= guardUses(*V, *V->getParent());
  return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

PreservedAnalyses DropGuardsPass::run(Function &F, FunctionAnalysisManager &) {
  bool Changed = false;
  for (BasicBlock &B : F)
    for (Instruction &I : make_early_inc_range(B))
      if (auto *Call = dyn_cast<IntrinsicInst>(&I);
          Call && Call->getIntrinsicID() == Intrinsic::bpf_passthrough) {
        Call->replaceAllUsesWith(Call->getArgOperand(1));
        Call->eraseFromParent();
        Changed = true;
      }
  return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace bpfcc

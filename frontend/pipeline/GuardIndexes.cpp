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

#include "llvm/IR/IRBuilder.h"
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

static void guard(Instruction &Value, Instruction &User) {
  IRBuilder<> Builder(&User);
  Instruction *Guard = Builder.CreateIntrinsic(
      Intrinsic::bpf_passthrough, {Value.getType(), Value.getType()},
      {Builder.getInt32(0), &Value});
  Guard->setDebugLoc(User.getDebugLoc());
  User.replaceUsesOfWith(&Value, Guard);
}

static bool guardUses(Instruction &Value) {
  bool Compared = false;
  SmallVector<Instruction *, 4> Steps;
  for (User *U : Value.users()) {
    auto *I = cast<Instruction>(U);
    if (auto *Compare = dyn_cast<ICmpInst>(I)) {
      if (!isa<Constant>(Compare->getOperand(1)))
        return false;
      Compared = true;
    } else if (I->getParent() != Value.getParent() && isAddressStep(*I) &&
               !isPinned(*I) && !is_contained(Steps, I)) {
      Steps.push_back(I);
    }
  }
  if (!Compared)
    return false;
  for (Instruction *I : Steps)
    guard(Value, *I);
  return !Steps.empty();
}

PreservedAnalyses GuardIndexesPass::run(Function &F,
                                        FunctionAnalysisManager &) {
  SmallVector<Instruction *, 32> Values;
  for (BasicBlock &B : F)
    for (Instruction &I : B)
      if (I.getType()->isIntegerTy() && (isa<LoadInst, CallInst>(I)) &&
          !isa<IntrinsicInst>(I))
        Values.push_back(&I);
  bool Changed = false;
  for (Instruction *V : Values)
    Changed |= guardUses(*V);
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

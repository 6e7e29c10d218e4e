// Needs: optimised IR. Gives: a value that is compared, and used extended, is
// extended once, and the extended one is compared.
//
//   %c = icmp ult i32 %i, 16             %w = zext i32 %i to i64
//   br %c, %use, %out                    %c = icmp ult i64 %w, 16
// use:                           ->      br %c, %use, %out
//   %w = zext i32 %i to i64            use:
//   %p = getelementptr %map, %w          %p = getelementptr %map, %w
//
// The left side is `if w1 >= 16; w1 = w1; r2 += r1`, or, before ISA level 3,
// shifts for the compare and shifts for the index. A verifier learns a bound of
// w1 or of the shifts' result, and the index is another value: kernels that do
// not follow subregisters refuse it at level 3 ("max value is outside of the
// allowed memory range"), all refuse it at level 2. The right side is no
// longer.

#include "frontend/pipeline/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace bpfcc {

/// The extensions of \p V by \p Op, if there is any, as one after V.
static CastInst *extendOnce(Value &V, Instruction::CastOps Op) {
  SmallVector<CastInst *> Casts;
  for (User *U : V.users())
    if (auto *Cast = dyn_cast<CastInst>(U);
        Cast && Cast->getOpcode() == Op && Cast->getType()->isIntegerTy(64))
      Casts.push_back(Cast);
  if (Casts.empty())
    return nullptr;
  std::optional<BasicBlock::iterator> At;
  if (auto *I = dyn_cast<Instruction>(&V))
    At = I->getInsertionPointAfterDef();
  else
    At = cast<Argument>(V).getParent()->getEntryBlock().getFirstInsertionPt();
  if (!At)
    return nullptr;
  CastInst *One = CastInst::Create(Op, &V, Casts[0]->getType(), "", *At);
  One->setDebugLoc(Casts[0]->getDebugLoc());
  for (CastInst *C : Casts) {
    C->replaceAllUsesWith(One);
    C->eraseFromParent();
  }
  return One;
}

/// Compares \p V as \p Op extends it. Sign extension keeps both orders.
static bool widenCompares(Value &V, Instruction::CastOps Op) {
  bool KeepsSign = Op == Instruction::SExt;
  SmallVector<std::pair<ICmpInst *, APInt>> Compares;
  for (User *U : V.users()) {
    const APInt *C;
    auto *Compare = dyn_cast<ICmpInst>(U);
    if (Compare && Compare->isRelational() && Compare->getOperand(0) == &V &&
        match(Compare->getOperand(1), m_APInt(C)) &&
        (KeepsSign || (Compare->isUnsigned() && C->isNonNegative())))
      Compares.push_back({Compare, KeepsSign ? C->sext(64) : C->zext(64)});
  }
  if (Compares.empty())
    return false;
  CastInst *Wide = extendOnce(V, Op);
  if (!Wide)
    return false;
  for (auto &[Compare, C] : Compares) {
    IRBuilder<> Builder(Compare);
    Value *New =
        Builder.CreateICmp(Compare->getPredicate(), Wide, Builder.getInt(C));
    Compare->replaceAllUsesWith(New);
    Compare->eraseFromParent();
  }
  return true;
}

PreservedAnalyses CompareWidePass::run(Function &F, FunctionAnalysisManager &) {
  SmallVector<Value *> Values;
  auto IsNarrow = [](const Value &V) {
    return V.getType()->isIntegerTy() &&
           V.getType()->getIntegerBitWidth() < 64 && !V.hasOneUse();
  };
  for (Argument &A : F.args())
    if (IsNarrow(A))
      Values.push_back(&A);
  for (Instruction &I : instructions(F))
    if (IsNarrow(I) && !isa<CastInst>(I))
      Values.push_back(&I);
  bool Changed = false;
  for (Value *V : Values)
    for (auto Op : {Instruction::ZExt, Instruction::SExt})
      Changed |= widenCompares(*V, Op);
  if (!Changed)
    return PreservedAnalyses::all();
  PreservedAnalyses Kept;
  Kept.preserveSet<CFGAnalyses>();
  return Kept;
}

} // namespace bpfcc

// The distance of two pointers first, then what is added to it.
//
// `data_end - data - 14` are three numbers to LLVM, which may compute
//
//     %a = add i32 %data_end, -14        %d = sub i32 %data_end, %data
//     %d = sub i32 %a, %data       ->    %r = add i32 %d, -14
//
// To the verifier the loads of data and data_end give pointers. It takes their
// difference, as 64-bit and as 32-bit numbers, and refuses any other arithmetic
// in 32 bits or on data_end (adjust_ptr_min_max_vals of kernel/bpf/verifier.c).
// Needs and gives the same IR otherwise; flags of the two operations go.

#include "frontend/pipeline/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace bpfcc {

/// Whether \p V may be a pointer that stands in a context field.
static bool isLoaded(Value *V) {
  if (auto *Cast = dyn_cast<CastInst>(V))
    V = Cast->getOperand(0);
  return isa<LoadInst>(V);
}

static bool untangle(BinaryOperator &Sub) {
  Value *A = Sub.getOperand(0), *B = Sub.getOperand(1), *X, *Y;
  ConstantInt *C = nullptr, *D = nullptr;
  if (!match(A, m_OneUse(m_Add(m_Value(X), m_ConstantInt(C)))))
    X = A;
  if (!match(B, m_OneUse(m_Add(m_Value(Y), m_ConstantInt(D)))))
    Y = B;
  if ((!C && !D) || !isLoaded(X) || !isLoaded(Y))
    return false;
  APInt Added(Sub.getType()->getIntegerBitWidth(), 0);
  if (C)
    Added += C->getValue();
  if (D)
    Added -= D->getValue();
  IRBuilder<> Builder(&Sub);
  Value *Distance = Builder.CreateSub(X, Y);
  Sub.replaceAllUsesWith(
      Builder.CreateAdd(Distance, ConstantInt::get(Sub.getType(), Added)));
  return true;
}

PreservedAnalyses DistancesPass::run(Function &F, FunctionAnalysisManager &) {
  SmallVector<BinaryOperator *> Subtractions, Dead;
  for (BasicBlock &Block : F)
    for (Instruction &I : Block)
      if (I.getOpcode() == Instruction::Sub && I.getType()->isIntegerTy())
        Subtractions.push_back(cast<BinaryOperator>(&I));
  for (BinaryOperator *Sub : Subtractions)
    if (untangle(*Sub))
      Dead.push_back(Sub);
  for (BinaryOperator *Sub : Dead) {
    Value *Operands[] = {Sub->getOperand(0), Sub->getOperand(1)};
    Sub->eraseFromParent();
    for (Value *V : Operands)
      if (auto *I = dyn_cast<Instruction>(V);
          I && I->getOpcode() == Instruction::Add && I->use_empty())
        I->eraseFromParent();
  }
  if (Dead.empty())
    return PreservedAnalyses::all();
  PreservedAnalyses Kept;
  Kept.preserveSet<CFGAnalyses>();
  return Kept;
}

} // namespace bpfcc

// Needs: any IR. Gives: IR without division of more than 64 bits.
//
//   udiv i128 %n, %d   ->   128 rounds of shift, compare and subtract: the
//                           quotient grows where the dividend leaves
//
// The count of rounds is constant, because a verifier follows a loop that
// counts down from a constant. Both operands are often known to fit 64 bits.

#include "backend/prepare/Passes.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

namespace bpfcc {

using namespace llvm;

static bool fitsLimb(Value *V, const DataLayout &DL) {
  return computeKnownBits(V, DL).countMaxActiveBits() <= 64;
}

static void expandUnsigned(BinaryOperator &I) {
  IRBuilder<> B(&I);
  Type *Ty = I.getType();
  unsigned Width = Ty->getIntegerBitWidth();
  Value *N = I.getOperand(0), *D = I.getOperand(1);
  const DataLayout &DL = I.getDataLayout();
  if (fitsLimb(N, DL) && fitsLimb(D, DL)) {
    Value *Narrow =
        B.CreateBinOp(I.getOpcode(), B.CreateTrunc(N, B.getInt64Ty()),
                      B.CreateTrunc(D, B.getInt64Ty()));
    I.replaceAllUsesWith(B.CreateZExt(Narrow, Ty));
    I.eraseFromParent();
    return;
  }
  BasicBlock *Before = I.getParent();
  BasicBlock *After = Before->splitBasicBlock(I.getIterator());
  BasicBlock *Round =
      BasicBlock::Create(I.getContext(), "", Before->getParent(), After);
  Before->getTerminator()->setSuccessor(0, Round);
  B.SetInsertPoint(Round);
  B.SetCurrentDebugLocation(I.getDebugLoc());
  PHINode *Left = B.CreatePHI(B.getInt64Ty(), 2);
  PHINode *Quotient = B.CreatePHI(Ty, 2), *Rest = B.CreatePHI(Ty, 2);
  Constant *Zero = ConstantInt::get(Ty, 0);
  Value *Lost = B.CreateICmpSLT(Rest, Zero);
  Value *Longer =
      B.CreateOr(B.CreateShl(Rest, 1), B.CreateLShr(Quotient, Width - 1));
  Value *Fits = B.CreateOr(Lost, B.CreateICmpUGE(Longer, D));
  Value *NewRest = B.CreateSelect(Fits, B.CreateSub(Longer, D), Longer);
  Value *Shifted = B.CreateShl(Quotient, 1);
  Value *NewQuotient = B.CreateSelect(
      Fits, B.CreateOr(Shifted, ConstantInt::get(Ty, 1)), Shifted);
  Value *NewLeft = B.CreateSub(Left, B.getInt64(1));
  B.CreateCondBr(B.CreateICmpNE(NewLeft, B.getInt64(0)), Round, After);
  for (auto [Phi, First, Next] : {std::tuple<PHINode *, Value *, Value *>{
                                      Left, B.getInt64(Width), NewLeft},
                                  {Quotient, N, NewQuotient},
                                  {Rest, Zero, NewRest}}) {
    Phi->addIncoming(First, Before);
    Phi->addIncoming(Next, Round);
  }
  I.replaceAllUsesWith(I.getOpcode() == Instruction::UDiv ? NewQuotient
                                                          : NewRest);
  I.eraseFromParent();
}

/// The sign apart: |n| / |d| or |n| % |d|, then the sign back.
static BinaryOperator *makeUnsigned(BinaryOperator &I) {
  IRBuilder<> B(&I);
  unsigned Width = I.getType()->getIntegerBitWidth();
  bool IsDivision = I.getOpcode() == Instruction::SDiv;
  Value *N = I.getOperand(0), *D = I.getOperand(1);
  Value *SignN = B.CreateAShr(N, Width - 1),
        *SignD = B.CreateAShr(D, Width - 1);
  auto Flip = [&](Value *V, Value *Sign) {
    return B.CreateSub(B.CreateXor(V, Sign), Sign);
  };
  Value *X = Flip(N, SignN), *Y = Flip(D, SignD);
  auto *Unsigned = B.Insert(BinaryOperator::Create(
      IsDivision ? Instruction::UDiv : Instruction::URem, X, Y));
  I.replaceAllUsesWith(
      Flip(Unsigned, IsDivision ? B.CreateXor(SignN, SignD) : SignN));
  I.eraseFromParent();
  return Unsigned;
}

void expandWideDivision(Function &F) {
  SmallVector<BinaryOperator *, 4> Divisions;
  for (Instruction &I : instructions(F))
    if (I.isIntDivRem() && I.getType()->isIntegerTy() &&
        I.getType()->getIntegerBitWidth() > 64)
      Divisions.push_back(cast<BinaryOperator>(&I));
  for (BinaryOperator *I : reverse(Divisions)) {
    bool Signed = I->getOpcode() == Instruction::SDiv ||
                  I->getOpcode() == Instruction::SRem;
    expandUnsigned(Signed ? *makeUnsigned(*I) : *I);
  }
}

} // namespace bpfcc

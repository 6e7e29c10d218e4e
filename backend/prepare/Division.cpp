// Needs: values that fit registers. Gives: IR without sdiv and srem, or from
// ISA level 4 on with those of i32 and i64.
//
//   %q = sdiv i32 %a, %b      ->   %s = ashr %a, 31     %t = ashr %b, 31
//                                  %x = (%a ^ %s) - %s  %y = (%b ^ %t) - %t
//                                  %u = udiv %x, %y
//                                  %q = (%u ^ (%s ^ %t)) - (%s ^ %t)
//
// A power of two as divisor is a shift that rounds towards zero (Warren,
// Hacker's Delight, 10-1). The remainder has the sign of the dividend.

#include "backend/prepare/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

/// \p V with its sign changed where \p Sign is -1 and kept where it is 0.
Value *flip(IRBuilder<> &B, Value *V, Value *Sign) {
  return B.CreateSub(B.CreateXor(V, Sign), Sign);
}

Value *expand(BinaryOperator &I, IRBuilder<> &B) {
  bool IsDivision = I.getOpcode() == Instruction::SDiv;
  Value *A = I.getOperand(0), *D = I.getOperand(1);
  unsigned Width = I.getType()->getIntegerBitWidth();
  Value *SignA = B.CreateAShr(A, Width - 1);
  const APInt *C;
  if (match(D, m_APInt(C)) && C->isPowerOf2() && !C->isOne() &&
      !C->isNegative()) {
    unsigned Shift = C->logBase2();
    Value *Biased = B.CreateAdd(A, B.CreateLShr(SignA, Width - Shift));
    if (IsDivision)
      return B.CreateAShr(Biased, Shift);
    return B.CreateSub(A, B.CreateAnd(Biased, -*C));
  }
  Value *SignD = B.CreateAShr(D, Width - 1);
  Value *X = flip(B, A, SignA), *Y = flip(B, D, SignD);
  if (IsDivision)
    return flip(B, B.CreateUDiv(X, Y), B.CreateXor(SignA, SignD));
  return flip(B, B.CreateURem(X, Y), SignA);
}

/// i8 and i16 as i32.
Value *widen(BinaryOperator &I, IRBuilder<> &B) {
  Value *A = B.CreateSExt(I.getOperand(0), B.getInt32Ty());
  Value *D = B.CreateSExt(I.getOperand(1), B.getInt32Ty());
  return B.CreateTrunc(B.CreateBinOp(I.getOpcode(), A, D), I.getType());
}

} // namespace

void expandSignedDivision(Function &F, unsigned Cpu) {
  SmallVector<BinaryOperator *, 8> Divisions;
  for (Instruction &I : instructions(F))
    if (I.getOpcode() == Instruction::SDiv ||
        I.getOpcode() == Instruction::SRem)
      if (Cpu < 4 || I.getType()->getIntegerBitWidth() < 32)
        Divisions.push_back(cast<BinaryOperator>(&I));
  for (BinaryOperator *I : Divisions) {
    IRBuilder<> Builder(I);
    I->replaceAllUsesWith(Cpu < 4 ? expand(*I, Builder) : widen(*I, Builder));
    I->eraseFromParent();
  }
}

} // namespace bpfcc

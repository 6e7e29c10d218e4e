// Integers wider than a register, or of no width that a register has.
//
//   add i128 %x, %y   ->   l = x0 + y0;  c = l <u x0;  h = x1 + y1 + c
//   add i24 %x, %y    ->   (x + y) & 0xffffff
//
// Products and shifts are the schoolbook's (Warren, Hacker's Delight, 8 and
// 2-17). Compares become truth values that later steps turn into branches.

#include "backend/prepare/WideArithmetic.h"

#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

static constexpr unsigned LimbBits = 64;

static unsigned limbsFor(unsigned Width) {
  return unsigned(divideCeil(Width, LimbBits));
}

/// The bits of the last limb that a value of \p Width bits uses.
static unsigned topBits(unsigned Width) {
  return Width - (limbsFor(Width) - 1) * LimbBits;
}

Value *WideArithmetic::bit(Value *Truth) {
  return B.CreateZExt(Truth, B.getInt64Ty());
}

Limbs WideArithmetic::constant(const APInt &C) {
  Limbs Result;
  for (unsigned N = 0; N < limbsFor(C.getBitWidth()); ++N)
    Result.push_back(B.getInt64(C.getRawData()[N]));
  return Result;
}

Limbs WideArithmetic::truncate(const Limbs &X, unsigned Width) {
  Limbs Result(X);
  Result.resize(limbsFor(Width), B.getInt64(0));
  if (unsigned Used = topBits(Width); Used < LimbBits)
    Result.back() =
        B.CreateAnd(Result.back(), maskTrailingOnes<uint64_t>(Used));
  return Result;
}

/// The sign repeated in the rest of the last limb.
Limbs WideArithmetic::withSign(const Limbs &X, unsigned Width) {
  Limbs Result(X);
  if (unsigned Rest = LimbBits - topBits(Width))
    Result.back() = B.CreateAShr(B.CreateShl(Result.back(), Rest), Rest);
  return Result;
}

Limbs WideArithmetic::signExtend(const Limbs &X, unsigned From, unsigned To) {
  Limbs Result = withSign(X, From);
  Value *Sign = B.CreateAShr(Result.back(), LimbBits - 1);
  Result.resize(limbsFor(To), Sign);
  return truncate(Result, To);
}

Limbs WideArithmetic::add(const Limbs &X, const Limbs &Y, unsigned Width) {
  Limbs Result;
  Value *Carry = B.getInt64(0);
  for (auto [P, Q] : zip_equal(X, Y)) {
    Value *Sum = B.CreateAdd(P, Q), *Total = B.CreateAdd(Sum, Carry);
    if (Result.size() + 1 < X.size())
      Carry = B.CreateOr(bit(B.CreateICmpULT(Sum, P)),
                         bit(B.CreateICmpULT(Total, Sum)));
    Result.push_back(Total);
  }
  return truncate(Result, Width);
}

Limbs WideArithmetic::subtract(const Limbs &X, const Limbs &Y, unsigned Width) {
  Limbs Result;
  Value *Borrow = B.getInt64(0);
  for (auto [P, Q] : zip_equal(X, Y)) {
    Value *Rest = B.CreateSub(P, Q), *Total = B.CreateSub(Rest, Borrow);
    if (Result.size() + 1 < X.size())
      Borrow = B.CreateOr(bit(B.CreateICmpULT(P, Q)),
                          bit(B.CreateICmpULT(Rest, Borrow)));
    Result.push_back(Total);
  }
  return truncate(Result, Width);
}

/// The upper half of the product of two limbs.
Value *WideArithmetic::highProduct(Value *X, Value *Y) {
  auto Low = [&](Value *V) { return B.CreateAnd(V, UINT32_MAX); };
  auto High = [&](Value *V) { return B.CreateLShr(V, 32); };
  Value *X0 = Low(X), *X1 = High(X), *Y0 = Low(Y), *Y1 = High(Y);
  Value *T = B.CreateAdd(B.CreateMul(X1, Y0), High(B.CreateMul(X0, Y0)));
  Value *U = B.CreateAdd(B.CreateMul(X0, Y1), Low(T));
  return B.CreateAdd(B.CreateAdd(B.CreateMul(X1, Y1), High(T)), High(U));
}

/// Sum += V << (64 * At)
void WideArithmetic::accumulate(Limbs &Sum, unsigned At, Value *V) {
  for (; At < Sum.size(); ++At) {
    Value *Total = B.CreateAdd(Sum[At], V);
    if (At + 1 < Sum.size())
      V = bit(B.CreateICmpULT(Total, V));
    Sum[At] = Total;
  }
}

Limbs WideArithmetic::multiply(const Limbs &X, const Limbs &Y, unsigned Width) {
  Limbs Result(X.size(), B.getInt64(0));
  for (unsigned I = 0; I < X.size(); ++I)
    for (unsigned J = 0; I + J < X.size(); ++J) {
      accumulate(Result, I + J, B.CreateMul(X[I], Y[J]));
      if (I + J + 1 < X.size())
        accumulate(Result, I + J + 1, highProduct(X[I], Y[J]));
    }
  return truncate(Result, Width);
}

Limbs WideArithmetic::divide(Instruction::BinaryOps Op, const Limbs &X,
                             const Limbs &Y, unsigned Width) {
  bool Signed = Op == Instruction::SDiv || Op == Instruction::SRem;
  Value *P = Signed ? withSign(X, Width).front() : X.front();
  Value *Q = Signed ? withSign(Y, Width).front() : Y.front();
  return truncate({B.CreateBinOp(Op, P, Q)}, Width);
}

Limbs WideArithmetic::bitwise(Instruction::BinaryOps Op, const Limbs &X,
                              const Limbs &Y) {
  Limbs Result;
  for (auto [P, Q] : zip_equal(X, Y))
    Result.push_back(B.CreateBinOp(Op, P, Q));
  return Result;
}

/// \p V << (64 - \p Bits), or >> for LShr: what crosses from one limb to the
/// next. In two steps, because a shift by 64 would not give zero.
Value *WideArithmetic::crossing(Instruction::BinaryOps Op, Value *V,
                                Value *Bits) {
  if (auto *C = dyn_cast<ConstantInt>(Bits))
    return C->isZero()
               ? B.getInt64(0)
               : B.CreateBinOp(Op, V, B.getInt64(LimbBits - C->getZExtValue()));
  return B.CreateBinOp(Op, B.CreateBinOp(Op, V, B.getInt64(1)),
                       B.CreateXor(Bits, LimbBits - 1));
}

/// Whole limbs move first, by powers of two; then bits.
Limbs WideArithmetic::shiftUp(Limbs X, Value *Amount) {
  for (unsigned Step = 1; Step < X.size(); Step *= 2) {
    Value *Moves = B.CreateICmpNE(
        B.CreateAnd(Amount, uint64_t(Step) * LimbBits), B.getInt64(0));
    for (unsigned N = unsigned(X.size()); N-- > 0;)
      X[N] =
          B.CreateSelect(Moves, N >= Step ? X[N - Step] : B.getInt64(0), X[N]);
  }
  Value *Bits = B.CreateAnd(Amount, LimbBits - 1);
  for (unsigned N = unsigned(X.size()); N-- > 0;) {
    Value *Own = B.CreateShl(X[N], Bits);
    X[N] = N == 0
               ? Own
               : B.CreateOr(Own, crossing(Instruction::LShr, X[N - 1], Bits));
  }
  return X;
}

Limbs WideArithmetic::shiftDown(Limbs X, Value *Amount, bool Signed) {
  unsigned Count = unsigned(X.size());
  Value *Fill = Signed ? B.CreateAShr(X.back(), LimbBits - 1)
                       : static_cast<Value *>(B.getInt64(0));
  for (unsigned Step = 1; Step < Count; Step *= 2) {
    Value *Moves = B.CreateICmpNE(
        B.CreateAnd(Amount, uint64_t(Step) * LimbBits), B.getInt64(0));
    for (unsigned N = 0; N < Count; ++N)
      X[N] = B.CreateSelect(Moves, N + Step < Count ? X[N + Step] : Fill, X[N]);
  }
  Value *Bits = B.CreateAnd(Amount, LimbBits - 1);
  for (unsigned N = 0; N < Count; ++N) {
    bool IsTop = N + 1 == Count;
    Value *Own =
        IsTop && Signed ? B.CreateAShr(X[N], Bits) : B.CreateLShr(X[N], Bits);
    X[N] = IsTop ? Own
                 : B.CreateOr(Own, crossing(Instruction::Shl, X[N + 1], Bits));
  }
  return X;
}

Limbs WideArithmetic::shift(Instruction::BinaryOps Op, const Limbs &X,
                            Value *Amount, unsigned Width) {
  if (Op == Instruction::Shl)
    return truncate(shiftUp(X, Amount), Width);
  if (Op == Instruction::LShr)
    return shiftDown(X, Amount, false);
  return truncate(shiftDown(withSign(X, Width), Amount, true), Width);
}

Value *WideArithmetic::compare(CmpInst::Predicate P, const Limbs &X,
                               const Limbs &Y, unsigned Width) {
  if (CmpInst::isEquality(P)) {
    Value *Equal = B.getTrue();
    for (auto [L, R] : zip_equal(X, Y))
      Equal = B.CreateAnd(Equal, B.CreateICmpEQ(L, R));
    return P == CmpInst::ICMP_EQ ? Equal : B.CreateNot(Equal);
  }
  Limbs L = CmpInst::isSigned(P) ? withSign(X, Width) : X;
  Limbs R = CmpInst::isSigned(P) ? withSign(Y, Width) : Y;
  CmpInst::Predicate Lower =
      CmpInst::isSigned(P) ? ICmpInst::getFlippedSignednessPredicate(P) : P;
  Value *Result = B.CreateICmp(L.size() == 1 ? P : Lower, L[0], R[0]);
  for (unsigned N = 1; N < L.size(); ++N) {
    // Below the top limb there is no sign.
    CmpInst::Predicate Here = N + 1 == L.size() ? P : Lower;
    Value *Strict = B.CreateICmp(CmpInst::getStrictPredicate(Here), L[N], R[N]);
    Value *Equal = B.CreateICmpEQ(L[N], R[N]);
    Result = B.CreateOr(Strict, B.CreateAnd(Equal, Result));
  }
  return Result;
}

} // namespace bpfcc

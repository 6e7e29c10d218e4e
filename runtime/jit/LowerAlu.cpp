// Arithmetic and comparisons in LLVM's IR, which leaves undefined what BPF
// defines: counts of shifts are masked, and divisors replaced where they have
// no quotient.

#include "runtime/jit/LowerFunction.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;

namespace bpfcc::jit {

Value *FunctionLowering::first(const PreInst &I, bool Wide) {
  return Wide ? R[I.Dst] : B.CreateTrunc(R[I.Dst], C.I32);
}

Value *FunctionLowering::second(const PreInst &I, bool Wide) {
  isa::Form Form = isa::form(I.Opcode);
  bool FromReg = Form == isa::Form::RR || Form == isa::Form::JmpRR;
  Value *V = FromReg ? R[I.Src] : number(uint64_t(I.Imm));
  return Wide ? V : B.CreateTrunc(V, C.I32);
}

Value *FunctionLowering::arithmetic(const PreInst &I) {
  const isa::Meaning &M = isa::meaning(I.Opcode);
  Type *Part = B.getIntNTy(M.Bits ? M.Bits : 64);
  bool Swap = false;
  switch (I.What) {
  case Sem::MOVSX: {
    Value *V = B.CreateTrunc(R[I.Src], Part);
    return B.CreateZExt(B.CreateSExt(V, M.Is64 ? C.I64 : C.I32), C.I64);
  }
  case Sem::LE:
  case Sem::BE:
    Swap = (I.What == Sem::BE) != U.BigEndian;
    break;
  case Sem::BSWAP:
    Swap = true;
    break;
  default: {
    Value *A = first(I, M.Is64);
    Value *V = I.What == Sem::NEG ? B.CreateNeg(A)
                                  : compute(I.What, A, second(I, M.Is64));
    noteStack(I, V);
    return B.CreateZExt(V, C.I64);
  }
  }
  Value *V = B.CreateTrunc(R[I.Dst], Part);
  if (Swap)
    V = B.CreateUnaryIntrinsic(Intrinsic::bswap, V);
  return B.CreateZExt(V, C.I64);
}

/// Remembers sums of r10 and a constant.
void FunctionLowering::noteStack(const PreInst &I, Value *V) {
  if (isa::form(I.Opcode) != isa::Form::RI || !isa::meaning(I.Opcode).Is64 ||
      (I.What != Sem::ADD && I.What != Sem::SUB))
    return;
  auto From = OnStack.find(R[I.Dst]);
  int64_t By = I.What == Sem::ADD ? I.Imm : -I.Imm;
  if (From != OnStack.end() && std::abs(From->second + By) < int64_t(StackSize))
    OnStack[V] = int(From->second + By);
}

Value *FunctionLowering::compute(Sem S, Value *X, Value *Y) {
  unsigned Bits = X->getType()->getIntegerBitWidth();
  auto Count = [&] { return B.CreateAnd(Y, Bits - 1); };
  switch (S) {
  case Sem::MOV:
    return Y;
  case Sem::ADD:
    return B.CreateAdd(X, Y);
  case Sem::SUB:
    return B.CreateSub(X, Y);
  case Sem::MUL:
    return B.CreateMul(X, Y);
  case Sem::OR:
    return B.CreateOr(X, Y);
  case Sem::AND:
    return B.CreateAnd(X, Y);
  case Sem::XOR:
    return B.CreateXor(X, Y);
  case Sem::LSH:
    return B.CreateShl(X, Count());
  case Sem::RSH:
    return B.CreateLShr(X, Count());
  case Sem::ARSH:
    return B.CreateAShr(X, Count());
  default:
    return divide(S, X, Y);
  }
}

/// Divides by 1 instead where the machine or LLVM's IR would not have it.
Value *FunctionLowering::divide(Sem S, Value *X, Value *Y) {
  Type *T = X->getType();
  bool Signed = S == Sem::SDIV || S == Sem::SMOD;
  bool Rest = S == Sem::MOD || S == Sem::SMOD;
  Value *Zero = ConstantInt::get(T, 0);
  Value *IsZero = B.CreateICmpEQ(Y, Zero);
  Value *IsMinus =
      Signed ? B.CreateICmpEQ(Y, Constant::getAllOnesValue(T)) : B.getFalse();
  Value *By =
      B.CreateSelect(B.CreateOr(IsZero, IsMinus), ConstantInt::get(T, 1), Y);
  auto Op = Signed ? (Rest ? Instruction::SRem : Instruction::SDiv)
                   : (Rest ? Instruction::URem : Instruction::UDiv);
  Value *V = B.CreateBinOp(Op, X, By);
  V = B.CreateSelect(IsMinus, Rest ? Zero : B.CreateNeg(X), V);
  return B.CreateSelect(IsZero, Rest ? X : Zero, V);
}

Value *FunctionLowering::compare(Sem S, Value *X, Value *Y) {
  switch (S) {
  case Sem::JEQ:
    return B.CreateICmpEQ(X, Y);
  case Sem::JNE:
    return B.CreateICmpNE(X, Y);
  case Sem::JGT:
    return B.CreateICmpUGT(X, Y);
  case Sem::JGE:
    return B.CreateICmpUGE(X, Y);
  case Sem::JLT:
    return B.CreateICmpULT(X, Y);
  case Sem::JLE:
    return B.CreateICmpULE(X, Y);
  case Sem::JSGT:
    return B.CreateICmpSGT(X, Y);
  case Sem::JSGE:
    return B.CreateICmpSGE(X, Y);
  case Sem::JSLT:
    return B.CreateICmpSLT(X, Y);
  case Sem::JSLE:
    return B.CreateICmpSLE(X, Y);
  default: // JSET
    return B.CreateIsNotNull(B.CreateAnd(X, Y));
  }
}

} // namespace bpfcc::jit

// Loads, stores and atomics.
//
// Guest address g is base + g. Before an access of r1 + 4 by 2 bytes, a
// program that was not verified tests
//
//     r1 < GuestEnd, and rights[r1 + 4] & 2
//
// or hands over. Neither is needed in the function's own stack, whose distance
// from r10 is followed through copies and sums. Where r10 is used for nothing
// but loads and stores, the stack is a local variable, of which LLVM makes
// registers; the guest's bytes are written when the interpreter takes over.

#include "runtime/jit/LowerFunction.h"

using namespace llvm;

namespace bpfcc::jit {

/// Whether bytes [Off, Off + Size) from r10 on are those of the frame's stack.
static bool isInStack(int64_t Off, unsigned Size) {
  return Off >= -int64_t(StackSize) && Off + Size <= 0;
}

Value *FunctionLowering::guest(Value *Address, int64_t Off) {
  Value *P = B.CreateGEP(C.I8, Base, Address);
  return Off ? B.CreateGEP(C.I8, P, number(uint64_t(Off))) : P;
}

Value *FunctionLowering::address(Reg From, const PreInst &I, unsigned Size,
                                 bool Write) {
  if (Stack && From == isa::R10 && isInStack(I.Off, Size))
    return B.CreateConstGEP1_64(C.I8, Stack, uint64_t(StackBytes + I.Off));
  check(R[From], I.Off, Size, Write);
  return guest(R[From], I.Off);
}

/// Whether an access needs no check.
bool FunctionLowering::isSafe(Value *Address, int16_t Off,
                              unsigned Size) const {
  auto At = OnStack.find(Address);
  return U.Verified ||
         (At != OnStack.end() && isInStack(At->second + Off, Size));
}

void FunctionLowering::check(Value *Address, int16_t Off, unsigned Size,
                             bool Write) {
  if (isSafe(Address, Off, Size))
    return;
  if (Address != FrameStart && Based.insert(Address).second)
    require(B.CreateICmpULT(Address, GuestEnd));
  Value *P = B.CreateGEP(C.I8, Rights, Address);
  LoadInst *Byte =
      B.CreateLoad(C.I8, B.CreateGEP(C.I8, P, number(uint64_t(int64_t(Off)))));
  Byte->setMetadata(LLVMContext::MD_alias_scope, C.RightsScope);
  require(
      B.CreateIsNotNull(B.CreateAnd(Byte, uint64_t(Write ? Size << 4 : Size))));
}

/// The address of a variable: what the loader made of it, or what the map's
/// value and the instruction's distance make where the code runs.
Value *FunctionLowering::mapValue(const PreInst &I) {
  if (U.InPlace)
    return number(uint64_t(I.Imm));
  uint64_t Imm = uint64_t(U.Code.P.Subprogs[Func].Insts[Inst].Imm);
  Value *At = stateOf(C.I64, offsetof(State, Values), uint32_t(Imm));
  return B.CreateAdd(At, number(Imm >> 32));
}

/// Arena::castTo
Value *FunctionLowering::cast(const PreInst &I) {
  Value *Arena = number(uint64_t(I.Imm));
  if (!U.InPlace)
    Arena = B.CreateAnd(
        stateOf(C.I64, offsetof(State, Values), arenaNumber(U.Code.Env)),
        number(~uint64_t(UINT32_MAX)));
  Value *Low = B.CreateTrunc(R[I.Src], C.I32);
  return B.CreateSelect(B.CreateIsNull(Low), number(0),
                        B.CreateOr(Arena, B.CreateZExt(Low, C.I64)));
}

/// In the guest's byte order.
Value *FunctionLowering::ordered(Value *V) {
  bool Swap = U.BigEndian && V->getType() != C.I8;
  return Swap ? B.CreateUnaryIntrinsic(Intrinsic::bswap, V) : V;
}

void FunctionLowering::load(const PreInst &I, unsigned Size) {
  Value *P = address(I.Src, I, Size, false);
  Value *V = inGuest(B.CreateAlignedLoad(B.getIntNTy(8 * Size), P, Align(1)));
  V = ordered(V);
  if (I.What == Sem::LOAD_ACQ)
    B.CreateFence(AtomicOrdering::Acquire);
  R[I.Dst] =
      I.What == Sem::LOADSX ? B.CreateSExt(V, C.I64) : B.CreateZExt(V, C.I64);
}

void FunctionLowering::store(const PreInst &I, unsigned Size) {
  Value *P = address(I.Dst, I, Size, true);
  Value *V = isa::form(I.Opcode) == isa::Form::StoreI ? number(uint64_t(I.Imm))
                                                      : R[I.Src];
  if (I.What == Sem::STORE_REL)
    B.CreateFence(AtomicOrdering::Release);
  V = ordered(B.CreateTrunc(V, B.getIntNTy(8 * Size)));
  inGuest(B.CreateAlignedStore(V, P, Align(1)));
}

/// Those of addresses that are not aligned are the interpreter's: not every
/// machine has them.
void FunctionLowering::atomic(const PreInst &I, unsigned Size) {
  Value *P = address(I.Dst, I, Size, true);
  Value *At = B.CreateAdd(R[I.Dst], number(uint64_t(int64_t(I.Off))));
  require(B.CreateIsNull(B.CreateAnd(At, Size - 1)));
  Type *T = B.getIntNTy(8 * Size);
  Value *V = B.CreateTrunc(R[I.Src], T);
  constexpr auto Order = AtomicOrdering::SequentiallyConsistent;
  if (I.What == Sem::CMPXCHG) {
    Value *Old = inGuest(B.CreateAtomicCmpXchg(P, B.CreateTrunc(R[isa::R0], T),
                                               V, Align(Size), Order, Order));
    R[isa::R0] = B.CreateZExt(B.CreateExtractValue(Old, 0), C.I64);
    return;
  }
  AtomicRMWInst::BinOp Op = AtomicRMWInst::Xchg;
  switch (I.What) {
  case Sem::ATOMIC_ADD:
  case Sem::FETCH_ADD:
    Op = AtomicRMWInst::Add;
    break;
  case Sem::ATOMIC_OR:
  case Sem::FETCH_OR:
    Op = AtomicRMWInst::Or;
    break;
  case Sem::ATOMIC_AND:
  case Sem::FETCH_AND:
    Op = AtomicRMWInst::And;
    break;
  case Sem::ATOMIC_XOR:
  case Sem::FETCH_XOR:
    Op = AtomicRMWInst::Xor;
    break;
  default: // XCHG
    break;
  }
  Value *Old = inGuest(B.CreateAtomicRMW(Op, P, V, Align(Size), Order));
  if (I.Writes)
    R[I.Src] = B.CreateZExt(Old, C.I64);
}

} // namespace bpfcc::jit

// Values in registers, extended where a use needs it.
//
// A value narrower than 64 bits stands in its register with whatever its
// instruction left above it. A use that looks at the upper bits asks for
// zeroExtended or signExtended, which cost nothing when UpperBits knows.

#include "backend/select/Selector.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

mir::Reg Selector::reg(const Value *V) {
  if (const auto *C = dyn_cast<Constant>(V))
    return constantReg(*C);
  if (const auto *Alloca = dyn_cast<AllocaInst>(V)) {
    auto It = FrameOf.find(Alloca);
    if (It == FrameOf.end())
      return unsupported("stack memory outside of the entry block");
    return frameAddress(It->second, 0);
  }
  auto It = Regs.find(V);
  if (It != Regs.end())
    return It->second;
  return unsupported("this value");
}

mir::Reg Selector::constantReg(const Constant &C) {
  if (std::optional<APInt> Bits = constantBits(&C)) {
    if (Bits->getBitWidth() > 64)
      return unsupported("a constant of more than 64 bits");
    return number(loadsZeroExtended(*Bits, Options.Cpu)
                      ? int64_t(Bits->getZExtValue())
                      : Bits->getSExtValue());
  }
  if (const auto *G = dyn_cast<GlobalValue>(&C))
    return symbolAddress(*G, 0);
  if (llvm::isa<ConstantFP>(C)) {
    fail(diagError(DiagCode::FloatUnsupported, here()));
    return number(0);
  }
  const auto *E = dyn_cast<ConstantExpr>(&C);
  if (!E)
    return unsupported("this constant");
  switch (E->getOpcode()) {
  case Instruction::GetElementPtr: {
    APInt Off(64, 0);
    const auto *Base =
        cast<Constant>(E->stripAndAccumulateConstantOffsets(DL, Off, true));
    if (Base == E)
      return unsupported("this constant address");
    if (const auto *G = dyn_cast<GlobalValue>(Base))
      return symbolAddress(*G, Off.getSExtValue());
    if (std::optional<APInt> Bits = constantBits(Base))
      return number(Bits->getSExtValue() + Off.getSExtValue());
    return emitRR(mir::ADD_RR, constantReg(*Base), number(Off.getSExtValue()));
  }
  case Instruction::PtrToInt:
  case Instruction::PtrToAddr:
  case Instruction::BitCast:
  case Instruction::Trunc:
    return constantReg(*E->getOperand(0));
  case Instruction::IntToPtr:
    return zeroExtended(E->getOperand(0), 64);
  case Instruction::AddrSpaceCast:
    return constantReg(*E->getOperand(0));
  case Instruction::Add:
    return emitRR(mir::ADD_RR, constantReg(*E->getOperand(0)),
                  constantReg(*E->getOperand(1)));
  case Instruction::Sub:
    return emitRR(mir::SUB_RR, constantReg(*E->getOperand(0)),
                  constantReg(*E->getOperand(1)));
  case Instruction::Xor:
    return emitRR(mir::XOR_RR, constantReg(*E->getOperand(0)),
                  constantReg(*E->getOperand(1)));
  default:
    return unsupported("this constant expression");
  }
}

mir::Reg Selector::number(int64_t N) {
  auto It = Numbers.find(N);
  if (It != Numbers.end())
    return It->second;
  Reg R;
  if (isInt<32>(N))
    R = emitRI(mir::MOV_RI, mir::NoReg, N);
  else if (isUInt<32>(N) && Options.Cpu >= 3)
    R = emitRI(mir::MOV32_RI, mir::NoReg, int32_t(N)); // clears the upper half
  else
    R = emitRI(mir::LD_IMM64, mir::NoReg, N);
  Numbers[N] = R;
  return R;
}

mir::Reg Selector::zeroExtended(const Value *V, unsigned To) {
  if (std::optional<APInt> C = constantBits(V))
    return number(C->getZExtValue());
  if (Uppers.isZeroExtended(V, To))
    return reg(V);
  auto Key = std::tuple(V, false, 64u);
  if (auto It = Extensions.find(Key); It != Extensions.end())
    return It->second;
  Reg R = reg(V);
  unsigned Width = widthOf(V);
  if (Width < 32)
    R = emitRI(mir::AND_RI, R, maskTrailingOnes<uint64_t>(Width));
  else if (Options.Cpu >= 3)
    R = emitR(mir::MOV32_RR, R);
  else
    R = emitRI(mir::RSH_RI, emitRI(mir::LSH_RI, R, 64 - Width), 64 - Width);
  return Extensions[Key] = R;
}

mir::Reg Selector::signExtended(const Value *V, unsigned To) {
  if (std::optional<APInt> C = constantBits(V))
    return number(C->getSExtValue());
  if (Uppers.isSignExtended(V, To))
    return reg(V);
  unsigned Width = widthOf(V);
  bool Word = To <= 32 && Options.Cpu >= 3;
  auto Key = std::tuple(V, true, Word ? 32u : 64u);
  if (auto It = Extensions.find(Key); It != Extensions.end())
    return It->second;
  Reg R;
  if (Width == 1)
    R = emitR(Word ? mir::NEG32 : mir::NEG, zeroExtended(V, 64));
  else if (Options.Cpu >= 4)
    R = emitR(Width == 32   ? mir::MOVSX32
              : Width == 16 ? (Word ? mir::MOVSX16_32 : mir::MOVSX16)
                            : (Word ? mir::MOVSX8_32 : mir::MOVSX8),
              reg(V));
  else {
    int64_t By = (Word ? 32 : 64) - Width;
    R = emitRI(rowOf(mir::LSH_RI, Word, false), reg(V), By);
    R = emitRI(rowOf(mir::ARSH_RI, Word, false), R, By);
  }
  return Extensions[Key] = R;
}

mir::Reg Selector::frameAddress(int32_t Object, int64_t Off) {
  auto [It, New] = FrameAddresses.try_emplace({Object, Off}, mir::NoReg);
  if (New) {
    It->second = emitRI(mir::FRAME_ADDR, mir::NoReg, Off);
    Out.Blocks[Current].Insts.back().Frame = Object;
  }
  return It->second;
}

mir::Reg Selector::symbolAddress(const GlobalValue &G, int64_t Off) {
  if (G.isThreadLocal()) {
    fail(diagError(DiagCode::ThreadLocal, here(), G.getName()));
    return number(0);
  }
  int32_t Sym = symbol(G);
  auto [It, New] = SymbolAddresses.try_emplace({Sym, Off}, mir::NoReg);
  if (New) {
    It->second = emitRI(mir::SYM_ADDR, mir::NoReg, Off);
    Out.Blocks[Current].Insts.back().Sym = Sym;
  }
  return It->second;
}

} // namespace bpfcc

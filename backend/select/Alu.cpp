// Arithmetic, bit operations, shifts, casts, byte swaps.

#include "backend/select/Selector.h"

#include "llvm/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

/// What the immediate of an operation on \p C's type holds: all that the
/// operation reads of it, so that what UpperBits says of the result is true.
static int64_t immediateOf(const APInt &C, unsigned Cpu) {
  return loadsZeroExtended(C, Cpu) ? int64_t(C.getZExtValue())
                                   : C.getSExtValue();
}

/// \p Imm as the 32-bit field of the row: a 32-bit row takes any 32 bits.
static std::optional<int64_t> field(int64_t Imm, bool Word) {
  if (isInt<32>(Imm))
    return Imm;
  if (Word && isUInt<32>(Imm))
    return int32_t(Imm);
  return std::nullopt;
}

void Selector::selectBinary(const BinaryOperator &Op) {
  switch (Op.getOpcode()) {
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::Mul:
    return define(Op, additive(Op));
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Xor:
    return define(Op, bitwise(Op));
  case Instruction::Shl:
    return define(Op, leftShift(Op));
  case Instruction::LShr:
  case Instruction::AShr:
    return define(Op, rightShift(Op));
  case Instruction::UDiv:
  case Instruction::URem:
  case Instruction::SDiv:
  case Instruction::SRem:
    return define(Op, divide(Op));
  default:
    fail(diagError(DiagCode::FloatUnsupported, here()));
    define(Op, number(0));
  }
}

mir::Reg Selector::additive(const BinaryOperator &Op) {
  using namespace PatternMatch;
  bool Word = isWordOperation(Op, Options.Cpu);
  const Value *L = Op.getOperand(0), *R = Op.getOperand(1);
  auto IsPointer = [](const Value *V) {
    return match(V, m_PtrToInt(m_Value()));
  };
  if (Op.isCommutative() &&
      (constantBits(L) || (IsPointer(R) && !IsPointer(L))))
    std::swap(L, R);
  bool IsSub = Op.getOpcode() == Instruction::Sub;
  mir::Opcode Row = Op.getOpcode() == Instruction::Mul ? mir::MUL_RI
                    : IsSub                            ? mir::SUB_RI
                                                       : mir::ADD_RI;
  if (std::optional<APInt> C = constantBits(L); C && IsSub && C->isZero())
    return emitR(Word ? mir::NEG32 : mir::NEG, reg(R));
  if (std::optional<APInt> C = constantBits(R)) {
    int64_t Imm = addsSignExtended(Op, *C) ? C->getSExtValue()
                                           : immediateOf(*C, Options.Cpu);
    if (IsSub && Imm != INT64_MIN)
      if (std::optional<int64_t> Negated = field(-Imm, Word))
        return emitRI(rowOf(mir::ADD_RI, Word, false), reg(L), *Negated);
    if (std::optional<int64_t> I = field(Imm, Word))
      return emitRI(rowOf(Row, Word, false), reg(L), *I);
  }
  Reg A = reg(L);
  return emitRR(rowOf(Row, Word, true), A, reg(R));
}

mir::Reg Selector::bitwise(const BinaryOperator &Op) {
  bool Word = isWordOperation(Op, Options.Cpu);
  const Value *L = Op.getOperand(0), *R = Op.getOperand(1);
  if (constantBits(L))
    std::swap(L, R);
  mir::Opcode Row = Op.getOpcode() == Instruction::And  ? mir::AND_RI
                    : Op.getOpcode() == Instruction::Or ? mir::OR_RI
                                                        : mir::XOR_RI;
  Reg A = reg(L);
  if (std::optional<APInt> C = constantBits(R)) {
    int64_t Imm = immediateOf(*C, Options.Cpu);
    if (std::optional<int64_t> I = field(Imm, Word))
      return emitRI(rowOf(Row, Word, false), A, *I);
    if (Row == mir::AND_RI)
      return andWide(A, Imm);
  }
  return emitRR(rowOf(Row, Word, true), A, reg(R));
}

/// And with a mask that no sign-extended immediate holds.
mir::Reg Selector::andWide(Reg A, uint64_t Mask) {
  if (isUInt<32>(Mask) && Options.Cpu >= 3) {
    if (Mask == maskTrailingOnes<uint64_t>(32))
      return emitR(mir::MOV32_RR, A);
    return emitRI(mir::AND32_RI, A, int32_t(Mask)); // clears the upper half
  }
  if (isMask_64(Mask)) {
    unsigned Lost = countl_zero(Mask);
    return emitRI(mir::RSH_RI, emitRI(mir::LSH_RI, A, Lost), Lost);
  }
  if (isMask_64(~Mask)) {
    unsigned Lost = countr_zero(Mask);
    return emitRI(mir::LSH_RI, emitRI(mir::RSH_RI, A, Lost), Lost);
  }
  return emitRR(mir::AND_RR, A, number(Mask));
}

mir::Reg Selector::leftShift(const BinaryOperator &Op) {
  bool Word = isWordOperation(Op, Options.Cpu);
  Reg A = reg(Op.getOperand(0));
  if (std::optional<APInt> By = constantBits(Op.getOperand(1)))
    if (By->ult(widthOf(&Op)))
      return emitRI(rowOf(mir::LSH_RI, Word, false), A, By->getZExtValue());
  return emitRR(rowOf(mir::LSH_RI, Word, true), A, reg(Op.getOperand(1)));
}

/// A right shift brings upper bits down, so they must be right first. By a
/// constant, extension and shift are one pair: x << 24 >> (24 + n).
mir::Reg Selector::rightShift(const BinaryOperator &Op) {
  bool Word = isWordOperation(Op, Options.Cpu);
  bool Signed = Op.getOpcode() == Instruction::AShr;
  mir::Opcode Row = Signed ? mir::ARSH_RI : mir::RSH_RI;
  unsigned Full = Word ? 32 : 64, Width = widthOf(&Op);
  const Value *From = Op.getOperand(0);
  bool Ready = Signed ? Uppers.isSignExtended(From, Full)
                      : Uppers.isZeroExtended(From, Full);
  std::optional<APInt> By = constantBits(Op.getOperand(1));
  if (By && By->ult(Width)) {
    int64_t Count = By->getZExtValue();
    bool Pair = !Ready && !constantBits(From) && (Signed || Width == 32);
    if (!Pair) {
      Reg A = Signed ? signExtended(From, Full) : zeroExtended(From, Full);
      return emitRI(rowOf(Row, Word, false), A, Count);
    }
    int64_t Lost = Full - Width;
    Reg A = emitRI(rowOf(mir::LSH_RI, Word, false), reg(From), Lost);
    return emitRI(rowOf(Row, Word, false), A, Lost + Count);
  }
  Reg A = Signed ? signExtended(From, Full) : zeroExtended(From, Full);
  return emitRR(rowOf(Row, Word, true), A, reg(Op.getOperand(1)));
}

mir::Reg Selector::divide(const BinaryOperator &Op) {
  bool Word = isWordOperation(Op, Options.Cpu);
  bool Signed = Op.getOpcode() == Instruction::SDiv ||
                Op.getOpcode() == Instruction::SRem;
  bool Rest = Op.getOpcode() == Instruction::URem ||
              Op.getOpcode() == Instruction::SRem;
  if (Signed && Options.Cpu < 4) {
    fail(diagError(DiagCode::SignedDivision, here()));
    return number(0);
  }
  unsigned Full = Word ? 32 : 64;
  mir::Opcode Row = Signed ? (Rest ? mir::SMOD_RI : mir::SDIV_RI)
                           : (Rest ? mir::MOD_RI : mir::DIV_RI);
  auto Extended = [&](const Value *V) {
    return Signed ? signExtended(V, Full) : zeroExtended(V, Full);
  };
  Reg A = Extended(Op.getOperand(0));
  // The kernel refuses a constant zero divisor outright.
  if (std::optional<APInt> C = constantBits(Op.getOperand(1));
      C && !C->isZero()) {
    int64_t Imm = Signed ? C->getSExtValue() : int64_t(C->getZExtValue());
    if (std::optional<int64_t> I = field(Imm, Word))
      return emitRI(rowOf(Row, Word, false), A, *I);
  }
  return emitRR(rowOf(Row, Word, true), A, Extended(Op.getOperand(1)));
}

void Selector::selectCast(const CastInst &Cast) {
  const Value *From = Cast.getOperand(0);
  unsigned To = widthOf(&Cast);
  switch (Cast.getOpcode()) {
  case Instruction::Trunc:
  case Instruction::BitCast:
  case Instruction::PtrToInt:
  case Instruction::PtrToAddr:
    return define(Cast, reg(From));
  case Instruction::ZExt:
  case Instruction::IntToPtr:
    return define(Cast, zeroExtended(From, To));
  case Instruction::SExt:
    return define(Cast, signExtended(From, To));
  case Instruction::AddrSpaceCast: {
    unsigned Source = Cast.getSrcTy()->getPointerAddressSpace();
    unsigned Dest = Cast.getDestTy()->getPointerAddressSpace();
    if (Source > 1 || Dest > 1) {
      define(Cast, unsupported("an address space other than 0 and 1"));
      return;
    }
    return define(Cast, emitRI(mir::ADDR_SPACE_CAST, reg(From),
                               int64_t(Dest) << 16 | Source));
  }
  default:
    fail(diagError(DiagCode::FloatUnsupported, here()));
    define(Cast, number(0));
  }
}

void Selector::selectSwap(const CallInst &Call) {
  static constexpr mir::Opcode Rows[3][3] = {
      {mir::BE16, mir::BE32, mir::BE64},
      {mir::LE16, mir::LE32, mir::LE64},
      {mir::BSWAP16, mir::BSWAP32, mir::BSWAP64}};
  unsigned Width = widthOf(&Call);
  if (Width != 16 && Width != 32 && Width != 64) {
    define(Call, unsupported("a byte swap of this width"));
    return;
  }
  unsigned Kind = Options.Cpu >= 4 ? 2 : Options.BigEndian ? 1 : 0;
  define(Call,
         emitR(Rows[Kind][Log2_32(Width) - 4], reg(Call.getArgOperand(0))));
}

} // namespace bpfcc

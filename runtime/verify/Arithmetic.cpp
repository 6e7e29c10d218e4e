// Arithmetic on numbers is backend/analysis; here it is bent to what the
// kernel's verifier computes, and pointers are moved.
//
// A pointer is a base, a constant offset and a number that is only known in
// bounds. Adding a constant changes the offset; adding any other number makes
// its bounds matter. A packet pointer with a new variable part is another
// pointer: what was compared with the packet's end says nothing about it.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using isa::Op;

/// Numbers that are moved are one number: what a jump says of one holds for
/// all. Constants need no name.
void Verifier::nameScalar(unsigned RegNo) {
  const Reg &R = reg(RegNo);
  if (!R.isScalar() || R.Value.isConstant())
    return;
  if (R.HasDelta) {
    Reg &W = frame().R[RegNo];
    W.HasDelta = false;
    W.Off = 0;
    W.Id = 0;
  }
  if (!reg(RegNo).Id)
    frame().R[RegNo].Id = newId();
}

bool Verifier::moveReg(const isa::Inst &I) {
  isa::Meaning M = isa::meaning(I.Opcode);
  if (!read(I.Src))
    return false;
  if (reg(I.Src).isPointer()) {
    if (M.What == Sem::MOV && M.Is64) {
      define(I.Dst, reg(I.Src), reg(I.Src).Node);
      return true;
    }
    Reg R = unknownScalar();
    if (!M.Is64)
      R.Value = Scalar::range(0, UINT32_MAX);
    define(I.Dst, R, reg(I.Src).Node);
    return true;
  }
  if (M.What == Sem::MOV && M.Is64) {
    nameScalar(I.Src);
    define(I.Dst, reg(I.Src), reg(I.Src).Node);
    return true;
  }
  const Reg &Src = reg(I.Src);
  bool Same;
  if (M.What == Sem::MOV)
    Same = Src.Value.Whole.UMax <= UINT32_MAX &&
           (has(target::Feature::MovedHalves) || Src.isConstant());
  else {
    // The extended number is the number itself if its sign bit is clear.
    uint64_t Max = (uint64_t(1) << (M.Bits - 1)) - 1;
    Same = Src.Value.Whole.UMax <= Max;
  }
  if (Same)
    nameScalar(I.Src);
  Reg R = reg(I.Src);
  R.Value =
      analysis::applyAlu(I.Opcode, Scalar::unknown(), R.Value, P.BigEndian);
  if (!Same) {
    R.Id = 0;
    R.HasDelta = false;
    R.Off = 0;
  }
  define(I.Dst, R, R.Node);
  return true;
}

/// The result of an operation that this kernel does not follow.
static bool isOpaque(isa::Meaning M, const Scalar &Src, bool TracksNeg) {
  switch (M.What) {
  case Sem::DIV:
  case Sem::MOD:
  case Sem::SDIV:
  case Sem::SMOD:
  case Sem::LE:
  case Sem::BE:
  case Sem::BSWAP:
    return true;
  case Sem::NEG:
    return !TracksNeg;
  case Sem::LSH:
  case Sem::RSH:
  case Sem::ARSH:
    return !Src.isConstant() || Src.Bits.Value >= (M.Is64 ? 64 : 32);
  default:
    return false;
  }
}

bool Verifier::scalarMath(const isa::Inst &I, const Reg &Dst, const Reg &Src) {
  isa::Meaning M = isa::meaning(I.Opcode);
  Reg R = unknownScalar();
  if (!isOpaque(M, Src.Value, !before(6, 17)))
    R.Value = analysis::applyAlu(I.Opcode, Dst.Value, Src.Value, P.BigEndian);
  else if (!M.Is64)
    R.Value = Scalar::range(0, UINT32_MAX);
  // r2 = r1; r2 += 8: a bound of one is a bound of the other.
  if (!before(6, 11) && M.What == Sem::ADD && M.Is64 && Dst.Id &&
      !Dst.HasDelta && Src.Value.isConstant() &&
      Src.Value.Bits.Value <= uint64_t(INT32_MAX)) {
    R.Id = Dst.Id;
    R.HasDelta = true;
    R.Off = int32_t(Src.Value.Bits.Value);
  }
  define(I.Dst, R, Dst.Node, Src.Node);
  return true;
}

bool Verifier::saneOffset(const Reg &Num, const Reg &Ptr, bool Result) {
  const Scalar &V = Num.Value;
  if (V.isConstant()) {
    int64_t C = int64_t(V.Bits.Value);
    if (C < MaxOffset && C > -MaxOffset && Num.Off < MaxOffset &&
        Num.Off > -MaxOffset)
      return true;
    return failAbout(DiagCode::PointerMath, Result ? Ptr : Num,
                     "the pointer moves by " + Twine(C) +
                         " bytes, the limit is " + Twine(MaxOffset));
  }
  if (V.Whole.SMin == INT64_MIN)
    return failAbout(DiagCode::PointerMath, Num,
                     "a number without a lower bound is added to a pointer",
                     "test that it is not negative, or make it unsigned");
  if (V.Whole.SMin > -MaxOffset && V.Whole.SMin < MaxOffset &&
      (!Result || (Num.Off > -MaxOffset && Num.Off < MaxOffset)))
    return true;
  return failAbout(DiagCode::PointerMath, Num,
                   "the number that is added to a pointer may be " +
                       Twine(V.Whole.SMin) + ", the limit is " +
                       Twine(MaxOffset),
                   "compare it with a limit first");
}

bool Verifier::pointerMath(const isa::Inst &I, const Reg &Ptr, const Reg &Num,
                           bool NumberFirst) {
  isa::Meaning M = isa::meaning(I.Opcode);
  std::string What = kindName(Ptr);
  if (Ptr.is(Kind::Arena)) {
    Reg R = unknownScalar();
    if (M.Is64 && !NumberFirst)
      R = Ptr;
    define(I.Dst, R, Ptr.Node, Num.Node);
    return true;
  }
  if (Ptr.is(Kind::Foreign)) {
    // It may be a number; its memory cannot be touched in any case.
    Reg R = Ptr;
    R.Flags = 0;
    R.Id = 0;
    R.Off = 0;
    R.Value = Scalar::constant(0);
    define(I.Dst, R, Ptr.Node, Num.Node);
    return true;
  }
  if (!M.Is64) {
    if (M.What == Sem::SUB) {
      Reg R = unknownScalar();
      R.Value = Scalar::range(0, UINT32_MAX);
      define(I.Dst, R, Ptr.Node, Num.Node);
      return true;
    }
    return failAbout(DiagCode::PointerMath, Ptr, "32-bit arithmetic on " + What,
                     "pointers have 64 bits; keep it in a pointer or a __u64");
  }
  bool IsZero = Num.isZero() && M.What == Sem::ADD;
  if (Ptr.mayBeNull())
    return failAbout(DiagCode::NullPointer, Ptr,
                     "arithmetic on " + nameOf(Ptr, I.Dst) +
                         ", which may be null",
                     "compare it with null first");
  switch (Ptr.K) {
  case Kind::FlowKeys:
    if (Num.isConstant())
      break;
    [[fallthrough]];
  case Kind::MapPtr:
    if (Num.isConstant() && IsZero)
      break;
    [[fallthrough]];
  case Kind::PacketEnd:
  case Kind::Socket:
  case Kind::SockCommon:
  case Kind::TcpSock:
    return failAbout(DiagCode::PointerMath, Ptr, "arithmetic on " + What);
  default:
    break;
  }
  if (M.What != Sem::ADD && M.What != Sem::SUB) {
    bool Bits = M.What == Sem::AND || M.What == Sem::OR || M.What == Sem::XOR;
    return failAbout(
        DiagCode::PointerMath, Ptr,
        Twine(Bits ? "a bitwise operation" : "arithmetic other than + and -") +
            " on " + What,
        "change a number, and add it to the pointer");
  }
  if (M.What == Sem::SUB && NumberFirst)
    return failAbout(DiagCode::PointerMath, Ptr,
                     "a pointer is subtracted from a number");
  if (M.What == Sem::SUB && Ptr.is(Kind::Stack))
    return failAbout(DiagCode::PointerMath, Ptr,
                     "a number is subtracted from a stack pointer",
                     "add a negative number");
  if (!saneOffset(Num, Ptr, false))
    return false;

  Reg R = Ptr;
  R.HasDelta = false;
  bool Sub = M.What == Sem::SUB;
  int64_t Whole = 0;
  bool Fits = false;
  if (Num.isConstant()) {
    int64_t C = int64_t(Num.Value.Bits.Value);
    Whole = Sub ? Ptr.Off - C : Ptr.Off + C;
    Fits = Whole == int32_t(Whole);
  }
  if (Fits) {
    R.Off = int32_t(Whole);
  } else {
    R.Value = analysis::applyAlu(Sub ? Op::SUB_RR : Op::ADD_RR, Ptr.Value,
                                 Num.Value, P.BigEndian);
    if (Ptr.isPacket()) {
      R.Id = newId();
      // What was compared holds for smaller offsets still.
      if (!Sub || Num.Value.Whole.SMin < 0)
        R.Size = 0;
    }
  }
  if (!saneOffset(R, R, true))
    return false;
  define(I.Dst, R, Ptr.Node, Num.Node);
  return true;
}

bool Verifier::arithmetic(const isa::Inst &I) {
  isa::Meaning M = isa::meaning(I.Opcode);
  isa::Form Operands = isa::form(I.Opcode);
  if (I.Dst == isa::R10)
    return fail(DiagCode::PointerMath, "r10, the frame pointer, is written");
  if (M.What == Sem::MOV || M.What == Sem::MOVSX) {
    if (Operands == isa::Form::RR)
      return moveReg(I);
    define(I.Dst, constantScalar(M.Is64 ? uint64_t(I.Imm)
                                        : uint64_t(uint32_t(I.Imm))));
    return true;
  }
  if (!read(I.Dst) || (Operands == isa::Form::RR && !read(I.Src)))
    return false;
  Reg Dst = reg(I.Dst);
  if (Operands == isa::Form::R) { // negation, order of bytes
    if (Dst.isPointer())
      Dst = unknownScalar();
    return scalarMath(I, Dst, Reg());
  }
  Reg Src = Operands == isa::Form::RR
                ? reg(I.Src)
                : constantScalar(M.Is64 ? uint64_t(I.Imm)
                                        : uint64_t(uint32_t(I.Imm)));
  if (Operands == isa::Form::RI &&
      (M.What == Sem::LSH || M.What == Sem::RSH || M.What == Sem::ARSH) &&
      uint64_t(I.Imm) >= (M.Is64 ? 64u : 32u))
    return fail(DiagCode::BadFlow, "a shift by " + Twine(I.Imm) +
                                       " bits, more than the number has");
  if (Operands == isa::Form::RI && I.Imm == 0 &&
      (M.What == Sem::DIV || M.What == Sem::MOD || M.What == Sem::SDIV ||
       M.What == Sem::SMOD))
    return fail(DiagCode::BadFlow, "a division by the constant 0");
  if (!Dst.isPointer() && !Src.isPointer())
    return scalarMath(I, Dst, Src);
  if (Dst.isPointer() && Src.isPointer()) {
    if (M.What == Sem::SUB) {
      Reg R = unknownScalar();
      if (!M.Is64)
        R.Value = Scalar::range(0, UINT32_MAX);
      define(I.Dst, R, Dst.Node, Src.Node);
      return true;
    }
    return failAbout(DiagCode::PointerMath, Dst,
                     Twine("arithmetic on two pointers, ") + kindName(Dst) +
                         " and " + kindName(Src),
                     "only the difference of two pointers means something");
  }
  bool NumberFirst = Src.isPointer();
  const Reg &Ptr = NumberFirst ? Src : Dst, &Num = NumberFirst ? Dst : Src;
  // A known number moves the pointer by that much; its history matters.
  Graph.markPrecise(Num.Node);
  return pointerMath(I, Ptr, Num, NumberFirst);
}

} // namespace bpfcc::verify

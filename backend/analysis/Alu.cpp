// Arithmetic on what is known. Each part of the result comes from the same part
// of the operands where the operation lets it, and is left open otherwise;
// deduce() then fills it from the other parts. The low half of a sum, a product
// or a bitwise result depends on low halves alone, that of a quotient does not.

#include "backend/analysis/Scalar.h"
#include "backend/isa/Sem.h"

namespace bpfcc::analysis {

using isa::Sem;

namespace {

struct Distance {
  unsigned Min, Max;
};

/// By how much a shift of \p Width bits moves; nothing if that can be anything.
template <typename U> std::optional<Distance> distance(const Interval<U> &By) {
  constexpr unsigned Width = Interval<U>::Bits;
  if (By.isConstant())
    return Distance{unsigned(By.UMin % Width), unsigned(By.UMin % Width)};
  if (By.UMax < Width)
    return Distance{unsigned(By.UMin), unsigned(By.UMax)};
  return std::nullopt;
}

template <typename U>
Interval<U> shift(Sem What, const Interval<U> &A, std::optional<Distance> D) {
  if (!D || D->Max >= Interval<U>::Bits)
    return Interval<U>::unknown();
  switch (What) {
  case Sem::LSH:
    return shiftLeft(A, D->Min, D->Max);
  case Sem::RSH:
    return shiftRight(A, D->Min, D->Max);
  default:
    return shiftRightSigned(A, D->Min, D->Max);
  }
}

/// Signed division by a number that is known and positive.
template <typename U>
Interval<U> divideSigned(Sem What, const Interval<U> &A, const Interval<U> &B) {
  using S = typename Interval<U>::S;
  S By = S(B.UMin);
  if (!B.isConstant() || By <= 0)
    return Interval<U>::unknown();
  if (What == Sem::SDIV)
    return Interval<U>::ofSigned(A.SMin / By, A.SMax / By);
  return Interval<U>::ofSigned(A.SMin < 0 ? std::max<S>(A.SMin, 1 - By) : 0,
                               A.SMax > 0 ? std::min<S>(A.SMax, By - 1) : 0);
}

template <typename U>
Interval<U> bounds(Sem What, const Interval<U> &A, const Interval<U> &B) {
  switch (What) {
  case Sem::ADD:
    return add(A, B);
  case Sem::SUB:
    return sub(A, B);
  case Sem::NEG:
    return sub(Interval<U>::constant(0), A);
  case Sem::MUL:
    return mul(A, B);
  case Sem::DIV:
    return div(A, B);
  case Sem::MOD:
    return mod(A, B);
  case Sem::SDIV:
  case Sem::SMOD:
    return divideSigned(What, A, B);
  case Sem::AND:
    return bitAnd(A, B);
  case Sem::OR:
    return bitOr(A, B);
  case Sem::MOV:
    return B;
  case Sem::LSH:
  case Sem::RSH:
  case Sem::ARSH:
    return shift(What, A, distance(B));
  default:
    return Interval<U>::unknown();
  }
}

Tnum bits(Sem What, Tnum A, Tnum B) {
  switch (What) {
  case Sem::ADD:
    return add(A, B);
  case Sem::SUB:
    return sub(A, B);
  case Sem::NEG:
    return sub(Tnum::constant(0), A);
  case Sem::MUL:
    return mul(A, B);
  case Sem::AND:
    return bitAnd(A, B);
  case Sem::OR:
    return bitOr(A, B);
  case Sem::XOR:
    return bitXor(A, B);
  case Sem::MOV:
    return B;
  default:
    return Tnum::unknown();
  }
}

/// Of a shift by a known distance; \p A is as wide as the shift.
Tnum shiftedBits(Sem What, Tnum A, unsigned By, unsigned Width) {
  switch (What) {
  case Sem::LSH:
    return shiftLeft(A, By);
  case Sem::RSH:
    return shiftRight(A, By);
  default:
    return shiftRightSigned(A.signExtended(Width), By);
  }
}

bool isShift(Sem What) {
  return What == Sem::LSH || What == Sem::RSH || What == Sem::ARSH;
}

/// Whether the low half of the result comes from the low halves alone.
bool isLowInLowOut(Sem What) {
  switch (What) {
  case Sem::ADD:
  case Sem::SUB:
  case Sem::NEG:
  case Sem::MUL:
  case Sem::AND:
  case Sem::OR:
  case Sem::XOR:
  case Sem::MOV:
    return true;
  default:
    return false;
  }
}

Scalar wide(Sem What, const Scalar &A, const Scalar &B) {
  Scalar R;
  R.Whole = bounds(What, A.Whole, B.Whole);
  R.Bits = bits(What, A.Bits, B.Bits);
  if (isLowInLowOut(What))
    R.Low = bounds(What, A.Low, B.Low);
  if (isShift(What))
    if (auto D = distance(B.Whole)) {
      if (D->Min == D->Max)
        R.Bits = shiftedBits(What, A.Bits, D->Min, 64);
      if (What == Sem::LSH)
        R.Low = shift(What, A.Low, D);
      // The low half becomes the high one; compilers extend numbers so.
      if (What == Sem::LSH && D->Min == 32 && D->Max == 32) {
        R.Whole.clampUnsigned(uint64_t(A.Low.UMin) << 32, uint64_t(A.Low.UMax)
                                                              << 32);
        R.Whole.clampSigned(int64_t(uint64_t(A.Low.SMin) << 32),
                            int64_t(uint64_t(A.Low.SMax) << 32));
      }
    }
  return R;
}

Scalar narrow(Sem What, const Scalar &A, const Scalar &B) {
  Scalar R;
  R.Low = bounds(What, A.Low, B.Low);
  Tnum Low = A.Bits.zeroExtended(32);
  R.Bits = bits(What, Low, B.Bits.zeroExtended(32));
  if (isShift(What))
    if (auto D = distance(B.Low); D && D->Min == D->Max)
      R.Bits = shiftedBits(What, Low, D->Min, 32);
  R.Bits = R.Bits.zeroExtended(32);
  return R;
}

Scalar extended(const Scalar &From, unsigned Part, bool Is64) {
  int64_t Most = (int64_t(1) << (Part - 1)) - 1, Least = -Most - 1;
  if (Part == 32) {
    Least = From.Low.SMin;
    Most = From.Low.SMax;
  } else if (Is64 && From.Whole.SMin >= Least && From.Whole.SMax <= Most) {
    Least = From.Whole.SMin;
    Most = From.Whole.SMax;
  } else if (From.Low.SMin >= Least && From.Low.SMax <= Most) {
    Least = From.Low.SMin;
    Most = From.Low.SMax;
  }
  Scalar R;
  R.Bits = From.Bits.signExtended(Part);
  if (!Is64)
    R.Bits = R.Bits.zeroExtended(32);
  else
    R.Whole = Interval<uint64_t>::ofSigned(Least, Most);
  R.Low = Interval<uint32_t>::ofSigned(int32_t(Least), int32_t(Most));
  return R;
}

Tnum swapped(Tnum T, unsigned Part) {
  return {__builtin_bswap64(T.Value) >> (64 - Part),
          __builtin_bswap64(T.Mask) >> (64 - Part)};
}

Scalar result(isa::Meaning M, const Scalar &Dst, const Scalar &Src,
              bool BigEndian) {
  Scalar R;
  switch (M.What) {
  case Sem::LE:
  case Sem::BE:
  case Sem::BSWAP:
    R.Bits = Dst.Bits.zeroExtended(M.Bits);
    if (M.What == Sem::BSWAP || (M.What == Sem::LE) == BigEndian)
      R.Bits = swapped(R.Bits, M.Bits);
    return R;
  case Sem::MOVSX:
    return extended(Src, M.Bits, M.Is64);
  default:
    return M.Is64 ? wide(M.What, Dst, Src) : narrow(M.What, Dst, Src);
  }
}

} // namespace

Scalar applyAlu(isa::Op Op, const Scalar &Dst, const Scalar &Src,
                bool BigEndian) {
  isa::Meaning M = isa::meaning(Op);
  if (!isa::isArithmetic(M.What))
    return Scalar::unknown();
  Scalar R = result(M, Dst, Src, BigEndian);
  return R.deduce() ? R : Scalar::unknown();
}

} // namespace bpfcc::analysis

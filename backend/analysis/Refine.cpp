// What a jump says of its operands. Every condition becomes one of eight, on
// whole numbers or on low halves: a jump that is not taken is its opposite, and
// "greater" is "less" with the operands changed.
//
//   r1 s>= r2, not taken   ->   r1 s< r2   ->   max of r1, min of r2

#include "backend/analysis/Scalar.h"
#include "backend/isa/Sem.h"

namespace bpfcc::analysis {

using isa::Sem;

namespace {

Sem opposite(Sem What) {
  switch (What) {
  case Sem::JEQ:
    return Sem::JNE;
  case Sem::JNE:
    return Sem::JEQ;
  case Sem::JGT:
    return Sem::JLE;
  case Sem::JGE:
    return Sem::JLT;
  case Sem::JLT:
    return Sem::JGE;
  case Sem::JLE:
    return Sem::JGT;
  case Sem::JSGT:
    return Sem::JSLE;
  case Sem::JSGE:
    return Sem::JSLT;
  case Sem::JSLT:
    return Sem::JSGE;
  case Sem::JSLE:
    return Sem::JSGT;
  default:
    return What;
  }
}

Sem mirrored(Sem What) {
  switch (What) {
  case Sem::JGT:
    return Sem::JLT;
  case Sem::JGE:
    return Sem::JLE;
  case Sem::JSGT:
    return Sem::JSLT;
  case Sem::JSGE:
    return Sem::JSLE;
  default:
    return What;
  }
}

/// \p A is not \p V: bounds that are V move by one.
template <typename U> void exclude(Interval<U> &A, U V) {
  using S = typename Interval<U>::S;
  if (A.UMin == V && A.UMin < A.UMax)
    ++A.UMin;
  if (A.UMax == V && A.UMin < A.UMax)
    --A.UMax;
  if (A.SMin == S(V) && A.SMin < A.SMax)
    ++A.SMin;
  if (A.SMax == S(V) && A.SMin < A.SMax)
    --A.SMax;
}

template <typename T> bool less(T &AMax, T &BMin, T AMin, T BMax) {
  if (AMin >= BMax)
    return false;
  AMax = std::min<T>(AMax, BMax - 1);
  BMin = std::max<T>(BMin, AMin + 1);
  return true;
}

template <typename T> bool lessOrEqual(T &AMax, T &BMin, T AMin, T BMax) {
  AMax = std::min(AMax, BMax);
  BMin = std::max(BMin, AMin);
  return AMin <= BMax;
}

/// False where the bounds rule it out.
template <typename U>
bool refineBounds(Sem What, Interval<U> &A, Interval<U> &B) {
  switch (What) {
  case Sem::JEQ:
    A = B = meet(A, B);
    return !A.isEmpty();
  case Sem::JNE:
    if (A.isConstant() && B.isConstant() && A.UMin == B.UMin)
      return false;
    if (B.isConstant())
      exclude(A, B.UMin);
    if (A.isConstant())
      exclude(B, A.UMin);
    return true;
  case Sem::JLT:
    return less(A.UMax, B.UMin, A.UMin, B.UMax);
  case Sem::JLE:
    return lessOrEqual(A.UMax, B.UMin, A.UMin, B.UMax);
  case Sem::JSLT:
    return less(A.SMax, B.SMin, A.SMin, B.SMax);
  case Sem::JSLE:
    return lessOrEqual(A.SMax, B.SMin, A.SMin, B.SMax);
  default:
    return true;
  }
}

bool learn(Tnum &T, Tnum What) {
  if (!agree(T, What))
    return false;
  T = meet(T, What);
  return true;
}

/// \p Part has the bits that are compared.
bool refineBits(Sem What, bool Taken, Tnum &A, Tnum &B, uint64_t Part) {
  if (What == Sem::JEQ)
    return learn(A, {B.Value & Part, B.Mask | ~Part}) &&
           learn(B, {A.Value & Part, A.Mask | ~Part});
  if (What != Sem::JSET)
    return true;
  if (!Taken)
    return learn(A, {0, ~(B.Value & Part)}) && learn(B, {0, ~(A.Value & Part)});
  uint64_t Common = A.max() & B.max() & Part;
  if (std::popcount(Common) > 1)
    return true;
  return Common && learn(A, {Common, ~Common}) && learn(B, {Common, ~Common});
}

} // namespace

std::optional<std::pair<Scalar, Scalar>>
refine(isa::Op Op, bool Taken, const Scalar &Dst, const Scalar &Src) {
  isa::Meaning M = isa::meaning(Op);
  if (!isa::isCondition(M.What))
    return std::pair(Dst, Src);
  Sem What = M.What;
  if (!Taken)
    What = opposite(What);
  bool Swap = mirrored(What) != What;
  What = mirrored(What);

  std::pair<Scalar, Scalar> R(Dst, Src);
  Scalar &A = Swap ? R.second : R.first, &B = Swap ? R.first : R.second;
  uint64_t Part = M.Is64 ? ~uint64_t(0) : 0xffffffff;
  bool Possible = M.Is64 ? refineBounds(What, A.Whole, B.Whole)
                         : refineBounds(What, A.Low, B.Low);
  if (Possible && What == Sem::JEQ && M.Is64)
    Possible = refineBounds(What, A.Low, B.Low);
  if (!Possible || !refineBits(What, Taken, A.Bits, B.Bits, Part) ||
      !A.deduce() || !B.deduce())
    return std::nullopt;
  return R;
}

} // namespace bpfcc::analysis

// The parts of a Scalar are sound each for itself; together they say more:
//
//   x & ~0xff is 0            Bits
//   0 <= x <= 255             Whole, from Bits
//   x < 100, in 32 bits       Low, of a jump
//   0 <= x <= 99              Whole, from Low: the upper half is known to be 0
//
// deduce() brings them together. The kernel's verifier keeps the same parts
// (struct bpf_reg_state); its reg_bounds_sync() is this function's peer.

#include "backend/analysis/Scalar.h"

namespace bpfcc::analysis {

static constexpr uint64_t LowMask = 0xffffffff;
static constexpr uint64_t HalfStep = uint64_t(1) << 32;

Scalar Scalar::constant(uint64_t V) {
  return {Tnum::constant(V), Interval<uint64_t>::constant(V),
          Interval<uint32_t>::constant(uint32_t(V))};
}

Scalar Scalar::range(uint64_t Min, uint64_t Max) {
  Scalar S;
  S.Whole = Interval<uint64_t>::ofUnsigned(Min, Max);
  (void)S.deduce();
  return S;
}

Scalar join(const Scalar &A, const Scalar &B) {
  return {join(A.Bits, B.Bits), join(A.Whole, B.Whole), join(A.Low, B.Low)};
}

/// The bounds that known bits give; the sign bit counts against the others.
template <typename U> static void clampByBits(Interval<U> &I, Tnum Bits) {
  using S = typename Interval<U>::S;
  constexpr U Sign = U(1) << (Interval<U>::Bits - 1);
  U Value = U(Bits.Value), Mask = U(Bits.Mask);
  I.clampUnsigned(Value, Value | Mask);
  I.clampSigned(S(Value | (Mask & Sign)), S(Value | (Mask & ~Sign)));
}

/// The numbers from Min to Max have low halves that rise from Min's to Max's,
/// if there are few enough of them.
static void lowByWhole(Interval<uint32_t> &Low, const Interval<uint64_t> &W) {
  auto Learn = [&](uint64_t Min, uint64_t Max) {
    if (Max - Min > LowMask)
      return;
    if (uint32_t(Min) <= uint32_t(Max))
      Low.clampUnsigned(uint32_t(Min), uint32_t(Max));
    if (int32_t(Min) <= int32_t(Max))
      Low.clampSigned(int32_t(Min), int32_t(Max));
  };
  Learn(W.UMin, W.UMax);
  Learn(uint64_t(W.SMin), uint64_t(W.SMax));
}

/// Moves \p Min up and \p Max down to numbers with a low half in \p Low. False
/// if there is none. \p T is int64_t or uint64_t.
template <typename T>
static bool wholeByLow(T &Min, T &Max, const Interval<uint32_t> &Low) {
  uint32_t Half = uint32_t(Min);
  T Upper = T(uint64_t(Min) & ~LowMask);
  if (Half > Low.UMax && __builtin_add_overflow(Upper, T(HalfStep), &Upper))
    return false;
  if (Half < Low.UMin || Half > Low.UMax)
    Min = T(uint64_t(Upper) | Low.UMin);
  Half = uint32_t(Max);
  Upper = T(uint64_t(Max) & ~LowMask);
  if (Half < Low.UMin && __builtin_sub_overflow(Upper, T(HalfStep), &Upper))
    return false;
  if (Half < Low.UMin || Half > Low.UMax)
    Max = T(uint64_t(Upper) | Low.UMax);
  return Min <= Max;
}

static bool bitsByBounds(Tnum &Bits, Tnum Bound) {
  if (!agree(Bits, Bound))
    return false;
  Bits = meet(Bits, Bound);
  return true;
}

bool Scalar::deduce() {
  // What is learnt in one round may help in the next; more than a few rounds
  // gain single numbers.
  constexpr unsigned Rounds = 4;
  for (unsigned N = 0; N < Rounds; ++N) {
    Scalar Before = *this;
    clampByBits(Whole, Bits);
    clampByBits(Low, Bits);
    Whole.deduce();
    Low.deduce();
    if (Whole.isEmpty() || Low.isEmpty())
      return false;
    lowByWhole(Low, Whole);
    Low.deduce();
    if (Low.isEmpty() || !wholeByLow(Whole.UMin, Whole.UMax, Low) ||
        !wholeByLow(Whole.SMin, Whole.SMax, Low))
      return false;
    Tnum LowBits = Tnum::range(Low.UMin, Low.UMax);
    LowBits.Mask |= ~LowMask;
    if (!bitsByBounds(Bits, Tnum::range(Whole.UMin, Whole.UMax)) ||
        !bitsByBounds(Bits, LowBits))
      return false;
    if (*this == Before)
      return true;
  }
  return true;
}

} // namespace bpfcc::analysis

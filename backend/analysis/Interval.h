#ifndef BPFCC_BACKEND_ANALYSIS_INTERVAL_H
#define BPFCC_BACKEND_ANALYSIS_INTERVAL_H

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace bpfcc::analysis {

/// Bounds of a number of \p U's width, both as the unsigned and as the signed
/// number that its bits are. Every value lies between both pairs.
template <typename U> struct Interval {
  using S = std::make_signed_t<U>;
  static constexpr unsigned Bits = sizeof(U) * 8;

  U UMin = 0;
  U UMax = std::numeric_limits<U>::max();
  S SMin = std::numeric_limits<S>::min();
  S SMax = std::numeric_limits<S>::max();

  static constexpr Interval unknown() { return {}; }
  static constexpr Interval constant(U V) { return {V, V, S(V), S(V)}; }
  static constexpr Interval ofUnsigned(U Min, U Max) {
    Interval I;
    I.UMin = Min;
    I.UMax = Max;
    return I;
  }
  static constexpr Interval ofSigned(S Min, S Max) {
    Interval I;
    I.SMin = Min;
    I.SMax = Max;
    return I;
  }

  constexpr bool operator==(const Interval &) const = default;
  constexpr bool isEmpty() const { return UMin > UMax || SMin > SMax; }
  constexpr bool isConstant() const { return UMin == UMax; }
  constexpr bool contains(U V) const {
    return UMin <= V && V <= UMax && SMin <= S(V) && S(V) <= SMax;
  }
  constexpr bool contains(const Interval &I) const {
    return UMin <= I.UMin && I.UMax <= UMax && SMin <= I.SMin && I.SMax <= SMax;
  }

  constexpr void clampUnsigned(U Min, U Max) {
    UMin = std::max(UMin, Min);
    UMax = std::min(UMax, Max);
  }
  constexpr void clampSigned(S Min, S Max) {
    SMin = std::max(SMin, Min);
    SMax = std::min(SMax, Max);
  }

  /// Lets each pair of bounds learn from the other. Unsigned bounds that have
  /// the same sign as signed numbers are signed bounds, and the other way
  /// round; signed bounds around zero are two unsigned ranges, of which the
  /// unsigned bounds may rule one out.
  constexpr void deduce() {
    if (S(UMin) <= S(UMax))
      clampSigned(S(UMin), S(UMax));
    if (U(SMin) <= U(SMax))
      clampUnsigned(U(SMin), U(SMax));
    else if (UMin > U(SMax))
      clampUnsigned(U(SMin), std::numeric_limits<U>::max());
    else if (UMax < U(SMin))
      clampUnsigned(0, U(SMax));
  }
};

template <typename U>
constexpr Interval<U> meet(const Interval<U> &A, const Interval<U> &B) {
  return {std::max(A.UMin, B.UMin), std::min(A.UMax, B.UMax),
          std::max(A.SMin, B.SMin), std::min(A.SMax, B.SMax)};
}
template <typename U>
constexpr Interval<U> join(const Interval<U> &A, const Interval<U> &B) {
  return {std::min(A.UMin, B.UMin), std::max(A.UMax, B.UMax),
          std::min(A.SMin, B.SMin), std::max(A.SMax, B.SMax)};
}

/// Bounds that wrap both, or neither, are still bounds.
template <typename U>
constexpr Interval<U> add(const Interval<U> &A, const Interval<U> &B) {
  Interval<U> R;
  U UMin, UMax;
  if (__builtin_add_overflow(A.UMin, B.UMin, &UMin) ==
      __builtin_add_overflow(A.UMax, B.UMax, &UMax))
    R.clampUnsigned(UMin, UMax);
  typename Interval<U>::S SMin, SMax;
  bool Low = __builtin_add_overflow(A.SMin, B.SMin, &SMin);
  bool High = __builtin_add_overflow(A.SMax, B.SMax, &SMax);
  if (!Low && !High)
    R.clampSigned(SMin, SMax);
  return R;
}

template <typename U>
constexpr Interval<U> sub(const Interval<U> &A, const Interval<U> &B) {
  Interval<U> R;
  U UMin, UMax;
  if (__builtin_sub_overflow(A.UMin, B.UMax, &UMin) ==
      __builtin_sub_overflow(A.UMax, B.UMin, &UMax))
    R.clampUnsigned(UMin, UMax);
  typename Interval<U>::S SMin, SMax;
  bool Low = __builtin_sub_overflow(A.SMin, B.SMax, &SMin);
  bool High = __builtin_sub_overflow(A.SMax, B.SMin, &SMax);
  if (!Low && !High)
    R.clampSigned(SMin, SMax);
  return R;
}

template <typename U>
constexpr Interval<U> mul(const Interval<U> &A, const Interval<U> &B) {
  Interval<U> R;
  U UMax;
  if (!__builtin_mul_overflow(A.UMax, B.UMax, &UMax))
    R.clampUnsigned(A.UMin * B.UMin, UMax);
  typename Interval<U>::S P[4];
  bool Wraps = __builtin_mul_overflow(A.SMin, B.SMin, &P[0]);
  Wraps |= __builtin_mul_overflow(A.SMin, B.SMax, &P[1]);
  Wraps |= __builtin_mul_overflow(A.SMax, B.SMin, &P[2]);
  Wraps |= __builtin_mul_overflow(A.SMax, B.SMax, &P[3]);
  if (!Wraps)
    R.clampSigned(*std::min_element(P, P + 4), *std::max_element(P, P + 4));
  return R;
}

template <typename U>
constexpr Interval<U> bitAnd(const Interval<U> &A, const Interval<U> &B) {
  return Interval<U>::ofUnsigned(0, std::min(A.UMax, B.UMax));
}
template <typename U>
constexpr Interval<U> bitOr(const Interval<U> &A, const Interval<U> &B) {
  return Interval<U>::ofUnsigned(std::max(A.UMin, B.UMin),
                                 std::numeric_limits<U>::max());
}

/// Shifts by \p Min to \p Max, both less than the width.
template <typename U>
constexpr Interval<U> shiftLeft(const Interval<U> &A, unsigned Min,
                                unsigned Max) {
  Interval<U> R;
  if (A.UMax <= std::numeric_limits<U>::max() >> Max)
    R.clampUnsigned(U(A.UMin << Min), U(A.UMax << Max));
  using Limits = std::numeric_limits<typename Interval<U>::S>;
  if (A.SMin >= Limits::min() >> Max && A.SMax <= Limits::max() >> Max)
    R.clampSigned(
        typename Interval<U>::S(U(A.SMin) << (A.SMin < 0 ? Max : Min)),
        typename Interval<U>::S(U(A.SMax) << (A.SMax < 0 ? Min : Max)));
  return R;
}
template <typename U>
constexpr Interval<U> shiftRight(const Interval<U> &A, unsigned Min,
                                 unsigned Max) {
  return Interval<U>::ofUnsigned(A.UMin >> Max, A.UMax >> Min);
}
template <typename U>
constexpr Interval<U> shiftRightSigned(const Interval<U> &A, unsigned Min,
                                       unsigned Max) {
  return Interval<U>::ofSigned(A.SMin >> (A.SMin < 0 ? Min : Max),
                               A.SMax >> (A.SMax < 0 ? Max : Min));
}

/// By 0 gives 0.
template <typename U>
constexpr Interval<U> div(const Interval<U> &A, const Interval<U> &B) {
  if (B.UMax == 0)
    return Interval<U>::constant(0);
  return Interval<U>::ofUnsigned(B.UMin ? A.UMin / B.UMax : 0,
                                 A.UMax / std::max<U>(B.UMin, 1));
}
/// By 0 gives the dividend.
template <typename U>
constexpr Interval<U> mod(const Interval<U> &A, const Interval<U> &B) {
  if (A.UMax < B.UMin || B.UMax == 0)
    return A;
  if (A.isConstant() && B.isConstant())
    return Interval<U>::constant(A.UMin % B.UMin);
  return Interval<U>::ofUnsigned(0, B.UMin ? std::min<U>(A.UMax, B.UMax - 1)
                                           : A.UMax);
}

} // namespace bpfcc::analysis

#endif

#ifndef BPFCC_BACKEND_ANALYSIS_TNUM_H
#define BPFCC_BACKEND_ANALYSIS_TNUM_H

#include <bit>
#include <cstdint>

namespace bpfcc::analysis {

/// A tristate number: what is known of the bits of a 64-bit value. Where Mask
/// has a bit the value's bit is unknown; elsewhere it is that of Value, which
/// has none in common with Mask. The operations are those of "Sound, Precise,
/// and Fast Abstract Interpretation with Tristate Numbers" (Vishwanathan et
/// al., CGO 2022): add() to bitXor() give the best result that there is, mul()
/// a sound one.
struct Tnum {
  uint64_t Value = 0;
  uint64_t Mask = ~uint64_t(0);

  static constexpr Tnum unknown() { return {}; }
  static constexpr Tnum constant(uint64_t V) { return {V, 0}; }
  /// The bits that all of \p Min to \p Max, unsigned, have in common.
  static constexpr Tnum range(uint64_t Min, uint64_t Max) {
    unsigned Bits = unsigned(std::bit_width(Min ^ Max));
    uint64_t Low = Bits == 64 ? ~uint64_t(0) : (uint64_t(1) << Bits) - 1;
    return {Min & ~Low, Low};
  }

  constexpr bool operator==(const Tnum &) const = default;
  constexpr bool contains(uint64_t V) const { return (V & ~Mask) == Value; }
  constexpr bool contains(const Tnum &T) const {
    return (T.Mask & ~Mask) == 0 && contains(T.Value);
  }
  constexpr bool isConstant() const { return Mask == 0; }
  constexpr uint64_t min() const { return Value; }
  constexpr uint64_t max() const { return Value | Mask; }

  /// The low \p Bits bits; those above are 0.
  constexpr Tnum zeroExtended(unsigned Bits) const {
    uint64_t Low = ~uint64_t(0) >> (64 - Bits);
    return {Value & Low, Mask & Low};
  }
  /// The low \p Bits bits; those above are as the highest of them.
  constexpr Tnum signExtended(unsigned Bits) const {
    unsigned Up = 64 - Bits;
    return {uint64_t(int64_t(Value << Up) >> Up),
            uint64_t(int64_t(Mask << Up) >> Up)};
  }
};

constexpr Tnum bitAnd(Tnum A, Tnum B) {
  uint64_t Ones = A.Value & B.Value;
  return {Ones, A.max() & B.max() & ~Ones};
}
constexpr Tnum bitOr(Tnum A, Tnum B) {
  uint64_t Ones = A.Value | B.Value;
  return {Ones, (A.Mask | B.Mask) & ~Ones};
}
constexpr Tnum bitXor(Tnum A, Tnum B) {
  uint64_t Mask = A.Mask | B.Mask;
  return {(A.Value ^ B.Value) & ~Mask, Mask};
}
/// A bit of the sum is known where both operands' are and where the smallest
/// and the largest sum carry the same into it.
constexpr Tnum add(Tnum A, Tnum B) {
  uint64_t Least = A.min() + B.min(), Most = A.max() + B.max();
  uint64_t Mask = (Least ^ Most) | A.Mask | B.Mask;
  return {Least & ~Mask, Mask};
}
constexpr Tnum sub(Tnum A, Tnum B) {
  uint64_t Least = A.min() - B.max(), Most = A.max() - B.min();
  uint64_t Mask = (Least ^ Most) | A.Mask | B.Mask;
  return {(A.Value - B.Value) & ~Mask, Mask};
}
/// Long multiplication: the known part exactly, and a sum of what each bit of
/// \p A leaves open.
constexpr Tnum mul(Tnum A, Tnum B) {
  Tnum Open = Tnum::constant(0);
  uint64_t Known = A.Value * B.Value;
  for (; A.Value || A.Mask;
       A = {A.Value >> 1, A.Mask >> 1}, B = {B.Value << 1, B.Mask << 1}) {
    if (A.Value & 1)
      Open = add(Open, {0, B.Mask});
    else if (A.Mask & 1)
      Open = add(Open, {0, B.max()});
  }
  return add(Tnum::constant(Known), Open);
}

constexpr Tnum shiftLeft(Tnum A, unsigned By) {
  return {A.Value << By, A.Mask << By};
}
constexpr Tnum shiftRight(Tnum A, unsigned By) {
  return {A.Value >> By, A.Mask >> By};
}
/// Of the 64-bit number; an unknown sign leaves unknown bits behind it.
constexpr Tnum shiftRightSigned(Tnum A, unsigned By) {
  return {uint64_t(int64_t(A.Value) >> By), uint64_t(int64_t(A.Mask) >> By)};
}

/// What is known of a value that is in both. If they contradict each other the
/// result means nothing.
constexpr Tnum meet(Tnum A, Tnum B) {
  uint64_t Mask = A.Mask & B.Mask;
  return {(A.Value | B.Value) & ~Mask, Mask};
}
/// What is known of a value that is in one of them.
constexpr Tnum join(Tnum A, Tnum B) {
  uint64_t Mask = A.Mask | B.Mask | (A.Value ^ B.Value);
  return {A.Value & ~Mask, Mask};
}
/// Whether they know of no bit different things.
constexpr bool agree(Tnum A, Tnum B) {
  return ((A.Value ^ B.Value) & ~A.Mask & ~B.Mask) == 0;
}

} // namespace bpfcc::analysis

#endif

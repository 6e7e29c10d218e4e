#ifndef BPFCC_BACKEND_ANALYSIS_SCALAR_H
#define BPFCC_BACKEND_ANALYSIS_SCALAR_H

#include "backend/analysis/Interval.h"
#include "backend/analysis/Tnum.h"
#include "backend/isa/Inst.h"

#include <optional>
#include <utility>

namespace bpfcc::analysis {

/// What is known of a number in a register: of its bits, its bounds, and the
/// bounds of its low half. A value has all of these properties.
struct Scalar {
  Tnum Bits;
  Interval<uint64_t> Whole;
  Interval<uint32_t> Low;

  static Scalar unknown() { return {}; }
  static Scalar constant(uint64_t V);
  /// Any number from \p Min to \p Max, unsigned.
  static Scalar range(uint64_t Min, uint64_t Max);

  bool operator==(const Scalar &) const = default;
  bool isConstant() const { return Bits.isConstant(); }
  bool contains(uint64_t V) const {
    return Bits.contains(V) && Whole.contains(V) && Low.contains(uint32_t(V));
  }
  /// Whether everything that is known here holds for all that \p S may be.
  bool contains(const Scalar &S) const {
    return Bits.contains(S.Bits) && Whole.contains(S.Whole) &&
           Low.contains(S.Low);
  }

  /// Lets each part learn from the others. False if they contradict each
  /// other, so that there is no such number.
  [[nodiscard]] bool deduce();
};

/// What is known of a number that is one of both.
Scalar join(const Scalar &A, const Scalar &B);

/// What the arithmetic instruction \p Op leaves in its destination, which was
/// \p Dst; \p Src is the other operand, register or immediate, and the source
/// of moves. By the semantics of RFC 9669: shifts use the low bits of their
/// distance, division by 0 gives 0, and 32-bit forms clear the upper half.
/// Unknown for what is no arithmetic. LE and BE instructions depend on the
/// machine's order of bytes.
Scalar applyAlu(isa::Op Op, const Scalar &Dst, const Scalar &Src,
                bool BigEndian);

/// What is known of both operands of the conditional jump \p Op where it is
/// taken, or where it is not. Nothing if that cannot be.
std::optional<std::pair<Scalar, Scalar>>
refine(isa::Op Op, bool Taken, const Scalar &Dst, const Scalar &Src);

} // namespace bpfcc::analysis

#endif

// Whether all that can happen from a new state was seen from an old one. Then
// the new path can end: whatever follows it was found to be safe.
//
// Registers agree if nothing was read of the old one afterwards; if both are
// numbers, and the old one's bounds did not matter or hold the new one's; or if
// both point alike. Numbers that stand for identity (a lookup's, a packet's)
// need not be the same, but must pair up: old 1 with new 7 everywhere.

#include "runtime/verify/Verifier.h"

namespace bpfcc::verify {

namespace {

class Comparison {
public:
  Comparison(const Nodes &Graph, Exactness How, const Unit *Code, uint32_t Pc)
      : Graph(Graph), How(How), Code(Code), Pc(Pc) {}

  bool states(const State &Old, const State &New) {
    if (Old.Frames.size() != New.Frames.size() ||
        Old.LockIndex != New.LockIndex || Old.RcuDepth != New.RcuDepth ||
        Old.PreemptDepth != New.PreemptDepth ||
        Old.Refs.size() != New.Refs.size())
      return false;
    if (Old.LockIndex && !pair(Old.LockId, New.LockId))
      return false;
    for (size_t N = 0; N != Old.Refs.size(); ++N)
      if (!pair(Old.Refs[N].Id, New.Refs[N].Id))
        return false;
    for (size_t N = 0; N != Old.Frames.size(); ++N) {
      // Callers go on behind their calls.
      uint32_t At = N + 1 == Old.Frames.size() ? Pc : Old.frame(N + 1).CallSite;
      uint16_t Live = Code ? Code->Live[At] : uint16_t(~0u);
      if (!frames(Old.frame(N), New.frame(N), Live))
        return false;
    }
    return true;
  }

private:
  bool frames(const Frame &Old, const Frame &New, uint16_t Live) {
    if (Old.Sub != New.Sub || Old.CallSite != New.CallSite ||
        Old.Callback != New.Callback)
      return false;
    // The new state may have more rounds of a callback before it.
    if (How == Exactness::Needed && Old.CallbackDepth > New.CallbackDepth)
      return false;
    bool ByCode = Code && Code->LiveByCode;
    for (unsigned N = 0; N != isa::NumRegs; ++N)
      if ((Live >> N & 1) && !registers(Old.R[N], New.R[N], ByCode))
        return false;
    for (size_t N = 0; N != Old.Stack.size(); ++N)
      if (!slots(Old.Stack[N], N < New.Stack.size() ? &New.Stack[N] : nullptr))
        return false;
    return true;
  }

  bool pair(uint32_t Old, uint32_t New) {
    if (!Old || !New)
      return Old == New;
    for (auto [A, B] : Pairs)
      if (A == Old || B == New)
        return A == Old && B == New;
    Pairs.push_back({Old, New});
    return true;
  }

  /// A number that is linked to nothing may be linked in the new state: that
  /// only makes more of it known.
  bool pairScalars(uint32_t Old, uint32_t New) {
    if (How == Exactness::Exact)
      return pair(Old, New);
    if (!Old)
      return true;
    if (!New)
      New = Unlinked--;
    return pair(Old, New);
  }

  /// \p Live: the registers' values are read later, whether or not that was
  /// seen.
  bool registers(const Reg &Old, const Reg &New, bool Live = false) {
    if (How == Exactness::Needed && !Live && !Graph.isRead(Old.Node))
      return true;
    if (Old.is(Kind::NotInit))
      return How != Exactness::Exact || New.is(Kind::NotInit);
    if (Old.K != New.K || Old.Flags != New.Flags)
      return false;
    switch (Old.K) {
    case Kind::Scalar:
      return scalars(Old, New);
    case Kind::MapValue:
    case Kind::MapKey:
    case Kind::Mem:
    case Kind::Object:
      return Old.Off == New.Off && Old.Index == New.Index &&
             Old.Size == New.Size && within(Old, New) && pair(Old.Id, New.Id) &&
             pair(Old.Ref, New.Ref);
    case Kind::Packet:
    case Kind::PacketMeta:
      return Old.Size <= New.Size && Old.Off == New.Off && within(Old, New) &&
             pair(Old.Id, New.Id);
    case Kind::Foreign:
      return Old.Off == New.Off && Old.Index == New.Index;
    default:
      return Old.Off == New.Off && Old.Index == New.Index &&
             Old.Size == New.Size && Old.Value == New.Value &&
             pair(Old.Id, New.Id) && pair(Old.Ref, New.Ref);
    }
  }

  bool within(const Reg &Old, const Reg &New) const {
    return How == Exactness::Exact ? Old.Value == New.Value
                                   : Old.Value.contains(New.Value);
  }

  bool scalars(const Reg &Old, const Reg &New) {
    if (How == Exactness::Exact)
      return Old.Value == New.Value && Old.HasDelta == New.HasDelta &&
             Old.Off == New.Off && pairScalars(Old.Id, New.Id);
    if (How == Exactness::Needed && !Graph.isPrecise(Old.Node))
      return true;
    return Old.HasDelta == New.HasDelta &&
           (!Old.HasDelta || Old.Off == New.Off) && within(Old, New) &&
           pairScalars(Old.Id, New.Id);
  }

  static bool isUnknown(Byte B) {
    return B == Byte::Misc || B == Byte::Invalid;
  }

  /// The number that eight bytes hold, if they hold one as a whole.
  static bool asScalar(const StackSlot &S, Reg &R) {
    if (S.isFullSpill() && S.Spill.isScalar()) {
      R = S.Spill;
      return true;
    }
    for (Byte B : S.Bytes)
      if (!isUnknown(B))
        return false;
    R = Reg();
    R.K = Kind::Scalar;
    R.Node = S.Spill.Node;
    return true;
  }

  bool slots(const StackSlot &Old, const StackSlot *New) {
    if (How == Exactness::Needed && !Graph.isRead(Old.Spill.Node))
      return true;
    static const StackSlot Nothing;
    if (!New)
      New = &Nothing;
    if (How != Exactness::Exact) {
      Reg A, B;
      if (asScalar(Old, A) && asScalar(*New, B)) {
        // Only bytes that were never set are less than a number.
        bool OldSet = false;
        for (Byte X : Old.Bytes)
          OldSet |= X != Byte::Invalid;
        return !OldSet || scalars(A, B);
      }
    }
    for (unsigned N = 0; N != 8; ++N) {
      Byte A = Old.Bytes[N], B = New->Bytes[N];
      if (How != Exactness::Exact) {
        if (isUnknown(A))
          continue;
      }
      if (A != B)
        return false;
    }
    switch (Old.Bytes[0]) {
    case Byte::Spill:
      return registers(Old.Spill, New->Spill);
    case Byte::Dynptr:
      return Old.Spill.Flags == New->Spill.Flags &&
             Old.Spill.Index == New->Spill.Index &&
             Old.Spill.Size == New->Spill.Size &&
             pair(Old.Spill.Ref, New->Spill.Ref);
    case Byte::Iter:
      // Depth is not compared: it only tells rounds of a loop apart.
      return Old.Spill.Index == New->Spill.Index &&
             Old.Spill.Flags == New->Spill.Flags &&
             Old.Spill.Id == New->Spill.Id && Old.Spill.Off == New->Spill.Off &&
             pair(Old.Spill.Ref, New->Spill.Ref);
    default:
      return true;
    }
  }

  const Nodes &Graph;
  Exactness How;
  const Unit *Code;
  uint32_t Pc;
  uint32_t Unlinked = ~0u;
  llvm::SmallVector<std::pair<uint32_t, uint32_t>, 16> Pairs;
};

} // namespace

bool covers(const State &Old, const State &New, const Nodes &Graph,
            Exactness How, const Unit *Code, uint32_t Pc) {
  return Comparison(Graph, How, Code, Pc).states(Old, New);
}

} // namespace bpfcc::verify

// The stack, in slots of eight bytes. A register that is stored at the start of
// a slot is kept as it is and comes back by a load of the same width; other
// stores leave bytes of which no more is known than whether they are zero.
//
// A slot has one node: for what was read of it and what its number was needed
// for. A store of fewer than eight bytes leaves others as they were, so its
// node renews the old one.

#include "runtime/verify/Verifier.h"
#include "support/Counted.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;
using isa::Op;

/// The slot of the byte at \p Off below the frame's top, and its place in it.
static unsigned slotOf(int64_t Off) { return unsigned((-Off - 1) / 8); }
static unsigned byteOf(int64_t Off) {
  return unsigned(Off + 8 * (int64_t(slotOf(Off)) + 1));
}

StackSlot &Verifier::slot(uint32_t FrameNo, unsigned N) {
  return Cur.writable(FrameNo).Stack[N];
}

void Verifier::growStack(uint32_t FrameNo, int64_t Lowest) {
  size_t Slots = slotOf(Lowest) + 1;
  if (Cur.frame(FrameNo).Stack.size() < Slots)
    Cur.writable(FrameNo).Stack.resize(Slots);
  Unit::Sub &S = U.Subs[Cur.frame(FrameNo).Sub];
  S.SpillDepth = std::max(S.SpillDepth, unsigned(-Lowest));
  bool IsFastSpill = U.Marks[Pc] & Unit::FastSpill;
  S.KeepsSpills |= !IsFastSpill && Lowest < S.SpillTop;
  if (S.KeepsSpills)
    S.StackDepth = S.SpillDepth;
  else if (!IsFastSpill)
    S.StackDepth = std::max(S.StackDepth, unsigned(-Lowest));
}

/// The slots \p First to \p Last are to be overwritten: dynptrs in them are
/// gone. False if one of them holds what must be released.
bool Verifier::dropSpecial(uint32_t FrameNo, unsigned First, unsigned Last) {
  const std::vector<StackSlot> &Stack = Cur.frame(FrameNo).Stack;
  for (unsigned N = First; N <= Last && N < Stack.size(); ++N) {
    if (Stack[N].Bytes[0] != Byte::Dynptr)
      continue;
    if (Stack[N].Spill.Ref)
      return fail(DiagCode::BadDynptr,
                  "a dynptr that holds a ring buffer record is overwritten",
                  "submit or discard it first");
    uint32_t Id = Stack[N].Spill.Id;
    for (StackSlot &S : Cur.writable(FrameNo).Stack)
      if (S.Bytes[0] == Byte::Dynptr && S.Spill.Id == Id) {
        Nodes::Id Node = S.Spill.Node;
        S = StackSlot();
        S.Spill.Node = Graph.renew(Node);
      }
    dropDynptrSlices(Id);
  }
  return true;
}

bool Verifier::stackAccess(const Access &A, const Reg &R, Reg *Loaded) {
  int64_t Min = R.minOff() + A.Off, Max = R.maxOff() + A.Off;
  if (!R.Value.isConstant() &&
      (R.Value.Whole.SMax >= MaxOffset || R.Value.Whole.SMin <= -MaxOffset))
    return failAbout(DiagCode::OutOfBounds, R,
                     "the offset into the stack is unbounded" + rangeText(R),
                     "compare the index with the array's size first");
  if (Min < -MaxStack || Max + A.Bytes > 0) {
    std::string Where =
        Min == Max ? std::to_string(Min)
                   : std::to_string(Min) + " to " + std::to_string(Max);
    return failAbout(DiagCode::OutOfBounds, R,
                     "an access of " + counted(A.Bytes, "byte") +
                         " at offset " + Where +
                         " from the frame's top is outside the stack of " +
                         counted(MaxStack, "byte"),
                     "compare the index with the array's size first");
  }
  growStack(R.Index, Min);
  if (!R.Value.isConstant())
    return stackRange(A, R.Index, Min, Max + A.Bytes) &&
           (!Loaded || (*Loaded = boundedScalar(A.Bytes, A.SignExtend), true));
  return A.Write ? stackWrite(A, R.Index, int(Min))
                 : stackRead(A, R.Index, int(Min), Loaded);
}

/// Bytes of a slot in which a register was spilled, once part of it is gone.
static void scrub(StackSlot &S) {
  for (Byte &B : S.Bytes)
    if (B == Byte::Spill || B == Byte::Dynptr || B == Byte::Iter)
      B = Byte::Misc;
  Nodes::Id Node = S.Spill.Node;
  S.Spill = Reg();
  S.Spill.Node = Node;
}

bool Verifier::stackWrite(const Access &A, uint32_t FrameNo, int Off) {
  unsigned N = slotOf(Off), First = byteOf(Off);
  if (!dropSpecial(FrameNo, N, N))
    return false;
  const Reg *V = A.Stored;
  if (V && V->isPointer()) {
    if (A.Bytes != 8)
      return failAbout(DiagCode::StackUse, *V,
                       "a pointer is stored in " + counted(A.Bytes, "byte"),
                       "store it in a pointer or a __u64");
    if (V->is(Kind::Stack) && FrameNo != frameNo())
      return failAbout(DiagCode::StackUse, *V,
                       "the address of a variable is stored in the stack of "
                       "the function that called");
  }
  StackSlot &S = slot(FrameNo, N);
  Nodes::Id Before = S.Spill.Node, From = V ? V->Node : 0;
  bool Spills = V && (V->isPointer() || First == 0);
  // Older kernels keep numbers that have bounds.
  if (Spills && V->isScalar() && !has(target::Feature::SpilledNumbers))
    Spills = !(V->Value == Scalar::unknown());
  if (Spills) {
    Reg Kept = *V;
    if (A.Bytes < 8) {
      uint64_t Max = (uint64_t(1) << (8 * A.Bytes)) - 1;
      if (Kept.Value.Whole.UMax > Max) {
        Kept.Id = 0;
        Kept.HasDelta = false;
        Kept.Off = 0;
        Kept.Value = analysis::applyAlu(Op::AND_RI, Kept.Value,
                                        Scalar::constant(Max), P.BigEndian);
      }
    }
    scrub(S);
    for (unsigned B = 0; B != 8; ++B) {
      if (B < A.Bytes)
        S.Bytes[B] = Byte::Spill;
      else if (S.Bytes[B] != Byte::Zero && S.Bytes[B] != Byte::Invalid)
        S.Bytes[B] = Byte::Misc;
    }
    S.Spill = Kept;
    S.Spill.Node = A.Bytes == 8 ? Graph.define(Pc, From)
                                : Graph.renew(Graph.define(Pc, From), Before);
    if (A.Bytes < 8) // reads pass to what the other bytes held before
      S.Spill.Node = Graph.renew(Before, S.Spill.Node);
    return true;
  }
  bool Zero = V && V->isZero();
  if (Zero)
    Graph.markPrecise(From);
  scrub(S);
  for (unsigned B = First; B != First + A.Bytes; ++B)
    S.Bytes[B] = Zero ? Byte::Zero : Byte::Misc;
  S.Spill.Node =
      A.Bytes == 8 ? Graph.define(Pc) : Graph.renew(Before, Graph.define(Pc));
  return true;
}

bool Verifier::stackRead(const Access &A, uint32_t FrameNo, int Off,
                         Reg *Loaded) {
  const StackSlot &S = Cur.frame(FrameNo).Stack[slotOf(Off)];
  unsigned First = byteOf(Off);
  Graph.markRead(S.Spill.Node);
  if (S.isSpill() && S.Spill.isPointer()) {
    if (A.Bytes != 8)
      return failAbout(DiagCode::StackUse, S.Spill,
                       "a pointer on the stack is read in part, by " +
                           counted(A.Bytes, "byte"),
                       "read it as a pointer or a __u64");
    if (Loaded)
      *Loaded = S.Spill;
    return true;
  }
  if (S.isSpill() && Loaded) {
    unsigned Spilled = 0;
    while (Spilled != 8 && S.Bytes[Spilled] == Byte::Spill)
      ++Spilled;
    bool Low = P.BigEndian ? First + A.Bytes == Spilled : First == 0;
    if (has(target::Feature::SpilledNumbers) ? A.Bytes <= Spilled && Low
                                             : A.Bytes == Spilled && !First) {
      Reg R = S.Spill;
      uint64_t Max =
          A.Bytes == 8 ? ~uint64_t(0) : (uint64_t(1) << (8 * A.Bytes)) - 1;
      if (R.Value.Whole.UMax > Max) {
        R.Id = 0;
        R.HasDelta = false;
        R.Off = 0;
        R.Value = analysis::applyAlu(Op::AND_RI, R.Value, Scalar::constant(Max),
                                     P.BigEndian);
        if (A.Bytes == 4 && R.Value.Whole.UMax > Max)
          R.Value = Scalar::range(0, Max);
      }
      if (A.SignExtend) {
        Op Extend = A.Bytes == 1   ? Op::MOVSX8
                    : A.Bytes == 2 ? Op::MOVSX16
                                   : Op::MOVSX32;
        Scalar V =
            analysis::applyAlu(Extend, Scalar::unknown(), R.Value, P.BigEndian);
        if (!(V == R.Value)) {
          R.Id = 0;
          R.HasDelta = false;
          R.Off = 0;
        }
        R.Value = V;
      }
      *Loaded = R;
      return true;
    }
  }
  unsigned Zeros = 0;
  for (unsigned B = First; B != First + A.Bytes; ++B) {
    switch (S.Bytes[B]) {
    case Byte::Invalid:
      if (!mayReadUnset())
        return fail(DiagCode::UninitRegister,
                    "stack at offset " + Twine(Off + int(B - First)) +
                        " is read and was not written",
                    "initialise the variable: `= {}`");
      break;
    case Byte::Zero:
      ++Zeros;
      break;
    case Byte::Spill:
      Zeros += S.Spill.isZero();
      break;
    case Byte::Dynptr:
    case Byte::Iter:
      return fail(DiagCode::StackUse,
                  "the inside of a dynptr or an iterator is read",
                  "use their functions");
    default:
      break;
    }
  }
  if (Loaded) {
    Nodes::Id Node = S.Spill.Node;
    if (Zeros == A.Bytes)
      *Loaded = constantScalar(0);
    Loaded->Node = Node;
  }
  return true;
}

/// An access at an unknown place in [\p Min, \p End).
bool Verifier::stackRange(const Access &A, uint32_t FrameNo, int64_t Min,
                          int64_t End) {
  if (A.Write && !dropSpecial(FrameNo, slotOf(End - 1), slotOf(Min)))
    return false;
  if (A.Stored && A.Stored->isPointer() && A.Bytes != 8)
    return failAbout(DiagCode::StackUse, *A.Stored,
                     "a pointer is stored in " + counted(A.Bytes, "byte"));
  bool Zero = A.Write && A.Stored && A.Stored->isZero();
  for (int64_t Off = Min; Off != End; ++Off) {
    if (!A.Write) {
      const StackSlot &S = Cur.frame(FrameNo).Stack[slotOf(Off)];
      Byte B = S.Bytes[byteOf(Off)];
      if (B == Byte::Dynptr || B == Byte::Iter ||
          (B == Byte::Invalid && !mayReadUnset()))
        return fail(DiagCode::StackUse,
                    B == Byte::Invalid
                        ? "stack that may not be set is read"
                        : "the inside of a dynptr or an iterator is read");
      Graph.markRead(S.Spill.Node);
      continue;
    }
    StackSlot &S = slot(FrameNo, slotOf(Off));
    Byte &B = S.Bytes[byteOf(Off)];
    bool StaysZero =
        Zero && (B == Byte::Zero || (B == Byte::Spill && S.Spill.isZero()));
    if (!StaysZero) {
      scrub(S);
      B = Byte::Misc;
    }
    if (byteOf(Off) == 7 || Off + 1 == End)
      S.Spill.Node = Graph.renew(S.Spill.Node, Graph.define(Pc));
  }
  if (Zero)
    Graph.markPrecise(A.Stored->Node);
  return true;
}

/// \p Bytes of stack that a helper reads or fills.
bool Verifier::stackRegion(const Reg &R, unsigned RegNo, uint64_t Bytes,
                           bool Write, bool Read) {
  int64_t Min = R.minOff(), Max = R.maxOff();
  if (!R.Value.isConstant() &&
      (R.Value.Whole.SMax >= MaxOffset || R.Value.Whole.SMin <= -MaxOffset))
    return failAbout(DiagCode::OutOfBounds, R,
                     "the offset into the stack is unbounded" + rangeText(R));
  if (Min < -MaxStack || Max > 0 || uint64_t(-Max) < Bytes)
    return failAbout(DiagCode::OutOfBounds, R,
                     "a region of " + counted(Bytes, "byte") + " at offset " +
                         Twine(Max) +
                         " from the frame's top does not fit into the stack",
                     "pass the size of the variable: `sizeof`");
  if (!Bytes)
    return true;
  growStack(R.Index, Min);
  bool Raw = Write && !Read && R.Value.isConstant();
  for (int64_t Off = Min; Off != Max + int64_t(Bytes); ++Off) {
    const StackSlot &S = Cur.frame(R.Index).Stack[slotOf(Off)];
    Byte B = S.Bytes[byteOf(Off)];
    if (B == Byte::Dynptr || B == Byte::Iter)
      return fail(DiagCode::StackUse,
                  "the inside of a dynptr or an iterator is handed to a helper",
                  "use another variable");
    if (Raw)
      continue;
    if (B == Byte::Invalid && !mayReadUnset())
      return fail(DiagCode::UninitRegister,
                  "stack at offset " + Twine(Off) +
                      " is handed to a helper and was not written",
                  "initialise the variable, padding too: `= {}` or memset()");
    Graph.markRead(S.Spill.Node);
  }
  if (!Write)
    return true;
  Access A;
  A.Write = true;
  for (int64_t Off = Min; Off != Max + int64_t(Bytes);) {
    unsigned First = byteOf(Off);
    unsigned Count =
        unsigned(std::min<int64_t>(8 - First, Max + int64_t(Bytes) - Off));
    A.Bytes = Count;
    if (!stackWrite(A, R.Index, int(Off)))
      return false;
    Off += Count;
  }
  return true;
}

/// The first of the \p Slots slots of \p What, to which \p RegNo points.
bool Verifier::objectSlot(unsigned RegNo, unsigned Slots, DiagCode Code,
                          const char *What, uint32_t &FrameNo, unsigned &Slot) {
  const Reg &R = reg(RegNo);
  if (!R.is(Kind::Stack))
    return failAbout(
        Code, R, Twine(What) + " lies on the stack, this is " + kindName(R));
  if (!R.Value.isConstant())
    return failAbout(Code, R,
                     "the place of " + Twine(What) + " must be constant");
  int64_t Off = R.minOff();
  if (Off % 8 || Off > -8 * int(Slots) || Off < -MaxStack)
    return failAbout(Code, R,
                     Twine(What) + " cannot lie at offset " + Twine(Off) +
                         " of the stack");
  FrameNo = R.Index;
  growStack(FrameNo, Off);
  Slot = unsigned((-Off - 1) / 8);
  return true;
}

} // namespace bpfcc::verify

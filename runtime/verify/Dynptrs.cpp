// Dynptrs: a pair of stack slots that only helpers may touch. What a dynptr
// leads to is checked when it is used; a dynptr of a ring buffer record must be
// submitted or discarded. Slices of it end with it.

#include "runtime/verify/Verifier.h"

using namespace llvm;

namespace bpfcc::verify {

using analysis::Scalar;

enum : unsigned {
  FromMem = 197,
  ReserveDynptr = 198,
  DynptrWrite = 202,
  DynptrData = 203,
};

/// What a dynptr is of; kept in a slot's Spill.Index.
enum DynptrOf : uint32_t { OfMem = 1, OfRingbuf, OfSkb, OfXdp };

bool Verifier::dynptrSlot(unsigned RegNo, uint32_t &FrameNo, unsigned &Slot) {
  const Reg &R = reg(RegNo);
  if (!R.is(Kind::Stack))
    return failAbout(DiagCode::BadDynptr, R,
                     Twine("a dynptr lies on the stack, this is ") +
                         kindName(R));
  if (!R.Value.isConstant())
    return failAbout(DiagCode::BadDynptr, R,
                     "a dynptr's place must be constant");
  int64_t Off = R.minOff();
  if (Off % 8 || Off > -16 || Off < -MaxStack)
    return failAbout(DiagCode::BadDynptr, R,
                     "no dynptr lies at offset " + Twine(Off) +
                         " of the stack");
  FrameNo = R.Index;
  growStack(FrameNo, Off);
  Slot = unsigned((-Off - 1) / 8);
  return true;
}

void Verifier::dropDynptrSlices(uint32_t Id) {
  forEachReg(Cur, [&](Reg &R) {
    if (!(R.Flags & InDynptr) || R.Index != Id)
      return;
    R = unknownScalar();
    R.Node = Graph.define(Pc);
  });
}

bool Verifier::newDynptr(Call &C, unsigned RegNo) {
  uint32_t FrameNo;
  unsigned Slot;
  if (!dynptrSlot(RegNo, FrameNo, Slot))
    return false;
  if (!dropSpecial(FrameNo, Slot - 1, Slot))
    return false;
  Reg D;
  D.K = Kind::Dynptr;
  D.Id = newId();
  D.Value = Scalar::constant(0);
  if (C.H && C.H->Id == ReserveDynptr) {
    D.Index = OfRingbuf;
    D.Ref = acquire("a dynptr of a ring buffer");
  } else if (C.H && C.H->Id == FromMem) {
    D.Index = OfMem;
  } else if (C.Name == "bpf_dynptr_from_skb") {
    D.Index = OfSkb;
    if (!mayTouchPacket(true, nullptr))
      D.Flags = ReadOnly;
  } else if (C.Name == "bpf_dynptr_from_xdp") {
    D.Index = OfXdp;
  } else {
    return cannotJudge("a dynptr made by `" + C.Name + "`");
  }
  for (unsigned N : {Slot - 1, Slot}) {
    StackSlot &S = slot(FrameNo, N);
    S.Bytes.fill(Byte::Dynptr);
    S.Spill = D;
    // The first slot (lower address, higher number) is the one that is used.
    S.Spill.Size = N == Slot;
    S.Spill.Node = Graph.define(Pc);
  }
  return true;
}

bool Verifier::useDynptr(Call &C, unsigned RegNo, bool Release) {
  const Reg R = reg(RegNo);
  if (R.is(Kind::Dynptr) && !Release) {
    if (R.Off)
      return failAbout(DiagCode::BadDynptr, R, "a dynptr that was moved");
    C.DynptrId = R.Index;
    return true;
  }
  uint32_t FrameNo;
  unsigned Slot;
  if (R.is(Kind::Dynptr))
    return failAbout(DiagCode::BadDynptr, R,
                     "a callback releases a dynptr that it was given");
  if (!dynptrSlot(RegNo, FrameNo, Slot))
    return false;
  const StackSlot &S = Cur.frame(FrameNo).Stack[Slot];
  if (S.Bytes[0] != Byte::Dynptr || !S.Spill.Size || !Slot ||
      Cur.frame(FrameNo).Stack[Slot - 1].Bytes[0] != Byte::Dynptr)
    return failAbout(DiagCode::BadDynptr, R,
                     "`" + C.Name +
                         "` wants a dynptr that was made and not released on "
                         "this path");
  Graph.markRead(S.Spill.Node);
  Graph.markRead(Cur.frame(FrameNo).Stack[Slot - 1].Spill.Node);
  C.DynptrId = S.Spill.Id;
  C.DynptrRef = S.Spill.Ref;
  C.DynptrFlags = S.Spill.Flags;
  bool OfPacket = S.Spill.Index == OfSkb || S.Spill.Index == OfXdp;
  if (C.H && C.H->Id == DynptrData && OfPacket)
    return failAbout(DiagCode::BadDynptr, R,
                     "bpf_dynptr_data() does not take dynptrs of packets",
                     "use bpf_dynptr_slice()");
  if (C.H && C.H->Id == DynptrWrite && OfPacket)
    forgetPackets();
  if (!Release)
    return true;
  if (S.Spill.Index != OfRingbuf)
    return failAbout(DiagCode::BadDynptr, R,
                     "this dynptr is not of a ring buffer");
  uint32_t Id = S.Spill.Id, Ref = S.Spill.Ref;
  for (unsigned N : {Slot - 1, Slot}) {
    StackSlot &Gone = slot(FrameNo, N);
    Gone = StackSlot();
    Gone.Spill.Node = Graph.define(Pc);
  }
  dropDynptrSlices(Id);
  C.ReleasedRef = Ref;
  return true;
}

} // namespace bpfcc::verify

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
};

/// What a dynptr is of; kept in a slot's Spill.Index.
enum DynptrOf : uint32_t { OfMem = 1, OfRingbuf, OfSkb, OfXdp };

bool Verifier::dynptrSlot(unsigned RegNo, uint32_t &FrameNo, unsigned &Slot) {
  return objectSlot(RegNo, 2, DiagCode::BadDynptr, "a dynptr", FrameNo, Slot);
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
  } else if (C.Name == "bpf_dynptr_clone") {
    D.Index = C.ClonedOf;
    D.Flags = C.DynptrFlags;
    D.Ref = C.DynptrRef;
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
  C.ClonedOf = S.Spill.Index;
  // A write may move the packet of an skb; that of XDP stays.
  if (C.H && C.H->Id == DynptrWrite && S.Spill.Index == OfSkb)
    forgetPackets();
  if (!Release)
    return true;
  if (S.Spill.Index != OfRingbuf)
    return failAbout(DiagCode::BadDynptr, R,
                     "this dynptr is not of a ring buffer");
  // Clones end with it, and so do the slices of all.
  uint32_t Ref = S.Spill.Ref;
  for (size_t F = 0; F != Cur.Frames.size(); ++F)
    for (StackSlot &Gone : Cur.writable(F).Stack)
      if (Gone.Bytes[0] == Byte::Dynptr && Gone.Spill.Ref == Ref) {
        dropDynptrSlices(Gone.Spill.Id);
        Gone = StackSlot();
        Gone.Spill.Node = Graph.define(Pc);
      }
  C.ReleasedRef = Ref;
  return true;
}

bool isDynptrFunction(StringRef Name) {
  return is_contained(
      {"bpf_dynptr_from_skb", "bpf_dynptr_from_xdp", "bpf_dynptr_slice",
       "bpf_dynptr_slice_rdwr", "bpf_dynptr_adjust", "bpf_dynptr_is_null",
       "bpf_dynptr_is_rdonly", "bpf_dynptr_size", "bpf_dynptr_clone"},
      Name);
}

/// Kernel functions that make and use dynptrs.
bool Verifier::dynptrKfunc(Call &C, StringRef Name) {
  auto Number = [&](unsigned N) {
    if (!read(N))
      return false;
    return reg(N).isScalar() ||
           failAbout(DiagCode::HelperArgument, reg(N),
                     "argument " + Twine(N) + " of `" + C.Name +
                         "` must be a number, this is " + kindName(reg(N)));
  };
  if (Name == "bpf_dynptr_from_skb" || Name == "bpf_dynptr_from_xdp") {
    using target::ProgType;
    bool Xdp = Name == "bpf_dynptr_from_xdp";
    const target::ProgTypeInfo *T = target::progTypeInfo(O.Type);
    bool OfKernel = O.Type == ProgType::Tracing || O.Type == ProgType::Lsm ||
                    O.Type == ProgType::Netfilter ||
                    O.Type == ProgType::StructOps;
    if (OfKernel && !C.Func)
      return cannotJudge("`" + C.Name + "` of a packet of the kernel");
    if (OfKernel)
      return kernelCall(C);
    if (!T || T->Context !=
                  (Xdp ? target::CtxLayout::XdpMd : target::CtxLayout::SkBuff))
      return fail(DiagCode::HelperForType,
                  "`" + C.Name + "` cannot be called by programs of this type");
    if (!read(isa::R1) || !Number(isa::R2) || !read(isa::R3))
      return false;
    const Reg &Ctx = reg(isa::R1);
    if (!Ctx.is(Kind::Ctx) || Ctx.Off || !Ctx.Value.isConstant())
      return failAbout(DiagCode::HelperArgument, Ctx,
                       "`" + C.Name + "` wants the context first");
    if (!newDynptr(C, isa::R3))
      return false;
    clearCallerSaved();
    defineUnknown(isa::R0);
    return true;
  }
  if (!read(isa::R1) || !useDynptr(C, isa::R1, false))
    return false;
  if (Name == "bpf_dynptr_clone") {
    if (!read(isa::R2) || reg(isa::R1).is(Kind::Dynptr))
      return cannotJudge("a clone of a dynptr that a callback was given");
    if (!newDynptr(C, isa::R2))
      return false;
  } else if (Name == "bpf_dynptr_adjust") {
    if (!Number(isa::R2) || !Number(isa::R3))
      return false;
  } else if (Name == "bpf_dynptr_slice" || Name == "bpf_dynptr_slice_rdwr") {
    return dynptrSlice(C, Name == "bpf_dynptr_slice_rdwr");
  }
  clearCallerSaved();
  defineUnknown(isa::R0);
  if (Name == "bpf_dynptr_is_null" || Name == "bpf_dynptr_is_rdonly") {
    Reg R = boundedScalar(1, false);
    define(isa::R0, R);
  }
  return true;
}

/// A piece of what a dynptr leads to, or the buffer with a copy of it.
bool Verifier::dynptrSlice(Call &C, bool Write) {
  if (Write && C.DynptrFlags & ReadOnly)
    return fail(DiagCode::ReadOnlyMemory,
                "`bpf_dynptr_slice_rdwr` of a packet that may not be written",
                "use bpf_dynptr_slice()");
  for (unsigned N : {isa::R2, isa::R3, isa::R4})
    if (!read(N))
      return false;
  const Reg Size = reg(isa::R4);
  if (!reg(isa::R2).isScalar() || !Size.isConstant())
    return failAbout(DiagCode::HelperArgument, Size,
                     "the size of a slice must be a constant");
  uint64_t Bytes = Size.Value.Bits.Value;
  if (Bytes >= uint64_t(MaxOffset))
    return failAbout(DiagCode::UnboundedSize, Size, "the slice is too large");
  Graph.markPrecise(Size.Node);
  if (!reg(isa::R3).isZero() &&
      !region(isa::R3, Bytes, true, true, nullptr, false))
    return false;
  Reg R;
  R.K = Kind::Mem;
  bool OfPacket = C.ClonedOf == OfSkb || C.ClonedOf == OfXdp;
  R.Flags = uint16_t(MayBeNull | InDynptr | (Write ? 0 : ReadOnly) |
                     (OfPacket ? InPacket : 0));
  R.Id = newId();
  R.Index = C.DynptrId;
  R.Size = uint32_t(Bytes);
  R.Value = Scalar::constant(0);
  clearCallerSaved();
  define(isa::R0, R);
  return true;
}

} // namespace bpfcc::verify

// Kernel functions on dynptrs, and those that make dynptrs of packets.

#include "runtime/helpers/Dynptr.h"
#include "runtime/helpers/PacketEdit.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {
namespace {

template <bool Xdp> Result fromPacket(Call &C) {
  const Packet *P = C.Env.Pkt;
  if (!P || P->IsXdp != Xdp)
    return C.error(Xdp ? "needs the context of an XDP program"
                       : "needs the context of a program on an sk_buff");
  Dynptr D;
  if (!C.R[1])
    D = {0, PacketEdit(C.Env).size(),
         P->ReadOnly ? Dynptr::ReadOnlyPacket : Dynptr::Packet};
  D.store(C, 2);
  return C.R[1] ? fail(EINVAL) : 0;
}

/// The data itself: a packet here is in one piece, so the buffer that a caller
/// offers for pieces stays as it is.
template <bool ForWrites> Result slice(Call &C) {
  Dynptr D = Dynptr::load(C, 0);
  if (ForWrites && D.Kind == Dynptr::ReadOnlyPacket)
    return 0;
  uint64_t Offset = uint32_t(C.R[1]), Length = uint32_t(C.R[3]);
  if (D.check(Offset, Length) || !D.host(C, Offset, Length))
    return 0;
  return D.guest(C, Offset);
}

Result adjust(Call &C) {
  Dynptr D = Dynptr::load(C, 0);
  uint32_t Start = uint32_t(C.R[1]), End = uint32_t(C.R[2]);
  if (D.Kind == Dynptr::Null || Start > End)
    return fail(EINVAL);
  if (End > D.Size)
    return fail(ERANGE);
  Dynptr{D.Start + Start, End - Start, D.Kind}.store(C, 0);
  return 0;
}

Result isNull(Call &C) { return Dynptr::load(C, 0).Kind == Dynptr::Null; }

Result isReadOnly(Call &C) {
  return Dynptr::load(C, 0).Kind == Dynptr::ReadOnlyPacket;
}

Result size(Call &C) {
  Dynptr D = Dynptr::load(C, 0);
  return D.Kind == Dynptr::Null ? fail(EINVAL) : D.Size;
}

Result clone(Call &C) {
  Dynptr D = Dynptr::load(C, 0);
  D.store(C, 1);
  return D.Kind == Dynptr::Null ? fail(EINVAL) : 0;
}

} // namespace

HelperFunction dynptrKfunc(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("dynptr_from_skb", fromPacket<false>)
      .Case("dynptr_from_xdp", fromPacket<true>)
      .Case("dynptr_slice", slice<false>)
      .Case("dynptr_slice_rdwr", slice<true>)
      .Case("dynptr_adjust", adjust)
      .Case("dynptr_is_null", isNull)
      .Case("dynptr_is_rdonly", isReadOnly)
      .Case("dynptr_size", size)
      .Case("dynptr_clone", clone)
      .Default(nullptr);
}

} // namespace bpfcc

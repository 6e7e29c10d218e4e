// Helpers on dynptrs, and those that make dynptrs of memory and of ring buffer
// records.

#include "runtime/helpers/Dynptr.h"
#include "runtime/maps/RingBuf.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

Result fromMem(Call &C) {
  bool TooLarge = C.R[1] > Dynptr::MaxSize, Flags = C.R[2] != 0;
  Dynptr D;
  if (!TooLarge && !Flags)
    D = {C.R[0], uint32_t(C.R[1]), Dynptr::Memory};
  D.store(C, 3);
  return TooLarge ? fail(E2BIG) : Flags ? fail(EINVAL) : 0;
}

Result read(Call &C) {
  if (C.R[4])
    return fail(EINVAL);
  Dynptr From = Dynptr::load(C, 2);
  uint64_t Offset = uint32_t(C.R[3]), Length = C.R[1];
  if (int Errno = From.check(Offset, Length))
    return fail(Errno);
  const uint8_t *Bytes = From.host(C, Offset, Length);
  if (!Bytes)
    return fail(EFAULT);
  memmove(C.Mem[0], Bytes, Length);
  return 0;
}

Result write(Call &C) {
  constexpr uint64_t SkbFlags = 3; // recompute the checksum, forget the hash
  Dynptr To = Dynptr::load(C, 0);
  uint64_t Offset = uint32_t(C.R[1]), Length = C.R[3];
  if (To.Kind == Dynptr::ReadOnlyPacket)
    return fail(EINVAL);
  if (int Errno = To.check(Offset, Length))
    return fail(Errno);
  bool Skb = To.Kind == Dynptr::Packet && C.Env.Pkt && !C.Env.Pkt->IsXdp;
  if (C.R[4] & ~(Skb ? SkbFlags : 0))
    return fail(EINVAL);
  uint8_t *Bytes = To.host(C, Offset, Length);
  if (!Bytes)
    return fail(EFAULT);
  memmove(Bytes, C.Mem[2], Length);
  return 0;
}

/// Of a packet there is none: it may be in pieces.
Result data(Call &C) {
  Dynptr D = Dynptr::load(C, 0);
  uint64_t Offset = uint32_t(C.R[1]), Length = uint32_t(C.R[2]);
  if (D.isPacket() || D.check(Offset, Length) || !D.host(C, Offset, Length))
    return 0;
  return D.guest(C, Offset);
}

Result reserve(Call &C) {
  if (MapType(C.M->def().Type) != MapType::RingBuf)
    return C.error("map `" + C.M->def().Name + "` is no ring buffer");
  Dynptr().store(C, 3);
  if (C.R[2])
    return fail(EINVAL);
  uint32_t Size = uint32_t(C.R[1]);
  if (Size > Dynptr::MaxSize)
    return fail(E2BIG);
  uint64_t Guest = static_cast<RingBuf *>(C.M)->reserve(Size);
  if (!Guest)
    return fail(EINVAL);
  Dynptr{Guest, Size, Dynptr::Memory}.store(C, 3);
  return 0;
}

Result release(Call &C, const char *Helper) {
  uint64_t Record = Dynptr::load(C, 0).Start;
  Dynptr().store(C, 0);
  if (!Record)
    return 0;
  return callHelper(C.Env, target::helperByName(Helper)->Id, {Record, C.R[1]});
}

Result submit(Call &C) { return release(C, "bpf_ringbuf_submit"); }
Result discard(Call &C) { return release(C, "bpf_ringbuf_discard"); }

/// Calls back with a dynptr of each sample that user space has put in; 1 ends
/// it. Gives the number of samples.
Result drain(Call &C) {
  constexpr uint64_t WakeupFlags = 3, MaxSamples = 128 * 1024;
  if (MapType(C.M->def().Type) != MapType::UserRingBuf)
    return C.error("map `" + C.M->def().Name + "` is no user ring buffer");
  if (C.R[3] & ~WakeupFlags)
    return fail(EINVAL);
  auto &Ring = static_cast<UserRingBuf &>(*C.M);
  if (!Ring.startDraining())
    return fail(EBUSY);
  auto Stop = make_scope_exit([&] { Ring.stopDraining(); });
  uint64_t Guest = C.Env.Mem.add(16, Memory::ReadWrite, "dynptr of a sample");
  if (!Guest)
    return fail(ENOMEM);
  C.Mem[2] = C.Env.Mem.host(Guest);
  uint64_t Count = 0;
  Result R = 0;
  while (R && !*R && Count != MaxSamples) {
    auto Sample = Ring.consume();
    if (!Sample)
      break;
    Dynptr{Sample->Guest, Sample->Size, Dynptr::Memory}.store(C, 2);
    R = C.Env.CallBack(C.R[1], {Guest, C.R[2]});
    Ring.release(*Sample);
    ++Count;
  }
  C.Env.Mem.remove(Guest);
  if (!R)
    return R;
  return Count;
}

} // namespace

HelperFunction dynptrHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("dynptr_from_mem", fromMem)
      .Case("dynptr_read", read)
      .Case("dynptr_write", write)
      .Case("dynptr_data", data)
      .Case("ringbuf_reserve_dynptr", reserve)
      .Case("ringbuf_submit_dynptr", submit)
      .Case("ringbuf_discard_dynptr", discard)
      .Case("user_ringbuf_drain", drain)
      .Default(nullptr);
}

} // namespace bpfcc

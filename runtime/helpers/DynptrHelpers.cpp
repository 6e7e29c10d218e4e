// Dynptrs of memory and of ring buffer records. The 16 bytes of a struct
// bpf_dynptr, which programs never look into, hold the guest address, the
// size and the flags.

#include "runtime/helpers/Call.h"
#include "runtime/maps/RingBuf.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

constexpr uint64_t MaxDynptr = (1u << 24) - 1;

void set(Call &C, unsigned N, uint64_t Guest, uint32_t Size) {
  C.store(C.Mem[N], 8, Guest);
  C.store(C.Mem[N] + 8, 4, Size);
  C.store(C.Mem[N] + 12, 4, 0);
}

uint64_t address(const Call &C, unsigned N) { return C.load(C.Mem[N], 8); }

/// The host bytes of [Offset, Offset + Size) of dynptr \p N.
uint8_t *bytes(const Call &C, unsigned N, uint64_t Offset, uint64_t Size,
               int &Errno) {
  uint64_t All = C.load(C.Mem[N] + 8, 4);
  Errno = EINVAL;
  if (!address(C, N))
    return nullptr;
  Errno = E2BIG;
  if (Size > All || Offset > All - Size)
    return nullptr;
  return C.Env.Mem.at(address(C, N) + Offset, Size, true);
}

Result fromMem(Call &C) {
  set(C, 3, 0, 0);
  if (C.R[1] > MaxDynptr)
    return fail(E2BIG);
  if (C.R[2])
    return fail(EINVAL);
  set(C, 3, C.R[0], uint32_t(C.R[1]));
  return 0;
}

Result read(Call &C) {
  if (C.R[4])
    return fail(EINVAL);
  int Errno;
  const uint8_t *From = bytes(C, 2, uint32_t(C.R[3]), C.R[1], Errno);
  if (!From)
    return fail(Errno);
  memmove(C.Mem[0], From, C.R[1]);
  return 0;
}

Result write(Call &C) {
  int Errno;
  uint8_t *To = bytes(C, 0, uint32_t(C.R[1]), C.R[3], Errno);
  if (!To || C.R[4])
    return fail(To ? EINVAL : Errno);
  memmove(To, C.Mem[2], C.R[3]);
  return 0;
}

Result data(Call &C) {
  int Errno;
  uint64_t Offset = uint32_t(C.R[1]);
  return bytes(C, 0, Offset, uint32_t(C.R[2]), Errno) ? address(C, 0) + Offset
                                                      : 0;
}

Result reserve(Call &C) {
  if (MapType(C.M->def().Type) != MapType::RingBuf)
    return C.error("map `" + C.M->def().Name + "` is no ring buffer");
  set(C, 3, 0, 0);
  if (C.R[2])
    return fail(EINVAL);
  if (uint32_t(C.R[1]) > MaxDynptr)
    return fail(E2BIG);
  uint64_t Guest = static_cast<RingBuf *>(C.M)->reserve(uint32_t(C.R[1]));
  if (!Guest)
    return fail(EINVAL);
  set(C, 3, Guest, uint32_t(C.R[1]));
  return 0;
}

Result release(Call &C, const char *Helper) {
  uint64_t Record = address(C, 0);
  set(C, 0, 0, 0);
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
  uint64_t Dynptr = C.Env.Mem.add(16, Memory::ReadWrite, "dynptr of a sample");
  if (!Dynptr)
    return fail(ENOMEM);
  uint8_t *Host = C.Env.Mem.host(Dynptr);
  uint64_t Count = 0;
  Result R = 0;
  while (R && !*R && Count != MaxSamples) {
    auto Sample = Ring.consume();
    if (!Sample)
      break;
    C.store(Host, 8, Sample->Guest);
    C.store(Host + 8, 4, Sample->Size);
    C.store(Host + 12, 4, 0);
    R = C.Env.CallBack(C.R[1], {Dynptr, C.R[2]});
    Ring.release(*Sample);
    ++Count;
  }
  C.Env.Mem.remove(Dynptr);
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

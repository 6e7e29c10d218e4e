// Ring buffers and perf event arrays. What they get goes to Env.Events.

#include "runtime/helpers/Call.h"
#include "runtime/maps/RingBuf.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

constexpr uint64_t NoWakeup = 1, ForceWakeup = 2;

Expected<RingBuf *> ringBuf(const Call &C) {
  if (MapType(C.M->def().Type) != MapType::RingBuf)
    return C.error("map `" + C.M->def().Name + "` is no ring buffer");
  return static_cast<RingBuf *>(C.M);
}

Result output(Call &C) {
  auto Ring = ringBuf(C);
  if (!Ring)
    return Ring.takeError();
  if (C.R[3] & ~(NoWakeup | ForceWakeup))
    return fail(EINVAL);
  if (!(*Ring)->pass(C.R[2]))
    return fail(EAGAIN);
  C.Env.record(C.MapNumber, {C.Mem[1], C.Mem[1] + C.R[2]});
  return 0;
}

Result reserve(Call &C) {
  auto Ring = ringBuf(C);
  if (!Ring)
    return Ring.takeError();
  return C.R[2] ? 0 : (*Ring)->reserve(C.R[1]);
}

Result release(Call &C, uint64_t Record, bool Keep) {
  std::vector<uint8_t> Bytes;
  for (uint32_t N = 0; N != C.Env.Maps.size(); ++N) {
    Map &M = *C.Env.Maps[N];
    if (MapType(M.def().Type) != MapType::RingBuf ||
        !static_cast<RingBuf &>(M).release(Record, Bytes))
      continue;
    if (Keep)
      C.Env.record(N, std::move(Bytes));
    return 0;
  }
  return C.error("argument 1 is no reserved record but " +
                 C.Env.Mem.describe(Record));
}

Result submit(Call &C) { return release(C, C.R[0], true); }
Result discard(Call &C) { return release(C, C.R[0], false); }

Result query(Call &C) {
  auto Ring = ringBuf(C);
  if (!Ring)
    return Ring.takeError();
  return (*Ring)->query(C.R[1]);
}

/// The bytes of the packet that the upper half of the flags asks for follow
/// the data.
Result perfOutput(Call &C) {
  constexpr uint64_t IndexMask = 0xffffffff, LengthMask = 0xfffffull << 32;
  uint64_t Flags = C.R[2];
  uint64_t Length = (Flags & LengthMask) >> 32;
  const Packet *P = C.Env.Pkt;
  if (MapType(C.M->def().Type) != MapType::PerfEventArray)
    return C.error("map `" + C.M->def().Name + "` is no perf event array");
  if (Flags & ~(IndexMask | (P ? LengthMask : 0)))
    return fail(EINVAL);
  if (P && Length > P->End - P->Start)
    return fail(EFAULT);
  uint64_t Index = Flags & IndexMask;
  if (Index == IndexMask)
    Index = C.Env.Cpu;
  if (Index >= C.M->def().MaxEntries)
    return fail(E2BIG);
  std::vector<uint8_t> Bytes(C.Mem[3], C.Mem[3] + (C.Mem[3] ? C.R[4] : 0));
  if (Length) {
    auto From = P->Buffer.begin() + P->Start;
    Bytes.insert(Bytes.end(), From, From + Length);
  }
  C.Env.record(C.MapNumber, std::move(Bytes));
  return 0;
}

} // namespace

HelperFunction eventHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("ringbuf_output", output)
      .Case("ringbuf_reserve", reserve)
      .Case("ringbuf_submit", submit)
      .Case("ringbuf_discard", discard)
      .Case("ringbuf_query", query)
      .Case("perf_event_output", perfOutput)
      .Default(nullptr);
}

} // namespace bpfcc

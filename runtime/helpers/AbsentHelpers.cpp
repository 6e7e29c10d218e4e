// Helpers about what this machine has none of: cgroups beside the root, routes,
// performance counters. They give what a kernel gives where there is none, and
// of a packet what it would be for one that came without any.

#include "runtime/helpers/Call.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

Result zero(Call &) { return 0; }

constexpr uint64_t RootCgroup = 1;

Result currentCgroup(Call &) { return RootCgroup; }

/// Above the root there is nothing, and below it neither.
Result ancestorCgroup(Call &C) { return uint32_t(C.R[0]) ? 0 : RootCgroup; }

/// What a counter of a perf event array says: nothing counts here, so that an
/// event in it is one for output.
Result counter(Call &C) {
  constexpr uint64_t IndexMask = 0xffffffff;
  if (MapType(C.M->def().Type) != MapType::PerfEventArray)
    return C.error("map `" + C.M->def().Name + "` is no perf event array");
  if (C.R[1] & ~IndexMask)
    return fail(EINVAL);
  uint64_t Index = C.R[1] == IndexMask ? C.Env.Cpu : C.R[1];
  if (Index >= C.M->def().MaxEntries)
    return fail(E2BIG);
  uint8_t Key[4];
  C.store(Key, 4, Index);
  return C.M->lookup(Key, C.Env.Cpu) ? 0 : fail(ENOENT);
}

Result counterValue(Call &C) {
  constexpr uint64_t ValueSize = 24; // struct bpf_perf_event_value
  memset(C.Mem[2], 0, C.R[3]);
  return C.R[3] == ValueSize ? counter(C) : fail(EINVAL);
}

enum TcVerdict : uint64_t { Shot = 2, Redirected = 7 };

Result redirectTo(Call &C, bool Allowed) {
  if (!C.Env.Pkt || C.Env.Pkt->IsXdp)
    return C.error("the context is no struct __sk_buff");
  if (!Allowed)
    return uint64_t(Shot);
  C.Env.Pkt->Redirect = uint32_t(C.R[0]);
  return uint64_t(Redirected);
}

Result redirectPeer(Call &C) { return redirectTo(C, C.R[1] == 0); }

Result redirectNeighbour(Call &C) {
  constexpr uint32_t ParamsSize = 20; // struct bpf_redir_neigh
  uint32_t Size = uint32_t(C.R[2]);
  return redirectTo(C, C.R[3] == 0 && (!Size || Size >= ParamsSize));
}

/// What the network device has found out about the packet's checksums.
Result checksumLevel(Call &C) {
  if (!C.Env.Pkt || C.Env.Pkt->IsXdp)
    return C.error("the context is no struct __sk_buff");
  enum { Query, Increase, Decrease, Reset };
  constexpr unsigned MaxLevel = 3;
  std::optional<unsigned> &Good = C.Env.Pkt->GoodChecksums;
  switch (C.R[1]) {
  case Query:
    return Good ? *Good : fail(EACCES);
  case Increase:
    Good = Good ? std::min(*Good + 1, MaxLevel) : 0;
    return 0;
  case Decrease:
    if (Good && (*Good)-- == 0)
      Good.reset();
    return 0;
  case Reset:
    Good.reset();
    return 0;
  default:
    return fail(EINVAL);
  }
}

/// What a cgroup's program makes of the operation that it is asked about.
Result returnValue(Call &C) { return status(C.Env.ReturnValue); }
Result setReturnValue(Call &C) {
  C.Env.ReturnValue = int32_t(C.R[0]);
  return 0;
}

/// Pointers to objects that stand in values of maps: the new one belongs to the
/// value from now on, the old one to the program.
Result exchangePointer(Call &C) {
  if (C.R[0] % 8)
    return C.error("argument 1 is misaligned");
  uint8_t New[8];
  C.store(New, 8, C.R[1]);
  uint64_t Raw;
  memcpy(&Raw, New, 8);
  Raw = __atomic_exchange_n(reinterpret_cast<uint64_t *>(C.Mem[0]), Raw,
                            __ATOMIC_SEQ_CST);
  memcpy(New, &Raw, 8);
  return C.load(New, 8);
}

} // namespace

HelperFunction absentHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Cases({"get_cgroup_classid", "skb_cgroup_classid", "get_route_realm",
              "get_attach_cookie"},
             zero)
      .Case("get_current_cgroup_id", currentCgroup)
      .Case("get_current_ancestor_cgroup_id", ancestorCgroup)
      .Case("perf_event_read", counter)
      .Case("perf_event_read_value", counterValue)
      .Case("redirect_peer", redirectPeer)
      .Case("redirect_neigh", redirectNeighbour)
      .Case("csum_level", checksumLevel)
      .Case("get_retval", returnValue)
      .Case("set_retval", setReturnValue)
      .Case("kptr_xchg", exchangePointer)
      .Default(nullptr);
}

} // namespace bpfcc

// Contexts: what r1 points to.
//
// Packets live below 4 GiB, so that their addresses stand in the 32-bit fields
// `data` and `data_end` as they are: a program that loads such a field has a
// pointer, with no rewriting of its instructions. The room around a packet is
// what the kernel's BPF_PROG_TEST_RUN gives (net/bpf/test_run.c): 256 bytes
// before an XDP frame and 320 for skb_shared_info at the end of its page.

#include "runtime/hooks/Context.h"

#include "runtime/helpers/PacketEdit.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;
using namespace bpfcc::target;

namespace bpfcc {

namespace {
constexpr uint32_t Page = 4096, TailRoom = 320;
constexpr uint32_t XdpHeadroom = 256, SkbHeadroom = 256;
constexpr uint32_t EthernetHeader = 14;
} // namespace

/// The program type that \p Kind is called after.
static ProgType typeOf(HookKind Kind) {
  switch (Kind) {
  case HookKind::Xdp:
    return ProgType::Xdp;
  case HookKind::Tc:
    return ProgType::SchedCls;
  case HookKind::SocketFilter:
    return ProgType::SocketFilter;
  case HookKind::CgroupSkb:
    return ProgType::CgroupSkb;
  case HookKind::Raw:
    return ProgType::Unspec;
  }
  return ProgType::Unspec;
}

Context::Context(Environment &Env, HookKind Kind, ArrayRef<uint8_t> Frame,
                 const PacketOptions &Options)
    : Env(Env) {
  placeFrame(Kind, Frame, Options);
  CtxAccess Rules = ctxAccess(Options.Type);
  if (!Rules.Size)
    Rules = ctxAccess(typeOf(Kind));
  placeContext(Rules.Size, Memory::ReadWrite);
  applyRules(Rules);
  if (Kind == HookKind::Xdp)
    fillXdp(Options);
  else
    fillSkb(Frame, Options);
  Env.Ctx = {Guest, Rules};
  Pkt.Ctx = Guest;
  Env.Pkt = &Pkt;
}

Context::Context(Environment &Env, bool Writable, ArrayRef<uint8_t> Bytes)
    : Env(Env) {
  placeContext(Bytes.size(), Writable ? Memory::ReadWrite : Memory::ReadOnly);
  std::copy(Bytes.begin(), Bytes.end(), Ctx.begin());
  Env.Ctx = {};
  Env.Pkt = nullptr;
}

Context::~Context() {
  Env.Mem.remove(Guest);
  if (Env.Pkt)
    Env.Mem.remove(Pkt.Guest);
  Env.Pkt = nullptr;
  Env.Ctx = {};
}

void Context::placeContext(uint64_t Size, Memory::Access A) {
  Guest = Env.Mem.add(Size, A, "context");
  if (!Guest)
    report_bad_alloc_error("the memory of BPF programs is used up");
  Ctx = {Env.Mem.host(Guest), Size};
}

/// Leaves programs the words of the context that \p Rules names.
void Context::applyRules(const CtxAccess &Rules) {
  Env.Mem.forbid(Guest, Rules.Size);
  auto Permit = [&](uint64_t Words, Memory::Access A) {
    while (Words) {
      unsigned First = unsigned(countr_zero(Words));
      unsigned Count = unsigned(countr_one(Words >> First));
      Env.Mem.permit(Guest + 4 * First, 4 * Count, A);
      Words &= First + Count == 64 ? 0 : ~0ull << (First + Count);
    }
  };
  Permit(Rules.ReadableWords, Memory::ReadOnly);
  Permit(Rules.WritableWords, Memory::WriteOnly);
}

void Context::placeFrame(HookKind Kind, ArrayRef<uint8_t> Frame,
                         const PacketOptions &Options) {
  bool FromNetwork = Kind == HookKind::CgroupSkb ||
                     (Kind == HookKind::SocketFilter && Options.AsTestRun);
  uint32_t Skip =
      FromNetwork ? std::min<uint32_t>(EthernetHeader, uint32_t(Frame.size()))
                  : 0;
  uint32_t Headroom = Kind == HookKind::Xdp ? XdpHeadroom : SkbHeadroom;
  uint32_t Size = uint32_t(Frame.size());
  Pkt.IsXdp = Kind == HookKind::Xdp;
  bpfcc::placePacket(Env.Mem, Pkt, std::max(Page - TailRoom, Headroom + Size));
  std::copy(Frame.begin(), Frame.end(), Pkt.Buffer.begin() + Headroom);
  Pkt.Start = Pkt.Meta = Headroom + Skip;
  Pkt.End = Headroom + Size;
  Env.Mem.permit(Pkt.Guest + Pkt.Meta, Pkt.End - Pkt.Meta, Memory::ReadWrite);
  Env.LinkOffset = -int32_t(Skip);
  Env.NetworkOffset = FromNetwork ? 0 : int32_t(EthernetHeader);
}

void Context::fillXdp(const PacketOptions &Options) {
  set(XdpMd_data, uint32_t(Pkt.Guest + Pkt.Start));
  set(XdpMd_data_end, uint32_t(Pkt.Guest + Pkt.End));
  set(XdpMd_data_meta, uint32_t(Pkt.Guest + Pkt.Meta));
  set(XdpMd_ingress_ifindex, Options.Ifindex);
}

/// PACKET_HOST 0, PACKET_BROADCAST 1, PACKET_MULTICAST 2, PACKET_OTHERHOST 3.
/// A test run comes in by the loopback interface, whose own and broadcast
/// addresses are zero; elsewhere single addresses are taken as the host's.
static uint32_t packetType(ArrayRef<uint8_t> Frame, bool AsTestRun) {
  if (Frame.size() < 6)
    return 0;
  ArrayRef<uint8_t> To = Frame.take_front(6);
  if (To[0] & 1)
    return !AsTestRun && all_of(To, [](uint8_t B) { return B == 0xff; }) ? 1
                                                                         : 2;
  return AsTestRun && any_of(To, [](uint8_t B) { return B != 0; }) ? 3 : 0;
}

void Context::fillSkb(ArrayRef<uint8_t> Frame, const PacketOptions &Options) {
  uint32_t Length = Pkt.End - Pkt.Start;
  set(SkBuff_len, Length);
  set(SkBuff_pkt_type, packetType(Frame, Options.AsTestRun));
  set(SkBuff_mark, Options.Mark);
  uint16_t Protocol =
      Frame.size() >= EthernetHeader
          ? uint16_t(Frame[12] << 8 | Frame[13]) // network order
          : 0;
  // The field holds a __be16 as a number of the machine's own order.
  set(SkBuff_protocol, Env.Mem.isBigEndian() ? Protocol : byteswap(Protocol));
  if (Protocol == 0x0800)
    set(SkBuff_family, 2); // AF_INET
  else if (Protocol == 0x86dd)
    set(SkBuff_family, 10); // AF_INET6
  set(SkBuff_ingress_ifindex, Options.AsTestRun ? 0 : Options.Ifindex);
  set(SkBuff_ifindex, Options.Ifindex);
  set(SkBuff_data, uint32_t(Pkt.Guest + Pkt.Start));
  set(SkBuff_data_end, uint32_t(Pkt.Guest + Pkt.End));
  set(SkBuff_data_meta, uint32_t(Pkt.Guest + Pkt.Meta));
  set(SkBuff_wire_len, Options.AsTestRun ? 0 : Length);
}

} // namespace bpfcc

// Contexts: what r1 points to.
//
// Packets live below 4 GiB, so that their addresses stand in the 32-bit fields
// `data` and `data_end` as they are: a program that loads such a field has a
// pointer, with no rewriting of its instructions. The room around a packet is
// what the kernel's BPF_PROG_TEST_RUN gives (net/bpf/test_run.c): 256 bytes
// before an XDP frame and 320 for skb_shared_info at the end of its page.

#include "runtime/hooks/Context.h"

#include "llvm/Support/Endian.h"

using namespace llvm;

namespace bpfcc {

namespace {
// Layouts of <linux/bpf.h>.
namespace xdp {
enum : unsigned {
  Data = 0,
  DataEnd = 4,
  DataMeta = 8,
  IngressIfindex = 12,
  Size = 24
};
} // namespace xdp
namespace skb {
enum : unsigned {
  Len = 0,
  PktType = 4,
  Mark = 8,
  QueueMapping = 12,
  Protocol = 16,
  Priority = 32,
  IngressIfindex = 36,
  Ifindex = 40,
  TcIndex = 44,
  Cb = 48,
  TcClassid = 72,
  Data = 76,
  DataEnd = 80,
  Family = 88,
  DataMeta = 140,
  Tstamp = 152,
  WireLen = 160,
  Size = 192
};
} // namespace skb

constexpr uint32_t Page = 4096, TailRoom = 320;
constexpr uint32_t XdpHeadroom = 256, SkbHeadroom = 256;
constexpr uint32_t EthernetHeader = 14;

constexpr uint64_t words(unsigned Offset, unsigned Bytes = 4) {
  return ((1ull << Bytes / 4) - 1) << Offset / 4;
}
} // namespace

/// Fields that the kernel lets programs of \p Kind write
/// (is_valid_access of each program type in net/core/filter.c).
static uint64_t writableWords(HookKind Kind) {
  switch (Kind) {
  case HookKind::Xdp:
  case HookKind::Raw:
    return 0;
  case HookKind::SocketFilter:
    return words(skb::Cb, 20);
  case HookKind::CgroupSkb:
    return words(skb::Mark) | words(skb::Priority) | words(skb::Cb, 20) |
           words(skb::Tstamp, 8);
  case HookKind::Tc:
    return words(skb::Mark) | words(skb::QueueMapping) | words(skb::Priority) |
           words(skb::TcIndex) | words(skb::Cb, 20) | words(skb::TcClassid) |
           words(skb::Tstamp, 8);
  }
  return 0;
}

Context::Context(Environment &Env, HookKind Kind, ArrayRef<uint8_t> Frame,
                 const PacketOptions &Options)
    : Env(Env) {
  placePacket(Kind, Frame, Options);
  if (Kind == HookKind::Xdp)
    fillXdp(Options);
  else
    fillSkb(Frame, Options);
  Guest = Env.Mem.add(Ctx, Memory::ReadWrite, "context");
  Env.Ctx = {Guest, uint32_t(Ctx.size()), writableWords(Kind)};
  Pkt.Ctx = Guest;
  Env.Pkt = &Pkt;
}

Context::Context(Environment &Env, bool Writable, ArrayRef<uint8_t> Bytes)
    : Env(Env), Ctx(Bytes) {
  Guest = Env.Mem.add(Ctx, Writable ? Memory::ReadWrite : Memory::ReadOnly,
                      "context");
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

void Context::placePacket(HookKind Kind, ArrayRef<uint8_t> Frame,
                          const PacketOptions &Options) {
  bool FromNetwork = Kind == HookKind::CgroupSkb ||
                     (Kind == HookKind::SocketFilter && Options.AsTestRun);
  uint32_t Skip =
      FromNetwork ? std::min<uint32_t>(EthernetHeader, uint32_t(Frame.size()))
                  : 0;
  uint32_t Headroom = Kind == HookKind::Xdp ? XdpHeadroom : SkbHeadroom;
  uint32_t Size = uint32_t(Frame.size());
  Pkt.IsXdp = Kind == HookKind::Xdp;
  Pkt.Buffer.resize(std::max(Page - TailRoom, Headroom + Size));
  std::copy(Frame.begin(), Frame.end(), Pkt.Buffer.begin() + Headroom);
  Pkt.Start = Pkt.Meta = Headroom + Skip;
  Pkt.End = Headroom + Size;
  Pkt.Guest =
      Env.Mem.add(Pkt.Buffer, Memory::ReadWrite, "packet buffer", Memory::Low);
  Env.LinkOffset = -int32_t(Skip);
  Env.NetworkOffset = FromNetwork ? 0 : int32_t(EthernetHeader);
}

void Context::fillXdp(const PacketOptions &Options) {
  Ctx.resize(xdp::Size);
  set(xdp::Data, uint32_t(Pkt.Guest + Pkt.Start));
  set(xdp::DataEnd, uint32_t(Pkt.Guest + Pkt.End));
  set(xdp::DataMeta, uint32_t(Pkt.Guest + Pkt.Meta));
  set(xdp::IngressIfindex, Options.Ifindex);
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
  Ctx.resize(skb::Size);
  uint32_t Length = Pkt.End - Pkt.Start;
  set(skb::Len, Length);
  set(skb::PktType, packetType(Frame, Options.AsTestRun));
  set(skb::Mark, Options.Mark);
  uint16_t Protocol =
      Frame.size() >= EthernetHeader
          ? uint16_t(Frame[12] << 8 | Frame[13]) // network order
          : 0;
  // The field holds a __be16 as a number of the machine's own order.
  set(skb::Protocol, Env.Mem.isBigEndian() ? Protocol : byteswap(Protocol));
  if (Protocol == 0x0800)
    set(skb::Family, 2); // AF_INET
  else if (Protocol == 0x86dd)
    set(skb::Family, 10); // AF_INET6
  set(skb::IngressIfindex, Options.AsTestRun ? 0 : Options.Ifindex);
  set(skb::Ifindex, Options.Ifindex);
  set(skb::Data, uint32_t(Pkt.Guest + Pkt.Start));
  set(skb::DataEnd, uint32_t(Pkt.Guest + Pkt.End));
  set(skb::DataMeta, uint32_t(Pkt.Guest + Pkt.Meta));
  set(skb::WireLen, Options.AsTestRun ? 0 : Length);
}

} // namespace bpfcc

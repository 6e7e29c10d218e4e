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
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;
using namespace bpfcc::target;

namespace bpfcc {

namespace {
constexpr uint32_t Page = 4096, TailRoom = 320;
constexpr uint32_t Headroom = 256;
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

/// How many bytes the buffer around \p Frame has.
static uint64_t bufferSize(ArrayRef<uint8_t> Frame) {
  return std::max<uint64_t>(Page - TailRoom, Headroom + Frame.size());
}

Context::Context(Environment &Env, HookKind Kind, ArrayRef<uint8_t> Frame,
                 const PacketOptions &Options)
    : Env(Env), Kind(Kind), Options(Options) {
  placeFrame(Frame);
  CtxAccess Rules = ctxAccess(Options.Type);
  if (!Rules.Size)
    Rules = ctxAccess(typeOf(Kind));
  placeContext(Rules.Size, Memory::ReadWrite);
  applyRules(Rules);
  fill(Frame);
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

void Context::renew(ArrayRef<uint8_t> Frame) {
  if (Pkt.Moved || Pkt.Buffer.size() != bufferSize(Frame)) {
    Env.Mem.remove(Pkt.Guest);
    placeFrame(Frame);
  } else {
    replaceFrame(Frame);
  }
  Pkt.Redirect = Pkt.RedirectMap = ~0u;
  Pkt.GoodChecksums.reset();
  Pkt.Clones.clear();
  memset(Ctx.data(), 0, Ctx.size());
  fill(Frame);
}

/// Sets where the data lies.
void Context::setBounds(ArrayRef<uint8_t> Frame) {
  bool FromNetwork = Kind == HookKind::CgroupSkb ||
                     (Kind == HookKind::SocketFilter && Options.AsTestRun);
  uint32_t Size = uint32_t(Frame.size());
  uint32_t Skip = FromNetwork ? std::min(EthernetHeader, Size) : 0;
  Pkt.Start = Pkt.Meta = Headroom + Skip;
  Pkt.End = Headroom + Size;
  Env.LinkOffset = -int32_t(Skip);
  Env.NetworkOffset = FromNetwork ? 0 : int32_t(EthernetHeader);
}

void Context::placeFrame(ArrayRef<uint8_t> Frame) {
  Pkt.IsXdp = Kind == HookKind::Xdp;
  Pkt.ReadOnly = Kind == HookKind::SocketFilter || Kind == HookKind::CgroupSkb;
  Pkt.Moved = false;
  bpfcc::placePacket(Env.Mem, Pkt, bufferSize(Frame));
  std::copy(Frame.begin(), Frame.end(), Pkt.Buffer.begin() + Headroom);
  setBounds(Frame);
  Env.Mem.permit(Pkt.Guest + Pkt.Meta, Pkt.End - Pkt.Meta, Memory::ReadWrite);
}

/// Puts \p Frame in the place of one whose ends did not move: outside of that
/// the buffer holds zeroes.
void Context::replaceFrame(ArrayRef<uint8_t> Frame) {
  uint32_t OldStart = Pkt.Start, OldEnd = Pkt.End;
  setBounds(Frame);
  memcpy(Pkt.Buffer.data() + Headroom, Frame.data(), Frame.size());
  if (OldEnd > Pkt.End)
    memset(Pkt.Buffer.data() + Pkt.End, 0, OldEnd - Pkt.End);
  if (OldStart != Pkt.Start) {
    Env.Mem.forbid(Pkt.Guest + OldStart, OldEnd - OldStart);
    Env.Mem.permit(Pkt.Guest + Pkt.Start, Pkt.End - Pkt.Start,
                   Memory::ReadWrite);
  } else if (OldEnd != Pkt.End) {
    moveEnd(OldEnd, Pkt.End);
  }
}

/// Corrects the rights to the data. Those of the last bytes say how many
/// follow; all before are the same for any end. One byte more than need be lets
/// permit() store them at once.
void Context::moveEnd(uint32_t From, uint32_t To) {
  constexpr uint32_t Tail = 8;
  uint32_t Least = std::min(From, To);
  uint32_t Same = Least > Pkt.Start + Tail ? Least - Tail : Pkt.Start;
  if (To < From)
    Env.Mem.forbid(Pkt.Guest + Same, From - Same);
  Env.Mem.permit(Pkt.Guest + Same, To - Same, Memory::ReadWrite);
}

void Context::fill(ArrayRef<uint8_t> Frame) {
  if (Kind == HookKind::Xdp)
    fillXdp();
  else
    fillSkb(Frame);
}

void Context::fillXdp() {
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

void Context::fillSkb(ArrayRef<uint8_t> Frame) {
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

// Helpers that move the ends of a packet or change its headers. Limits and
// results are those of net/core/filter.c for a packet in one piece.

#include "runtime/helpers/Call.h"
#include "runtime/helpers/PacketEdit.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/bit.h"

#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

constexpr int64_t EthernetHeader = 14;
constexpr int64_t FrameHeader = 40; ///< struct xdp_frame, before the packet
constexpr int64_t MaxMeta = 255;
constexpr uint64_t MaxPacket = 16064; ///< SKB_MAX_ALLOC

Error needPacket(const Call &C, bool Xdp) {
  if (C.Env.Pkt && C.Env.Pkt->IsXdp == Xdp)
    return Error::success();
  return C.error(Xdp ? "the context is no struct xdp_md"
                     : "the context is no struct __sk_buff");
}

Result adjustHead(Call &C) {
  if (Error E = needPacket(C, true))
    return std::move(E);
  Packet &P = *C.Env.Pkt;
  int64_t Delta = int32_t(C.R[1]);
  int64_t Start = P.Start + Delta, Meta = P.Start - P.Meta;
  if (Start < FrameHeader + Meta || Start > int64_t(P.End) - EthernetHeader)
    return fail(EINVAL);
  uint8_t *Bytes = P.Buffer.data() + P.Meta;
  memmove(Bytes + Delta, Bytes, size_t(Meta));
  PacketEdit(C.Env).setBounds(uint32_t(Start - Meta), uint32_t(Start), P.End);
  return 0;
}

Result adjustTail(Call &C) {
  if (Error E = needPacket(C, true))
    return std::move(E);
  Packet &P = *C.Env.Pkt;
  int64_t End = P.End + int64_t(int32_t(C.R[1]));
  if (End > int64_t(P.Buffer.size()) || End < P.Start + EthernetHeader)
    return fail(EINVAL);
  if (End > P.End)
    memset(P.Buffer.data() + P.End, 0, size_t(End - P.End));
  PacketEdit(C.Env).setBounds(P.Meta, P.Start, uint32_t(End));
  return 0;
}

Result adjustMeta(Call &C) {
  if (Error E = needPacket(C, true))
    return std::move(E);
  Packet &P = *C.Env.Pkt;
  int64_t Meta = P.Meta + int64_t(int32_t(C.R[1]));
  if (Meta < FrameHeader || Meta > P.Start)
    return fail(EINVAL);
  int64_t Size = P.Start - Meta;
  if (Size % 4 || Size > MaxMeta)
    return fail(EACCES);
  PacketEdit(C.Env).setBounds(uint32_t(Meta), P.Start, P.End);
  return 0;
}

Result pullData(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  return uint32_t(C.R[1]) > PacketEdit(C.Env).size() ? fail(ENOMEM) : 0;
}

Result changeTail(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  Packet &P = *C.Env.Pkt;
  PacketEdit Edit(C.Env);
  uint32_t Size = uint32_t(C.R[1]);
  if (C.R[2] || Size > MaxPacket ||
      int64_t(Size) < std::max(C.Env.NetworkOffset, 0))
    return fail(EINVAL);
  if (Size > Edit.size()) {
    uint32_t More = Size - Edit.size();
    Edit.makeRoom(0, More);
    memset(P.Buffer.data() + P.End, 0, More);
  }
  Edit.setBounds(P.Meta, P.Start, P.Start + Size);
  return 0;
}

/// The new front is the link header; the network header stays where it was.
Result changeHead(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  uint32_t Room = uint32_t(C.R[1]);
  PacketEdit Edit(C.Env);
  if (C.R[2] || uint64_t(Edit.size()) + Room > MaxPacket)
    return fail(EINVAL);
  Edit.insert(0, Room);
  C.Env.LinkOffset = 0;
  C.Env.NetworkOffset += int32_t(Room);
  return 0;
}

/// The `protocol` and `vlan_proto` fields hold a number in network order.
uint32_t networkOrder(const Environment &Env, uint16_t Value) {
  return Env.Mem.isBigEndian() ? Value : byteswap(Value);
}

Result changeProto(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  constexpr uint32_t Growth = 20; // from an IPv4 to an IPv6 header
  uint32_t Ip4 = networkOrder(C.Env, 0x0800);
  uint32_t Ip6 = networkOrder(C.Env, 0x86dd);
  PacketEdit Edit(C.Env);
  uint32_t From = Edit.field(skbuff::Protocol), To = uint16_t(C.R[1]);
  uint32_t Offset = uint32_t(std::max(C.Env.NetworkOffset, 0));
  if (C.R[2])
    return fail(EINVAL);
  if (From == Ip4 && To == Ip6 && Edit.at(0, Offset))
    Edit.insert(Offset, Growth);
  else if (From == Ip6 && To == Ip4 && Edit.at(0, Offset + Growth))
    Edit.remove(Offset, Growth);
  else
    return fail(NotSupported);
  Edit.setField(skbuff::Protocol, To);
  return 0;
}

Result changeType(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  constexpr uint32_t OtherHost = 3;
  PacketEdit Edit(C.Env);
  if (uint32_t(C.R[1]) > OtherHost || Edit.field(skbuff::PktType) > OtherHost)
    return fail(EINVAL);
  Edit.setField(skbuff::PktType, uint32_t(C.R[1]));
  return 0;
}

constexpr uint32_t VlanTag = 4, MacAddresses = 12;

bool isVlan(const Environment &Env, uint32_t Protocol) {
  return Protocol == networkOrder(Env, 0x8100) ||
         Protocol == networkOrder(Env, 0x88a8);
}

/// The outermost tag stands beside the packet, in the context, as network
/// devices hand it over; a second one moves the first into the packet.
Result vlanPush(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  PacketEdit Edit(C.Env);
  uint32_t Protocol = uint16_t(C.R[1]);
  if (!isVlan(C.Env, Protocol))
    Protocol = networkOrder(C.Env, 0x8100);
  if (Edit.field(skbuff::VlanPresent)) {
    if (!Edit.at(0, EthernetHeader))
      return fail(ENOMEM);
    uint32_t Outer = Edit.field(skbuff::VlanProto);
    Edit.insert(MacAddresses, VlanTag);
    uint8_t *Tag = Edit.at(MacAddresses, VlanTag);
    uint32_t Tci = Edit.field(skbuff::VlanTci);
    C.store(Tag, 2, Outer);
    Tag[2] = uint8_t(Tci >> 8);
    Tag[3] = uint8_t(Tci);
    Edit.setField(skbuff::Protocol, Outer);
  }
  Edit.setField(skbuff::VlanPresent, 1);
  Edit.setField(skbuff::VlanTci, uint16_t(C.R[2]));
  Edit.setField(skbuff::VlanProto, Protocol);
  return 0;
}

/// What a network device says of a packet whose type field is \p Type: below
/// 0x600 it is a length, and the packet is of IEEE 802.2 or of Novell's kind
/// (vlan_set_encap_proto).
uint32_t protocolOf(Call &C, PacketEdit &Edit, uint32_t Type) {
  constexpr uint32_t FirstType = 0x600, Novell = 1, Ieee8022 = 4;
  if (networkOrder(C.Env, uint16_t(Type)) >= FirstType)
    return Type;
  const uint8_t *Next = Edit.at(EthernetHeader, 2);
  bool Raw = Next && Next[0] == 0xff && Next[1] == 0xff;
  return networkOrder(C.Env, Raw ? Novell : Ieee8022);
}

/// Takes the tag in the packet out and gives its TCI; nothing if the packet is
/// too short for one.
std::optional<uint32_t> takeTag(Call &C, PacketEdit &Edit) {
  if (!Edit.at(0, EthernetHeader + VlanTag))
    return std::nullopt;
  const uint8_t *Tag = Edit.at(MacAddresses, VlanTag + 2);
  uint32_t Tci = uint32_t(Tag[2] << 8 | Tag[3]);
  uint32_t Inner = uint32_t(C.load(Tag + 4, 2));
  Edit.remove(MacAddresses, VlanTag);
  Edit.setField(skbuff::Protocol, protocolOf(C, Edit, Inner));
  return Tci;
}

Result vlanPop(Call &C) {
  if (Error E = needPacket(C, false))
    return std::move(E);
  PacketEdit Edit(C.Env);
  auto IsTagged = [&] { return isVlan(C.Env, Edit.field(skbuff::Protocol)); };
  if (Edit.field(skbuff::VlanPresent)) {
    Edit.setField(skbuff::VlanPresent, 0);
    Edit.setField(skbuff::VlanTci, 0);
    Edit.setField(skbuff::VlanProto, 0);
  } else if (IsTagged() && !takeTag(C, Edit)) {
    return fail(ENOMEM);
  }
  if (!IsTagged())
    return 0;
  // The next tag takes its place.
  uint32_t Protocol = Edit.field(skbuff::Protocol);
  std::optional<uint32_t> Tci = takeTag(C, Edit);
  if (!Tci)
    return fail(ENOMEM);
  Edit.setField(skbuff::VlanTci, *Tci);
  Edit.setField(skbuff::VlanPresent, 1);
  Edit.setField(skbuff::VlanProto, Protocol);
  return 0;
}

} // namespace

HelperFunction shapeHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("xdp_adjust_head", adjustHead)
      .Case("xdp_adjust_tail", adjustTail)
      .Case("xdp_adjust_meta", adjustMeta)
      .Case("skb_pull_data", pullData)
      .Case("skb_change_tail", changeTail)
      .Case("skb_change_head", changeHead)
      .Case("skb_change_proto", changeProto)
      .Case("skb_change_type", changeType)
      .Case("skb_vlan_push", vlanPush)
      .Case("skb_vlan_pop", vlanPop)
      .Default(nullptr);
}

} // namespace bpfcc

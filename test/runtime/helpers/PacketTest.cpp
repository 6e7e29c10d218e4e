#include "World.h"

#include <cerrno>
#include <random>

using namespace bpfcc;

namespace {

// Offsets in struct xdp_md and struct __sk_buff.
constexpr unsigned XdpData = 0, XdpDataEnd = 4, XdpDataMeta = 8;
constexpr unsigned SkbLen = 0, SkbProtocol = 16, SkbVlanPresent = 20,
                   SkbVlanTci = 24, SkbData = 76, SkbDataEnd = 80;

std::vector<uint8_t> count(unsigned N) {
  std::vector<uint8_t> V(N);
  for (unsigned I = 0; I != N; ++I)
    V[I] = uint8_t(I + 1);
  return V;
}

class BothOrders : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Endian, BothOrders, testing::Bool());

TEST_P(BothOrders, XdpEndsMove) {
  World W(GetParam());
  W.addPacket(count(60), true);
  uint64_t Ctx = W.Pkt.Ctx;
  EXPECT_EQ(0, W.call("bpf_xdp_adjust_head", {Ctx, uint64_t(-4)}));
  EXPECT_EQ(64u, W.packet().size());
  EXPECT_EQ(1, W.packet()[4]);
  EXPECT_EQ(W.Pkt.Guest + 252, W.field(XdpData));
  EXPECT_EQ(W.Pkt.Guest + 252, W.field(XdpDataMeta));
  EXPECT_EQ(0, W.call("bpf_xdp_adjust_tail", {Ctx, 8}));
  EXPECT_EQ(W.Pkt.Guest + 256 + 68, W.field(XdpDataEnd));
  EXPECT_EQ(0, W.packet().back());
  EXPECT_EQ(72, W.call("bpf_xdp_get_buff_len", {Ctx}));
  EXPECT_EQ(0, W.call("bpf_xdp_adjust_meta", {Ctx, uint64_t(-8)}));
  EXPECT_EQ(W.Pkt.Guest + 244, W.field(XdpDataMeta));
  EXPECT_EQ(-EACCES, W.call("bpf_xdp_adjust_meta", {Ctx, 2}));
  EXPECT_EQ(-EINVAL, W.call("bpf_xdp_adjust_meta", {Ctx, 12}));
  // The metadata moves along.
  W.Pkt.Buffer[244] = 0x77;
  EXPECT_EQ(0, W.call("bpf_xdp_adjust_head", {Ctx, 10}));
  EXPECT_EQ(0x77, W.Pkt.Buffer[254]);
  // At least an Ethernet header stays, and room for the kernel's own.
  EXPECT_EQ(-EINVAL, W.call("bpf_xdp_adjust_head", {Ctx, 60}));
  EXPECT_EQ(-EINVAL, W.call("bpf_xdp_adjust_head", {Ctx, uint64_t(-250)}));
  EXPECT_EQ(-EINVAL, W.call("bpf_xdp_adjust_tail", {Ctx, uint64_t(-60)}));
  EXPECT_EQ(-EINVAL, W.call("bpf_xdp_adjust_tail", {Ctx, 4000}));
}

TEST_P(BothOrders, BytesAreLoadedAndStoredInBounds) {
  World W(GetParam());
  W.addPacket(count(20), false);
  uint64_t Ctx = W.Pkt.Ctx;
  EXPECT_EQ(0, W.call("bpf_skb_load_bytes", {Ctx, 18, W.Base, 2}));
  EXPECT_EQ(20, W.Bytes[1]);
  EXPECT_EQ(-EFAULT, W.call("bpf_skb_load_bytes", {Ctx, 19, W.Base, 2}));
  EXPECT_EQ(0, W.Bytes[1]);
  EXPECT_EQ(0, W.call("bpf_skb_load_bytes_relative", {Ctx, 2, W.Base, 1, 1}));
  EXPECT_EQ(17, W.Bytes[0]);
  W.Bytes[0] = 99;
  EXPECT_EQ(0, W.call("bpf_skb_store_bytes", {Ctx, 5, W.Base, 1, 0}));
  EXPECT_EQ(99, W.packet()[5]);
  EXPECT_EQ(-EINVAL, W.call("bpf_skb_store_bytes", {Ctx, 5, W.Base, 1, 8}));
  EXPECT_EQ(-EFAULT, W.call("bpf_skb_store_bytes", {Ctx, 20, W.Base, 1, 0}));
  EXPECT_EQ(-ENOMEM, W.call("bpf_skb_pull_data", {Ctx, 21}));
  EXPECT_EQ(0, W.call("bpf_skb_pull_data", {Ctx, 20}));
}

TEST_P(BothOrders, SkbGrowsBeyondItsBuffer) {
  World W(GetParam());
  W.addPacket(count(60), false);
  uint64_t Ctx = W.Pkt.Ctx, Old = W.Pkt.Guest;
  EXPECT_EQ(0, W.call("bpf_skb_change_tail", {Ctx, 5000, 0}));
  EXPECT_NE(Old, W.Pkt.Guest);
  EXPECT_FALSE(W.Mem.at(Old + 256, 1, false));
  EXPECT_EQ(5000u, W.field(SkbLen));
  EXPECT_EQ(5000u, W.field(SkbDataEnd) - W.field(SkbData));
  ASSERT_TRUE(W.Mem.at(W.field(SkbData), 5000, true));
  EXPECT_EQ(60, *W.Mem.at(W.field(SkbData) + 59, 1, false));
  EXPECT_EQ(0, W.packet().back());
  EXPECT_EQ(0, W.call("bpf_skb_change_tail", {Ctx, 40, 0}));
  EXPECT_EQ(count(40), W.packet());
  EXPECT_EQ(0, W.call("bpf_skb_change_head", {Ctx, 300, 0}));
  EXPECT_EQ(340u, W.packet().size());
  EXPECT_EQ(0, W.packet()[0]);
  EXPECT_EQ(1, W.packet()[300]);
  EXPECT_EQ(-EINVAL, W.call("bpf_skb_change_tail", {Ctx, 10, 0}));
}

TEST_P(BothOrders, ProtocolChangeMakesRoomForTheHeader) {
  World W(GetParam());
  W.addPacket(count(60), false);
  uint64_t Ctx = W.Pkt.Ctx;
  uint64_t Ip4 = GetParam() ? 0x0800 : 0x0008,
           Ip6 = GetParam() ? 0x86dd : 0xdd86;
  EXPECT_EQ(-524, W.call("bpf_skb_change_proto", {Ctx, Ip6, 0}));
  W.Mem.store(&W.Ctx[SkbProtocol], 4, Ip4);
  EXPECT_EQ(0, W.call("bpf_skb_change_proto", {Ctx, Ip6, 0}));
  auto P = W.packet();
  ASSERT_EQ(80u, P.size());
  EXPECT_EQ(14, P[13]);
  EXPECT_EQ(0, P[14]);
  EXPECT_EQ(15, P[34]);
  EXPECT_EQ(Ip6, W.field(SkbProtocol));
  EXPECT_EQ(0, W.call("bpf_skb_change_proto", {Ctx, Ip4, 0}));
  EXPECT_EQ(count(60), W.packet());
}

TEST_P(BothOrders, VlanTagsStandBesideThenInside) {
  World W(GetParam());
  W.addPacket(count(60), false);
  uint64_t Ctx = W.Pkt.Ctx, Proto = GetParam() ? 0x8100 : 0x0081;
  EXPECT_EQ(0, W.call("bpf_skb_vlan_push", {Ctx, Proto, 5}));
  EXPECT_EQ(60u, W.packet().size());
  EXPECT_EQ(1u, W.field(SkbVlanPresent));
  EXPECT_EQ(0, W.call("bpf_skb_vlan_push", {Ctx, Proto, 6}));
  auto P = W.packet();
  ASSERT_EQ(64u, P.size());
  EXPECT_EQ((std::vector<uint8_t>{0x81, 0, 0, 5}),
            std::vector<uint8_t>(P.begin() + 12, P.begin() + 16));
  EXPECT_EQ(6u, W.field(SkbVlanTci));
  EXPECT_EQ(0, W.call("bpf_skb_vlan_pop", {Ctx}));
  EXPECT_EQ(5u, W.field(SkbVlanTci));
  EXPECT_EQ(0, W.call("bpf_skb_vlan_pop", {Ctx}));
  EXPECT_EQ(0u, W.field(SkbVlanPresent));
  EXPECT_EQ(count(60), W.packet());
}

/// The Internet checksum from scratch, by RFC 1071: bytes in network order.
uint16_t fromScratch(const std::vector<uint8_t> &Bytes) {
  uint64_t Sum = 0;
  for (size_t I = 0; I < Bytes.size(); I += 2)
    Sum += uint64_t(Bytes[I]) << 8 | (I + 1 < Bytes.size() ? Bytes[I + 1] : 0);
  while (Sum >> 16)
    Sum = (Sum & 0xffff) + (Sum >> 16);
  return uint16_t(~Sum);
}

TEST_P(BothOrders, TheChecksumOfBytesBesideAWordIsOfThemToo) {
  World W(GetParam());
  std::copy_n(std::begin({uint8_t(1), uint8_t(2), uint8_t(3)}), 3,
              W.Bytes.begin());
  EXPECT_EQ(GetParam() ? 0x0402 : 0x0204,
            W.call("bpf_csum_diff", {0, 0, W.Base, 3, 0}));
}

TEST_P(BothOrders, ATypeBelow0x600IsALength) {
  World W(GetParam());
  uint64_t Vlan = GetParam() ? 0x8100 : 0x0081;
  std::vector<uint8_t> Bytes = count(60);
  Bytes[12] = 0x81, Bytes[13] = 0;
  for (bool Novell : {false, true}) {
    Bytes[16] = 0, Bytes[17] = 60;
    Bytes[18] = Bytes[19] = Novell ? 0xff : 0xaa;
    W.addPacket(Bytes, false);
    W.Mem.store(&W.Ctx[SkbProtocol], 4, Vlan);
    EXPECT_EQ(0, W.call("bpf_skb_vlan_pop", {W.Pkt.Ctx}));
    uint64_t Kind = Novell ? 1 : 4;
    EXPECT_EQ(GetParam() ? Kind : Kind << 8, W.field(SkbProtocol));
  }
}

TEST_P(BothOrders, APacketMayEndBeforeItsVlanTag) {
  World W(GetParam());
  W.addPacket(count(17), false);
  W.Mem.store(&W.Ctx[SkbProtocol], 4, GetParam() ? 0x8100 : 0x0081);
  EXPECT_EQ(-ENOMEM, W.call("bpf_skb_vlan_pop", {W.Pkt.Ctx}));
}

// Changes a word that a checksum covers and updates it by the helper; then the
// checksum equals the one from scratch.
TEST_P(BothOrders, ChecksumsEqualThoseFromScratch) {
  std::mt19937 Random(1);
  for (unsigned Round = 0; Round != 500; ++Round) {
    World W(GetParam());
    std::vector<uint8_t> Header(20);
    for (uint8_t &B : Header)
      B = uint8_t(Random());
    Header[10] = Header[11] = 0;
    uint16_t Sum = fromScratch(Header);
    Header[10] = uint8_t(Sum >> 8);
    Header[11] = uint8_t(Sum);
    W.addPacket(Header, false);
    uint64_t Ctx = W.Pkt.Ctx;
    unsigned Size = Random() % 2 ? 4 : 2, At = 12 + Random() % 3 * 2;
    uint8_t *Field = W.Pkt.Buffer.data() + W.Pkt.Start + At;
    uint64_t Old = W.Mem.load(Field, Size);
    std::vector<uint8_t> OldBytes(Field, Field + 4);
    for (unsigned I = 0; I != Size; ++I)
      Field[I] = uint8_t(Random());
    uint64_t New = W.Mem.load(Field, Size);
    switch (Random() % 3) {
    case 0:
      EXPECT_EQ(0, W.call("bpf_l3_csum_replace", {Ctx, 10, Old, New, Size}));
      break;
    case 1:
      EXPECT_EQ(0, W.call("bpf_l4_csum_replace", {Ctx, 10, Old, New, Size}));
      break;
    default: {
      std::copy(OldBytes.begin(), OldBytes.end(), W.Bytes.begin());
      std::copy(Field, Field + 4, W.Bytes.begin() + 4);
      int64_t Diff = W.call("bpf_csum_diff", {W.Base, 4, W.Base + 4, 4, 0});
      EXPECT_EQ(0,
                W.call("bpf_l3_csum_replace", {Ctx, 10, 0, uint64_t(Diff), 0}));
    }
    }
    std::vector<uint8_t> P = W.packet();
    uint16_t Got = uint16_t(P[10] << 8 | P[11]);
    P[10] = P[11] = 0;
    uint16_t Want = fromScratch(P);
    // Two forms of zero.
    EXPECT_EQ(Want == 0xffff ? 0 : Want, Got == 0xffff ? 0 : Got);
  }
}

TEST(Packets, ChecksumHelpersRefuseWhatTheKernelRefuses) {
  World W;
  W.addPacket(count(20), false);
  uint64_t Ctx = W.Pkt.Ctx;
  EXPECT_EQ(-EINVAL, W.call("bpf_l3_csum_replace", {Ctx, 10, 1, 2, 0}));
  EXPECT_EQ(-EINVAL, W.call("bpf_l3_csum_replace", {Ctx, 10, 1, 2, 3}));
  EXPECT_EQ(-EFAULT, W.call("bpf_l3_csum_replace", {Ctx, 11, 1, 2, 2}));
  EXPECT_EQ(-EFAULT, W.call("bpf_l3_csum_replace", {Ctx, 20, 1, 2, 2}));
}

} // namespace

// What each field of a context says, against the kernel's BPF_PROG_TEST_RUN:
// one program for each field returns it.

#include "runtime/helpers/PacketEdit.h"
#include "test/runtime/interp/Build.h"
#include "test/runtime/interp/Kernel.h"

using namespace bpfcc;
using namespace bpfcc::isa;

namespace {

struct Field {
  const char *Name;
  int16_t Offset;
};

constexpr Field SkbFields[] = {{"len", 0},        {"pkt_type", 4},
                               {"mark", 8},       {"queue_mapping", 12},
                               {"protocol", 16},  {"vlan_present", 20},
                               {"vlan_tci", 24},  {"vlan_proto", 28},
                               {"priority", 32},  {"ingress_ifindex", 36},
                               {"ifindex", 40},   {"tc_index", 44},
                               {"hash", 68},      {"wire_len", 160},
                               {"gso_segs", 164}, {"gso_size", 176}};

std::vector<uint8_t> frame(uint8_t To, uint16_t Protocol) {
  std::vector<uint8_t> F(80, 0x11);
  std::fill_n(F.begin(), 6, To);
  F[12] = uint8_t(Protocol >> 8);
  F[13] = uint8_t(Protocol);
  F[14] = 0x45;
  return F;
}

/// Returns what \p Code returns, by the kernel and here.
void compare(bpf_prog_type Type, HookKind Kind, const std::vector<Inst> &Code,
             const std::vector<uint8_t> &Frame, const char *What) {
  test::KernelResult Kernel = test::runInKernel(Type, Code, Frame);
  if (Kernel.Refused)
    GTEST_SKIP() << "bpf(2) is refused here";
  ASSERT_EQ(Kernel.Error, "") << What;
  Program P = test::program(Code);
  auto I = instantiate(P);
  ASSERT_TRUE(bool(I));
  PacketOptions Options;
  Options.AsTestRun = true;
  Context C((*I)->Env, Kind, Frame, Options);
  auto R = interpret(P, 0, C.address(), (*I)->Env);
  ASSERT_TRUE(bool(R)) << takeMessages(R.takeError());
  EXPECT_EQ(uint32_t(R->R0), Kernel.Return) << What;
}

std::vector<Inst> returnField(int16_t Offset) {
  return {{Op::LDXW, R0, R1, Offset, 0}, {Op::EXIT, 0, 0, 0, 0}};
}

/// data_end - data, data - data_meta.
std::vector<Inst> difference(int16_t From, int16_t Minus) {
  return {{Op::LDXW, R0, R1, From, 0},
          {Op::LDXW, R2, R1, Minus, 0},
          {Op::SUB_RR, R0, R2, 0, 0},
          {Op::EXIT, 0, 0, 0, 0}};
}

TEST(Context, TcFieldsEqualTheKernels) {
  for (uint16_t Protocol : {0x0800, 0x86dd, 0x0806})
    for (uint8_t To : {0x00, 0xff, 0x01, 0x22})
      for (const Field &F : SkbFields)
        compare(BPF_PROG_TYPE_SCHED_CLS, HookKind::Tc, returnField(F.Offset),
                frame(To, Protocol), F.Name);
}

TEST(Context, SocketFilterFieldsEqualTheKernels) {
  for (const Field &F : SkbFields)
    if (F.Offset < 160) // the rest is for tc alone
      compare(BPF_PROG_TYPE_SOCKET_FILTER, HookKind::SocketFilter,
              returnField(F.Offset), frame(0x22, 0x0800), F.Name);
}

TEST(Context, SocketFilterLoadsEqualTheKernels) {
  std::vector<uint8_t> Frame = frame(0x22, 0x0800);
  for (size_t N = 0; N != Frame.size(); ++N)
    if (N < 12 || N > 14)
      Frame[N] = uint8_t(N);
  for (int32_t Offset : {0, 5, 62, 63, 64, 65, 66, 70, -0x100000, -0x100000 + 3,
                         -0x200000, -0x200000 + 13, -0x300000})
    for (Op O : {Op::LD_ABS_B, Op::LD_ABS_H, Op::LD_ABS_W})
      compare(BPF_PROG_TYPE_SOCKET_FILTER, HookKind::SocketFilter,
              {{Op::MOV_RR, R6, R1, 0, 0},
               {O, 0, 0, 0, Offset},
               {Op::EXIT, 0, 0, 0, 0}},
              Frame, ("offset " + std::to_string(Offset)).c_str());
}

TEST(Context, PacketSizesEqualTheKernels) {
  std::vector<uint8_t> Frame = frame(0x22, 0x0800);
  compare(BPF_PROG_TYPE_XDP, HookKind::Xdp, difference(4, 0), Frame, "xdp");
  compare(BPF_PROG_TYPE_XDP, HookKind::Xdp, returnField(12), Frame,
          "ingress_ifindex");
  compare(BPF_PROG_TYPE_XDP, HookKind::Xdp, returnField(16), Frame,
          "rx_queue_index");
  compare(BPF_PROG_TYPE_SCHED_CLS, HookKind::Tc, difference(80, 76), Frame,
          "tc");
  compare(BPF_PROG_TYPE_CGROUP_SKB, HookKind::CgroupSkb,
          {{Op::LDXW, R0, R1, 0, 0},
           {Op::AND_RI, R0, 0, 0, 1},
           {Op::EXIT, 0, 0, 0, 0}},
          Frame, "cgroup_skb");
}

TEST(Context, WritableFieldsAreTheKernels) {
  struct Row {
    HookKind Kind;
    int16_t Offset;
    bool Writable;
  };
  for (const Row &R : {Row{HookKind::Tc, 8, true},
                       {HookKind::Tc, 76, false},
                       {HookKind::Tc, 0, false},
                       {HookKind::Tc, 64, true},
                       {HookKind::SocketFilter, 48, true},
                       {HookKind::SocketFilter, 8, false},
                       {HookKind::Xdp, 0, false},
                       {HookKind::Xdp, 12, false}}) {
    Program P = test::program({{Op::STW, R1, 0, R.Offset, 7},
                               {Op::MOV_RI, R0, 0, 0, 0},
                               {Op::EXIT, 0, 0, 0, 0}});
    auto I = instantiate(P);
    ASSERT_TRUE(bool(I));
    Context C((*I)->Env, R.Kind, frame(0x22, 0x0800));
    auto Result = interpret(P, 0, C.address(), (*I)->Env);
    EXPECT_EQ(bool(Result), R.Writable) << R.Offset;
    llvm::consumeError(Result.takeError());
  }
}

/// All that a program can see: the context, its bytes around the packet's
/// ends, and what it may touch there.
std::vector<uint8_t> visible(Environment &Env, const Context &C) {
  std::vector<uint8_t> All = C.bytes().vec();
  const Packet &P = *Env.Pkt;
  All.insert(All.end(), P.Buffer.begin(), P.Buffer.end());
  const uint8_t *Rights = Env.Mem.rights() + P.Guest;
  All.insert(All.end(), Rights, Rights + P.Buffer.size());
  // The data's address may differ.
  for (size_t Field :
       {P.IsXdp ? 0u : 76u, P.IsXdp ? 4u : 80u, P.IsXdp ? 8u : 140u}) {
    auto Address = uint32_t(Env.Mem.load(&All[Field], 4) - P.Guest);
    Env.Mem.store(&All[Field], 4, Address);
  }
  return All;
}

TEST(Context, ARenewedOneIsLikeANewOne) {
  for (HookKind Kind : {HookKind::Xdp, HookKind::Tc, HookKind::CgroupSkb,
                        HookKind::SocketFilter}) {
    Program P = test::program({{Op::EXIT, 0, 0, 0, 0}});
    auto I = instantiate(P), J = instantiate(P);
    ASSERT_TRUE(I && J);
    Environment &Env = (*I)->Env;
    Context C(Env, Kind, frame(0x22, 0x0800));
    unsigned Seed = 1;
    for (unsigned Turn = 0; Turn != 400; ++Turn) {
      Seed = Seed * 1103515245 + 12345;
      size_t Size = Seed >> 16 & (Turn % 10 ? 31 : 8191);
      std::vector<uint8_t> Frame(Size, uint8_t(Turn | 1));
      C.renew(Frame);
      {
        Context Fresh((*J)->Env, Kind, Frame);
        ASSERT_EQ(visible(Env, C), visible((*J)->Env, Fresh)) << Size;
      }
      // What a program may do: write, move the ends, choose a target.
      std::fill_n(Env.Mem.host(C.address()) + 8, 4, 0xee);
      std::fill(Env.Pkt->Buffer.begin() + Env.Pkt->Start,
                Env.Pkt->Buffer.begin() + Env.Pkt->End, 0xee);
      Env.Pkt->Redirect = 3;
      if (Turn % 7 == 0) {
        PacketEdit Edit(Env);
        Edit.insert(0, Turn);
        std::fill_n(Env.Pkt->Buffer.begin() + Env.Pkt->Start, Turn, 0xee);
        Edit.remove(0, Turn);
      }
    }
  }
}

TEST(Hooks, SectionsHaveContexts) {
  EXPECT_EQ(hookForSection("xdp").Kind, HookKind::Xdp);
  EXPECT_EQ(hookForSection("xdp.frags").Kind, HookKind::Xdp);
  EXPECT_EQ(hookForSection("tc").Kind, HookKind::Tc);
  EXPECT_EQ(hookForSection("socket").Kind, HookKind::SocketFilter);
  EXPECT_EQ(hookForSection("cgroup_skb/egress").Kind, HookKind::CgroupSkb);
  EXPECT_EQ(hookForSection("tp/syscalls/sys_enter_open").Kind, HookKind::Raw);
  EXPECT_EQ(hookForSection("kprobe/vfs_read").Kind, HookKind::Raw);
}

TEST(Hooks, VerdictsHaveNames) {
  EXPECT_EQ(verdictName(HookKind::Xdp, 2), "XDP_PASS");
  EXPECT_EQ(verdictName(HookKind::Xdp, 9), "9");
  EXPECT_EQ(verdictName(HookKind::Tc, 0xffffffff), "TC_ACT_UNSPEC");
  EXPECT_EQ(verdictName(HookKind::Tc, 2), "TC_ACT_SHOT");
  EXPECT_EQ(verdictName(HookKind::SocketFilter, 0), "drop");
}

} // namespace

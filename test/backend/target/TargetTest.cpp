#include "backend/target/Helpers.h"
#include "backend/target/KernelProfile.h"
#include "backend/target/MapTypes.h"

#include <gtest/gtest.h>

#include <linux/bpf.h>

using namespace bpfcc::target;
using namespace llvm;

// Against the header of the kernel that the build machine has. Debian 12's, of
// Linux 6.1, ends at 209 or 211.
TEST(HelpersTable, EveryIdOfTheHeaderHasItsName) {
  unsigned Seen = 0;
#define ROW(Name, ...) {BPF_FUNC_##Name, "bpf_" #Name}
#define ROW_AND_COMMA(Name, ...) ROW(Name),
  static constexpr std::pair<unsigned, const char *> Rows[] = {
#ifdef ___BPF_FUNC_MAPPER
      ___BPF_FUNC_MAPPER(ROW_AND_COMMA)
#else
      __BPF_FUNC_MAPPER(ROW)
#endif
  };
  for (auto [Id, Name] : Rows) {
    if (!Id)
      continue;
    const HelperInfo *H = helperById(Id);
    ASSERT_TRUE(H) << Name;
    EXPECT_STREQ(Name, H->Name);
    EXPECT_EQ(Id, H->Id);
    EXPECT_EQ(H, helperByName(Name));
    ++Seen;
  }
  EXPECT_GE(Seen, 208u);
  EXPECT_TRUE(helperById(211));
  EXPECT_FALSE(helperById(212));
  EXPECT_FALSE(helperById(0));
  EXPECT_FALSE(helperByName("bpf_no_such_thing"));
}

TEST(HelpersTable, RowsAreConsistent) {
  KernelVersion Before;
  for (unsigned Id = 1; const HelperInfo *H = helperById(Id); ++Id) {
    SCOPED_TRACE(H->Name);
    EXPECT_EQ(Id, H->Id);
    EXPECT_NE(0u, H->ProgTypes);
    // Ids are given in order of time.
    EXPECT_LE(Before, H->Since);
    Before = H->Since;
    for (unsigned N = 0; N != 5; ++N) {
      ArgKind K = H->Args[N];
      if (N >= H->numArgs()) {
        EXPECT_EQ(ArgKind::None, K);
      }
      bool Sized = K == ArgKind::MemRead || K == ArgKind::MemReadOrNull ||
                   K == ArgKind::MemWrite || K == ArgKind::MemReadWrite ||
                   K == ArgKind::MemReadWriteOrNull;
      if (!Sized)
        continue;
      ASSERT_LT(N, 4u);
      EXPECT_TRUE(H->Args[N + 1] == ArgKind::Size ||
                  H->Args[N + 1] == ArgKind::SizeOrZero);
    }
  }
}

TEST(HelpersTable, KnownRows) {
  const HelperInfo *H = helperByName("bpf_skb_store_bytes");
  EXPECT_EQ(9u, H->Id);
  EXPECT_TRUE(H->Effects & ChangesPacket);
  EXPECT_TRUE(H->allows(ProgType::SchedCls));
  EXPECT_FALSE(H->allows(ProgType::Xdp));
  EXPECT_EQ(ArgKind::MemRead, H->Args[2]);
  EXPECT_TRUE(helperByName("bpf_trace_printk")->Effects & Gpl);
  EXPECT_TRUE(helperByName("bpf_ringbuf_reserve")->Effects & Acquires);
  EXPECT_EQ((KernelVersion{5, 17}), helperByName("bpf_loop")->Since);
}

TEST(ProgTypes, NumbersOfTheHeader) {
#define CHECK_TYPE(Name, Kernel)                                               \
  EXPECT_EQ(unsigned(BPF_PROG_TYPE_##Kernel), unsigned(ProgType::Name));       \
  EXPECT_EQ(std::string(#Kernel), progTypeInfo(ProgType::Name)->KernelName);
  CHECK_TYPE(SocketFilter, SOCKET_FILTER)
  CHECK_TYPE(Kprobe, KPROBE)
  CHECK_TYPE(SchedCls, SCHED_CLS)
  CHECK_TYPE(Xdp, XDP)
  CHECK_TYPE(SockOps, SOCK_OPS)
  CHECK_TYPE(CgroupSockAddr, CGROUP_SOCK_ADDR)
  CHECK_TYPE(CgroupSockopt, CGROUP_SOCKOPT)
  CHECK_TYPE(Lsm, LSM)
  CHECK_TYPE(Syscall, SYSCALL)
  EXPECT_FALSE(progTypeInfo(0u));
  EXPECT_FALSE(progTypeInfo(33u));
}

TEST(Sections, AsLibbpfMatchesThem) {
  auto Type = [](const char *S) {
    const SectionInfo *I = sectionInfo(S);
    return I ? I->Type : ProgType::Unspec;
  };
  EXPECT_EQ(ProgType::Xdp, Type("xdp"));
  EXPECT_EQ(ProgType::Xdp, Type("xdp.frags"));
  EXPECT_EQ(ProgType::Xdp, Type("?xdp"));
  EXPECT_EQ(ProgType::Unspec, Type("xdp_drop"));
  EXPECT_EQ(ProgType::Kprobe, Type("kprobe/do_sys_open"));
  EXPECT_EQ(ProgType::Kprobe, Type("kprobe"));
  EXPECT_EQ(ProgType::Unspec, Type("kprobes/x"));
  EXPECT_EQ(ProgType::SchedCls, Type("tc"));
  EXPECT_EQ(ProgType::Unspec, Type("tc/other"));
  EXPECT_EQ(ProgType::Tracing, Type("fentry.s/x"));
  EXPECT_TRUE(sectionInfo("fentry.s/x")->Sleepable);
  EXPECT_EQ(unsigned(BPF_CGROUP_INET4_CONNECT),
            sectionInfo("cgroup/connect4")->AttachType);
  EXPECT_EQ(ProgType::Xdp, progTypeForSection("xdp_drop"));
  EXPECT_EQ(ProgType::SchedCls, progTypeForSection("classifier/a"));
  EXPECT_EQ(ProgType::Unspec, progTypeForSection(".text"));
}

TEST(MapTypes, NumbersOfTheHeader) {
#define CHECK_MAP(Name, Kernel)                                                \
  EXPECT_EQ(unsigned(BPF_MAP_TYPE_##Kernel), unsigned(MapType::Name));         \
  EXPECT_EQ(std::string(#Kernel),                                              \
            mapTypeInfo(BPF_MAP_TYPE_##Kernel)->KernelName);
  CHECK_MAP(Hash, HASH)
  CHECK_MAP(Array, ARRAY)
  CHECK_MAP(LpmTrie, LPM_TRIE)
  CHECK_MAP(SockHash, SOCKHASH)
  CHECK_MAP(Queue, QUEUE)
  CHECK_MAP(RingBuf, RINGBUF)
  CHECK_MAP(BloomFilter, BLOOM_FILTER)
  EXPECT_FALSE(mapTypeInfo(0));
  EXPECT_FALSE(mapTypeInfo(34));
}

TEST(Kernels, VersionsAndFeatures) {
  EXPECT_EQ((KernelVersion{6, 1}), parseKernelVersion("6.1.0-25-amd64"));
  EXPECT_EQ((KernelVersion{5, 15}), parseKernelVersion("5.15"));
  EXPECT_FALSE(parseKernelVersion("six"));
  EXPECT_FALSE(parseKernelVersion("6."));
  EXPECT_FALSE(parseKernelVersion("6.1x"));
  EXPECT_EQ("6.12", toString({6, 12}));
  EXPECT_TRUE(isRelease({4, 20}));
  EXPECT_FALSE(isRelease({4, 21}));
  EXPECT_FALSE(isRelease({3, 17}));
  EXPECT_EQ(3u, profileOf({5, 15}).isaLevel());
  EXPECT_EQ(4u, profileOf({6, 6}).isaLevel());
  EXPECT_EQ(1u, profileOf({4, 13}).isaLevel());
  EXPECT_EQ(4096u, instructionLimit({5, 1}));
  EXPECT_EQ(1000000u, instructionLimit({5, 2}));
  EXPECT_FALSE(hasFeature({5, 2}, Feature::BoundedLoops));
}

TEST(Kernels, ProbeTellsMoreThanRelease) {
  auto P = readFeatureProbe(R"({
    "helpers": {"xdp_available_helpers": ["bpf_loop", "bpf_redirect"]},
    "map_types": {"have_arena_map_type": true},
    "misc": {"have_v4_isa_extension": true, "have_bounded_loops": false}})",
                            "box.json");
  ASSERT_TRUE(bool(P)) << toString(P.takeError());
  EXPECT_EQ("the kernel of `box.json`", P->Name);
  EXPECT_EQ(4u, P->isaLevel());
  EXPECT_TRUE(P->has(Feature::Arena));
  EXPECT_TRUE(P->has(Feature::Kfuncs)); // bpf_loop is of 5.17
  EXPECT_FALSE(P->has(Feature::BoundedLoops));
  EXPECT_FALSE(P->has(Feature::OpenIterators));
}

TEST(Kernels, DamagedProbes) {
  for (const char *Text :
       {"", "{", "[]", "{}", R"({"helpers": 1})",
        R"({"helpers": {"a": ["no_such_helper", 1], "b": 2}})"})
    EXPECT_TRUE(errorToBool(readFeatureProbe(Text, "x").takeError())) << Text;
}

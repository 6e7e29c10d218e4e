// Helpers about what the machine has none of.

#include "World.h"

#include <cerrno>

using namespace bpfcc;

namespace {

constexpr uint32_t PerfEventArray = 4;

TEST(Absent, CountersCountNothing) {
  World W;
  uint64_t M = mapAddress(W.addMap(PerfEventArray, 4, 4, 4));
  uint8_t Key[4] = {2}, Event[4] = {7};
  EXPECT_EQ(0, W.Maps[0]->update(Key, Event, 0, 0));
  EXPECT_EQ(0, W.call("bpf_perf_event_read", {M, 2}));
  EXPECT_EQ(-ENOENT, W.call("bpf_perf_event_read", {M, 1}));
  EXPECT_EQ(-E2BIG, W.call("bpf_perf_event_read", {M, 4}));
  EXPECT_EQ(-EINVAL, W.call("bpf_perf_event_read", {M, 1ull << 32}));
  W.Env.Cpu = 2;
  EXPECT_EQ(0, W.call("bpf_perf_event_read", {M, 0xffffffff}));
  W.Bytes[23] = 9;
  EXPECT_EQ(-ENOENT, W.call("bpf_perf_event_read_value", {M, 1, W.Base, 24}));
  EXPECT_EQ(0, W.Bytes[23]);
  EXPECT_EQ(0, W.call("bpf_perf_event_read_value", {M, 2, W.Base, 24}));
  EXPECT_EQ(-EINVAL, W.call("bpf_perf_event_read_value", {M, 2, W.Base, 16}));
}

TEST(Absent, ReturnValuesAreKept) {
  World W;
  EXPECT_EQ(0, W.call("bpf_get_retval", {}));
  EXPECT_EQ(0, W.call("bpf_set_retval", {uint64_t(-EPERM)}));
  EXPECT_EQ(-EPERM, W.call("bpf_get_retval", {}));
}

TEST(Absent, PointersChangePlacesInTheGuestsOrder) {
  for (bool BigEndian : {false, true}) {
    World W(BigEndian);
    EXPECT_EQ(0, W.call("bpf_kptr_xchg", {W.Base, 0x1234}));
    EXPECT_EQ(0x1234u, W.Mem.load(&W.Bytes[0], 8));
    EXPECT_EQ(0x1234, W.call("bpf_kptr_xchg", {W.Base, 0}));
    EXPECT_NE(std::string::npos,
              W.error("bpf_kptr_xchg", {W.Base + 4, 0}).find("misaligned"));
  }
}

TEST(Absent, ChecksumLevels) {
  World W;
  W.addPacket(std::vector<uint8_t>(60), false);
  auto Level = [&](uint64_t What) {
    return W.call("bpf_csum_level", {W.Pkt.Ctx, What});
  };
  EXPECT_EQ(-EACCES, Level(0));
  EXPECT_EQ(0, Level(1));
  EXPECT_EQ(0, Level(0));
  EXPECT_EQ(0, Level(1));
  EXPECT_EQ(1, Level(0));
  EXPECT_EQ(0, Level(2));
  EXPECT_EQ(0, Level(2));
  EXPECT_EQ(-EACCES, Level(0));
  EXPECT_EQ(-EINVAL, Level(4));
}

} // namespace

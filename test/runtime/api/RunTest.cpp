// Loading and running by the public header.

#include "Api.h"

using namespace bpfcc::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// Packets lie anywhere.
uint32_t word(const void *At) {
  uint32_t V;
  memcpy(&V, At, sizeof V);
  return V;
}

TEST_P(WorldTest, CountsPackets) {
  load();
  EXPECT_EQ(run("count", std::vector<uint8_t>(60)).r0, 2u); // XDP_PASS
  EXPECT_EQ(run("count", std::vector<uint8_t>(65)).r0, 1u); // XDP_DROP
  EXPECT_EQ(run("count", std::vector<uint8_t>(60)).r0, 2u);
  uint32_t Key = 60;
  uint64_t Value = 0;
  EXPECT_EQ(bpfcc_map_lookup(map("sizes"), &Key, 4, &Value, 8, nullptr), 0);
  EXPECT_EQ(Value, 2u);
  size_t Size = 0;
  void *Total = bpfcc_find_variable(World.get(), "total", &Size, nullptr);
  ASSERT_TRUE(Total);
  EXPECT_EQ(Size, 8u);
  EXPECT_EQ(*static_cast<uint64_t *>(Total), 185u);
}

TEST_P(WorldTest, SeesChangedConstants) {
  load();
  void *Limit = bpfcc_find_variable(World.get(), "limit", nullptr, nullptr);
  ASSERT_TRUE(Limit);
  *static_cast<uint32_t *>(Limit) = 10;
  EXPECT_EQ(run("count", std::vector<uint8_t>(60)).r0, 1u);
}

TEST_P(WorldTest, CountsInstructions) {
  load();
  uint64_t First = run("count", std::vector<uint8_t>(60)).instructions;
  EXPECT_GT(First, 10u);
  EXPECT_LT(First, 100u);
}

TEST_P(WorldTest, GivesTheChangedPacket) {
  load();
  bpfcc_set_ifindex(World.get(), 7);
  std::vector<uint8_t> Packet(20, 1);
  bpfcc_result R = run("change", Packet);
  EXPECT_EQ(R.r0, 0u); // bpf_redirect_map: nothing in the slot
  auto *Data = static_cast<const uint8_t *>(R.data);
  ASSERT_EQ(R.data_size, 19u);
  EXPECT_EQ(Data[0], 0xee);
  EXPECT_EQ(Data[1], 1);
  ASSERT_EQ(R.metadata_size, 4u);
  EXPECT_EQ(word(R.metadata), 7u);
  EXPECT_EQ(R.redirect, BPFCC_NOT_REDIRECTED);
  EXPECT_EQ(Packet, std::vector<uint8_t>(20, 1));

  uint32_t Slot = 3, Device = 9;
  EXPECT_EQ(bpfcc_map_update(map("ports"), &Slot, 4, &Device, 4, 0, nullptr),
            0);
  R = run("change", Packet);
  EXPECT_EQ(R.r0, 4u); // XDP_REDIRECT
  EXPECT_EQ(R.redirect, 3u);
  EXPECT_EQ(R.redirect_map, map("ports"));
}

TEST_P(WorldTest, ForgetsTheInterfaceOfTheLastPacket) {
  load();
  std::vector<uint8_t> Packet(20);
  bpfcc_set_ifindex(World.get(), 7);
  run("change", Packet);
  bpfcc_set_ifindex(World.get(), 8);
  bpfcc_result R = run("change", Packet);
  EXPECT_EQ(word(R.metadata), 8u);
}

TEST_P(WorldTest, RunsOnContexts) {
  load();
  bpfcc_set_time(World.get(), 5000000);
  bpfcc_result R = run("answer", bytes<uint64_t>({21, 0}));
  EXPECT_EQ(R.r0, 5000u);
  ASSERT_EQ(R.data_size, 16u);
  EXPECT_EQ(static_cast<const uint64_t *>(R.data)[1], 42u);
  EXPECT_FALSE(bpfcc_program_takes_packets(program("answer")));
  EXPECT_TRUE(bpfcc_program_takes_packets(program("count")));
  EXPECT_EQ(run("answer").data_size,
            bpfcc_program_context_size(program("answer")));
}

TEST_P(WorldTest, TellsOfRecordsAndLines) {
  std::vector<std::string> Seen;
  bpfcc_options O{};
  O.record = [](bpfcc_map *M, const void *Data, size_t Size, void *User) {
    bpfcc_map_info Info{};
    Info.size = sizeof Info;
    EXPECT_EQ(bpfcc_map_info_of(M, &Info), 0);
    EXPECT_EQ(Size, 8u);
    static_cast<std::vector<std::string> *>(User)->push_back(
        std::string(Info.name) + " " +
        std::to_string(*static_cast<const uint64_t *>(Data)));
  };
  O.record_user = &Seen;
  O.trace = [](const char *Line, void *User) {
    static_cast<std::vector<std::string> *>(User)->push_back(Line);
  };
  O.trace_user = &Seen;
  load(O);
  ASSERT_EQ(bpfcc_set_cpu(World.get(), 3, nullptr), 0);
  EXPECT_EQ(run("event", bytes<uint64_t>({7})).r0, 3u);
  EXPECT_THAT(Seen, ElementsAre("value 8", "records 7", "records 8"));
}

TEST_P(WorldTest, JumpsToThePrograms) {
  load();
  EXPECT_EQ(run("jump", std::vector<uint8_t>(60)).r0, 0u);
  EXPECT_EQ(bpfcc_map_set_program(map("next"), 1, program("count"), nullptr),
            0);
  EXPECT_EQ(run("jump", std::vector<uint8_t>(60)).r0, 2u);
  Err E;
  EXPECT_EQ(bpfcc_map_set_program(map("next"), 2, program("count"), E.out()),
            -E2BIG);
  EXPECT_THAT(E.message(), HasSubstr("set program in map `next`"));
  EXPECT_EQ(bpfcc_map_set_program(map("sizes"), 1, program("count"), nullptr),
            -EINVAL);
  InstancePtr Other = bpfcc::test::load(Object.get());
  bpfcc_program *Foreign = bpfcc_find_program(Other.get(), "count", nullptr);
  EXPECT_EQ(bpfcc_map_set_program(map("next"), 1, Foreign, nullptr), -EINVAL);
}

TEST_P(WorldTest, SaysWhatAProgramDidWrong) {
  load();
  Err E;
  EXPECT_EQ(fails("careless", E, std::vector<uint8_t>(14)), -EFAULT);
  ASSERT_TRUE(E.E);
  EXPECT_STREQ(bpfcc_error_function(E.E), "careless");
  EXPECT_EQ(bpfcc_error_pc(E.E), 1u);
  EXPECT_THAT(bpfcc_error_instruction(E.E), HasSubstr("*(u8 *)(r1"));
  EXPECT_STREQ(bpfcc_error_fault(E.E),
               "cannot read 1 byte at packet offset 20, the packet has 14 "
               "bytes");
  EXPECT_THAT(bpfcc_error_file(E.E), HasSubstr("world.bpf.c"));
  EXPECT_GT(bpfcc_error_line(E.E), 0u);
  EXPECT_EQ(bpfcc_error_code(E.E), 801u);
  EXPECT_EQ(bpfcc_error_errno(E.E), -EFAULT);
  EXPECT_THAT(bpfcc_error_text(E.E), HasSubstr("error: in `careless`: cannot"));
  EXPECT_THAT(bpfcc_error_text(E.E), HasSubstr("[BPF0801]\n"));
  // The instance is as good as before.
  EXPECT_EQ(run("careless", std::vector<uint8_t>(21, 5)).r0, 5u);
}

TEST_P(WorldTest, EndsWhatRunsTooLong) {
  bpfcc_options O{};
  O.max_insns = 1000;
  load(O);
  Err E;
  EXPECT_EQ(fails("forever", E, std::vector<uint8_t>(14)), -EFAULT);
  EXPECT_THAT(E.message(), HasSubstr("still running after 1000 instructions"));
}

TEST_P(WorldTest, RefusesWhatIsTooLarge) {
  load();
  Err E;
  EXPECT_EQ(run("count", std::vector<uint8_t>(65535)).r0, 1u);
  EXPECT_EQ(fails("count", E, std::vector<uint8_t>(65536)), -EINVAL);
  EXPECT_EQ(E.message(), "a packet of 65536 bytes is too large");
  EXPECT_EQ(fails("answer", E, std::vector<uint8_t>((1 << 20) + 1)), -EINVAL);
  EXPECT_EQ(E.message(), "a context of 1048577 bytes is too large");
  EXPECT_EQ(bpfcc_program_run(program("count"), nullptr, 5, nullptr, E.out()),
            -EINVAL);
  EXPECT_EQ(E.message(), "there are no bytes at NULL");
  EXPECT_EQ(bpfcc_program_run(program("count"), nullptr, 0, nullptr, nullptr),
            0);
}

TEST_P(WorldTest, TakesPacketsOfAllSizesInTurn) {
  load();
  void *Limit = bpfcc_find_variable(World.get(), "limit", nullptr, nullptr);
  *static_cast<uint32_t *>(Limit) = 30000;
  for (unsigned N = 0; N != 4000; ++N) {
    size_t Size = (N * 7919) % 65536;
    EXPECT_EQ(run("count", std::vector<uint8_t>(Size)).r0,
              Size > 30000 ? 1u : 2u);
  }
}

TEST_P(WorldTest, GivesOldCallersWhatTheyKnow) {
  load();
  struct {
    size_t size;
    uint64_t r0, canary;
  } Old{16, 0, 77};
  std::vector<uint8_t> Packet(60);
  auto *R = reinterpret_cast<bpfcc_result *>(&Old);
  EXPECT_EQ(bpfcc_program_run(program("count"), Packet.data(), 60, R, nullptr),
            0);
  EXPECT_EQ(Old.size, 16u);
  EXPECT_EQ(Old.r0, 2u);
  EXPECT_EQ(Old.canary, 77u);
  Old.size = 0;
  Err E;
  EXPECT_EQ(bpfcc_program_run(program("count"), Packet.data(), 60, R, E.out()),
            -EINVAL);
  EXPECT_EQ(E.message(), "bpfcc_result: `size` is not set");
}

TEST_P(WorldTest, NamesVerdicts) {
  load();
  char Name[16];
  EXPECT_EQ(bpfcc_verdict_name(program("count"), 1, Name, sizeof Name), 8u);
  EXPECT_STREQ(Name, "XDP_DROP");
  EXPECT_EQ(bpfcc_verdict_name(program("count"), 1, Name, 4), 8u);
  EXPECT_STREQ(Name, "XDP");
  EXPECT_EQ(bpfcc_verdict_name(program("event"), 1, nullptr, 0), 8u);
}

INSTANTIATE_TEST_SUITE_P(Engines, WorldTest,
                         testing::Values(BPFCC_ENGINE_BEST, BPFCC_ENGINE_OFF,
                                         BPFCC_ENGINE_TEMPLATE,
                                         BPFCC_ENGINE_LLVM));

} // namespace

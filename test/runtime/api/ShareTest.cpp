// Instances of one world, and its timers.

#include "Api.h"

#include <thread>

using namespace bpfcc::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr uint64_t Second = 1000000000;

class ShareTest : public testing::TestWithParam<bpfcc_engine> {
protected:
  void SetUp() override {
    Err E;
    Object.reset(bpfcc_object_open(BPFCC_TEST_SHARED, nullptr, E.out()));
    ASSERT_TRUE(Object) << E.message();
    bpfcc_options Options{};
    Options.engine = GetParam();
    Options.record = [](bpfcc_map *, const void *Data, size_t, void *User) {
      uint64_t Value;
      memcpy(&Value, Data, sizeof Value);
      static_cast<std::vector<uint64_t> *>(User)->push_back(Value);
    };
    Options.record_user = &Records;
    World = load(Object.get(), Options);
  }

  static InstancePtr share(bpfcc_instance *Of, uint32_t Cpu) {
    Err E;
    InstancePtr I(bpfcc_instance_share(Of, Cpu, E.out()));
    EXPECT_TRUE(I) << E.message();
    return I;
  }
  static int run(bpfcc_instance *I, const char *Name, uint64_t Value) {
    Err E;
    int Result = bpfcc_program_run(bpfcc_find_program(I, Name, nullptr), &Value,
                                   sizeof Value, nullptr, E.out());
    EXPECT_EQ(Result, 0) << E.message();
    return Result;
  }
  static uint64_t total(bpfcc_instance *I) {
    return *static_cast<uint64_t *>(
        bpfcc_find_variable(I, "total", nullptr, nullptr));
  }

  std::vector<uint64_t> Records;
  ObjectPtr Object;
  InstancePtr World;
};

TEST_P(ShareTest, ThreadsRunAtOnce) {
  constexpr unsigned Threads = 3, Runs = 2000;
  std::vector<InstancePtr> Worlds;
  for (unsigned N = 0; N != Threads; ++N)
    Worlds.push_back(share(World.get(), N));
  std::vector<std::thread> Running;
  for (InstancePtr &W : Worlds)
    Running.emplace_back([&W] {
      for (unsigned N = 0; N != Runs; ++N)
        run(W.get(), "add", 3);
    });
  for (std::thread &T : Running)
    T.join();
  EXPECT_EQ(total(World.get()), uint64_t(3) * Threads * Runs);
  uint32_t Key = 0;
  uint64_t PerCpu[4];
  EXPECT_EQ(bpfcc_map_lookup(bpfcc_find_map(World.get(), "mine", nullptr), &Key,
                             4, PerCpu, sizeof PerCpu, nullptr),
            0);
  EXPECT_THAT(PerCpu, ElementsAre(Runs, Runs, Runs, 0));
}

TEST_P(ShareTest, AWorldLivesAsLongAsOneOfThem) {
  InstancePtr Other = share(World.get(), 1);
  run(World.get(), "add", 5);
  World.reset();
  run(Other.get(), "add", 2);
  EXPECT_EQ(total(Other.get()), 7u);
  InstancePtr Third = share(Other.get(), 2);
  Other.reset();
  run(Third.get(), "add", 1);
  EXPECT_EQ(total(Third.get()), 8u);
}

TEST_P(ShareTest, RefusesAProcessorThatDoesNotExist) {
  Err E;
  EXPECT_FALSE(bpfcc_instance_share(World.get(), 4, E.out()));
  EXPECT_EQ(bpfcc_error_errno(E.E), -EINVAL);
  EXPECT_THAT(E.message(), HasSubstr("there are 4 processors"));
}

TEST_P(ShareTest, HasRoomForSoMany) {
  if (GetParam() == BPFCC_ENGINE_LLVM)
    GTEST_SKIP() << "compiles 256 times, to find what the others find";
  std::vector<InstancePtr> Worlds;
  Err E;
  while (bpfcc_instance *I = bpfcc_instance_share(World.get(), 0, E.out()))
    Worlds.emplace_back(I);
  EXPECT_EQ(Worlds.size(), 255u);
  EXPECT_EQ(bpfcc_error_errno(E.E), -EAGAIN);
  Worlds.pop_back();
  EXPECT_TRUE(share(World.get(), 0));
}

TEST_P(ShareTest, TimersRunAsTimePasses) {
  bpfcc_set_time(World.get(), Second);
  run(World.get(), "arm", 5 * Second);
  EXPECT_EQ(bpfcc_pass_time(World.get(), 5 * Second, nullptr), 0);
  EXPECT_THAT(Records, ElementsAre());
  EXPECT_EQ(bpfcc_pass_time(World.get(), 10 * Second, nullptr), 0);
  ASSERT_EQ(Records.size(), 1u);
  EXPECT_NEAR(double(Records[0]), 6e9, 1e4);
  EXPECT_EQ(bpfcc_pass_time(World.get(), 20 * Second, nullptr), 0);
  EXPECT_EQ(Records.size(), 1u);
}

TEST_P(ShareTest, AnyRunsTheTimersOfItsWorld) {
  run(World.get(), "arm", Second);
  InstancePtr Other = share(World.get(), 1);
  EXPECT_EQ(bpfcc_pass_time(Other.get(), 2 * Second, nullptr), 0);
  EXPECT_EQ(Records.size(), 1u);
  EXPECT_EQ(bpfcc_pass_time(World.get(), 2 * Second, nullptr), 0);
  EXPECT_EQ(Records.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Engines, ShareTest,
                         testing::Values(BPFCC_ENGINE_BEST, BPFCC_ENGINE_OFF,
                                         BPFCC_ENGINE_LLVM));

} // namespace

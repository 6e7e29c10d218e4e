// Helpers that come by the public header.

#include "Api.h"

using namespace bpfcc::test;
using testing::HasSubstr;

namespace {

uint64_t sum(bpfcc_helper_call *Call, const uint64_t *Args, void *User) {
  auto *Bytes = static_cast<const uint8_t *>(
      bpfcc_call_memory(Call, Args[0], Args[1], 0));
  if (!Bytes) {
    bpfcc_call_fail(Call, "not its memory");
    bpfcc_call_fail(Call, "a second message");
    return 0;
  }
  uint64_t Sum = 0;
  for (uint64_t N = 0; N != Args[1]; ++N)
    Sum += Bytes[N];
  ++*static_cast<int *>(User);
  return Sum;
}

uint64_t mapEntries(bpfcc_helper_call *Call, const uint64_t *Args, void *) {
  EXPECT_EQ(bpfcc_call_map(Call, Args[0] + 1), nullptr);
  bpfcc_map_info Info{};
  Info.size = sizeof Info;
  bpfcc_map *M = bpfcc_call_map(Call, Args[0]);
  if (!M || bpfcc_map_info_of(M, &Info))
    return 0;
  uint32_t Key = 1;
  uint64_t Value = 2;
  EXPECT_EQ(bpfcc_map_update(M, &Key, 4, &Value, 8, 0, nullptr), 0);
  EXPECT_EQ(bpfcc_map_delete(M, &Key, 4, nullptr), 0);
  return Info.max_entries;
}

uint64_t twice(bpfcc_helper_call *Call, const uint64_t *Args, void *) {
  uint64_t R0 = 0;
  EXPECT_EQ(bpfcc_call_back(Call, Args[0], Args, 6, &R0), -EINVAL);
  if (bpfcc_call_back(Call, Args[0], &Args[1], 1, &R0))
    return 0;
  uint64_t Again = 0;
  if (bpfcc_call_back(Call, Args[0], &Args[1], 1, &Again))
    return 0;
  return R0 + Again;
}

uint64_t reenter(bpfcc_helper_call *Call, const uint64_t *, void *) {
  bpfcc_instance *I = bpfcc_call_instance(Call);
  bpfcc_program *P = bpfcc_find_program(I, "answer", nullptr);
  Err E;
  EXPECT_EQ(bpfcc_program_run(P, nullptr, 0, nullptr, E.out()), -EBUSY);
  EXPECT_THAT(E.message(), HasSubstr("running a program already"));
  return 5;
}

class HelperTest : public WorldTest {
protected:
  void loadWith(std::vector<bpfcc_host_helper> Helpers) {
    bpfcc_options O{};
    O.helpers = Helpers.data();
    O.num_helpers = Helpers.size();
    load(O);
  }
  int Calls = 0;
};

TEST_P(HelperTest, ReadsMemoryOfTheProgram) {
  loadWith({{1000, "host_sum", 2, sum, &Calls}});
  EXPECT_EQ(run("sum", std::vector<uint8_t>(16, 2)).r0, 32u);
  EXPECT_EQ(Calls, 1);
  Err E;
  EXPECT_EQ(fails("sum", E, std::vector<uint8_t>(15, 2)), -EFAULT);
  EXPECT_THAT(E.message(),
              HasSubstr("in `sum`: host_sum: not its memory (instruction"));
  EXPECT_STREQ(bpfcc_error_fault(E.E), "host_sum: not its memory");
  EXPECT_EQ(Calls, 1);
}

TEST_P(HelperTest, SeesOfAPacketWhatTheProgramMaySee) {
  loadWith({{1000, "host_sum", 2, sum, &Calls}});
  EXPECT_EQ(run("packet_to_host", std::vector<uint8_t>(16, 2)).r0, 32u);
  Err E;
  EXPECT_EQ(fails("packet_to_host", E, std::vector<uint8_t>(15, 2)), -EFAULT);
}

TEST_P(HelperTest, IsFoundByName) {
  loadWith({{0, "host_map", 1, mapEntries, nullptr}});
  EXPECT_EQ(run("map").r0, 2u);
}

TEST_P(HelperTest, CallsBack) {
  loadWith({{0, "host_twice", 2, twice, nullptr}});
  EXPECT_EQ(run("twice").r0, 42u);
  Err E;
  EXPECT_EQ(fails("bad_callback", E), -EFAULT);
  EXPECT_STREQ(bpfcc_error_function(E.E), "fail");
  EXPECT_THAT(bpfcc_error_fault(E.E), HasSubstr("cannot read 8 bytes"));
}

TEST_P(HelperTest, CannotRunTheInstance) {
  loadWith({{1000, "reenter", 0, reenter, nullptr}});
  EXPECT_EQ(run("sum").r0, 5u);
}

TEST_P(HelperTest, IsMissed) {
  loadWith({});
  Err E;
  EXPECT_EQ(fails("sum", E), -EFAULT);
  EXPECT_THAT(E.message(), HasSubstr("no helper has number 1000"));
  EXPECT_EQ(fails("map", E), -EFAULT);
  EXPECT_THAT(E.message(), HasSubstr("`host_map` exists in the kernel only"));
}

INSTANTIATE_TEST_SUITE_P(Engines, HelperTest,
                         testing::Values(BPFCC_ENGINE_BEST, BPFCC_ENGINE_OFF,
                                         BPFCC_ENGINE_TEMPLATE,
                                         BPFCC_ENGINE_LLVM));

std::string refusal(bpfcc_host_helper H, size_t Count = 1) {
  ObjectPtr O = openWorld();
  std::vector<bpfcc_host_helper> Helpers(Count, H);
  bpfcc_options Options{};
  Options.size = sizeof Options;
  Options.helpers = Helpers.data();
  Options.num_helpers = Count;
  Err E;
  EXPECT_EQ(bpfcc_object_load(O.get(), &Options, E.out()), nullptr);
  return E.message();
}

TEST(Helpers, MustMeanSomething) {
  EXPECT_EQ(refusal({1000, nullptr, 1, sum, nullptr}),
            "helpers: a helper needs a name");
  EXPECT_EQ(refusal({1000, "x", 1, nullptr, nullptr}),
            "helpers: `x` has no function");
  EXPECT_EQ(refusal({1000, "x", 6, sum, nullptr}),
            "helpers: `x` has more than 5 arguments");
  EXPECT_EQ(refusal({0x80000000, "x", 1, sum, nullptr}),
            "helpers: `x` has a number that no instruction can name");
  EXPECT_EQ(refusal({1000, "x", 1, sum, nullptr}, 2),
            "helpers: `x` has the name or the number of another one");
}

} // namespace

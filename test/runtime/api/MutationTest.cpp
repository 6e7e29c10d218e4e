// Objects with a few bytes changed: opened, loaded and run, they give results
// or errors.

#include "Api.h"

#include <fstream>
#include <iterator>
#include <random>

using namespace bpfcc::test;

namespace {

void runAll(const bpfcc_object *O, bpfcc_engine Engine) {
  bpfcc_options Options{};
  Options.size = sizeof Options;
  Options.engine = Engine;
  Options.max_insns = 10000;
  Options.trace = [](const char *, void *) {};
  Options.record = [](bpfcc_map *, const void *, size_t, void *) {};
  Err E;
  InstancePtr I(bpfcc_object_load(O, &Options, E.out()));
  if (!I) {
    EXPECT_TRUE(E.E);
    return;
  }
  uint8_t Packet[64] = {};
  for (size_t N = 0; N != bpfcc_object_num_programs(O); ++N) {
    bpfcc_program *P =
        bpfcc_find_program(I.get(), bpfcc_object_program_name(O, N), E.out());
    ASSERT_TRUE(P);
    bpfcc_result R{};
    R.size = sizeof R;
    if (bpfcc_program_run(P, Packet, sizeof Packet, &R, E.out()))
      EXPECT_NE(bpfcc_error_text(E.E)[0], 0);
    else
      EXPECT_LE(R.instructions, 10000u);
  }
  for (size_t N = 0; N != bpfcc_object_num_maps(O); ++N) {
    bpfcc_map_info Info{};
    Info.size = sizeof Info;
    ASSERT_EQ(bpfcc_object_map(O, N, &Info), 0);
    bpfcc_map *M = bpfcc_find_map(I.get(), Info.name, nullptr);
    ASSERT_TRUE(M);
    ASSERT_EQ(bpfcc_map_info_of(M, &Info), 0);
    if (Info.user_size > 1 << 20 || Info.key_size > 1 << 20)
      continue;
    std::vector<uint8_t> Key(Info.key_size), Value(Info.user_size);
    bpfcc_map_lookup(M, Key.data(), Key.size(), Value.data(), Value.size(),
                     nullptr);
    bpfcc_map_update(M, Key.data(), Key.size(), Value.data(), Value.size(), 0,
                     nullptr);
    bpfcc_map_next_key(M, nullptr, Key.data(), Key.size(), nullptr);
    bpfcc_map_delete(M, Key.data(), Key.size(), nullptr);
  }
}

class Mutation : public testing::TestWithParam<bpfcc_engine> {};

TEST_P(Mutation, GivesErrorsAtMost) {
  std::ifstream In(BPFCC_TEST_OBJECT, std::ios::binary);
  const std::string Good{std::istreambuf_iterator<char>(In), {}};
  // Others with --gtest_shuffle --gtest_repeat=N.
  std::mt19937 Random(
      unsigned(testing::UnitTest::GetInstance()->random_seed()) + 7);
  unsigned Rounds = GetParam() == BPFCC_ENGINE_LLVM ? 40 : 1500, Opened = 0;
  for (unsigned Round = 0; Round != Rounds; ++Round) {
    std::string Bytes = Good;
    for (unsigned N = 0; N <= Round % 4; ++N)
      Bytes[Random() % Bytes.size()] = char(Random() >> 8);
    ObjectPtr O(bpfcc_object_open_memory(Bytes.data(), Bytes.size(), nullptr,
                                         nullptr, nullptr));
    if (!O)
      continue;
    ++Opened;
    runAll(O.get(), GetParam());
  }
  EXPECT_GT(Opened, Rounds / 10); // about a third
}

INSTANTIATE_TEST_SUITE_P(Engines, Mutation,
                         testing::Values(BPFCC_ENGINE_OFF,
                                         BPFCC_ENGINE_TEMPLATE,
                                         BPFCC_ENGINE_LLVM));

} // namespace

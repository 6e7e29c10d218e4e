#include "backend/finish/Islands.h"

#include "backend/isa/Encoding.h"

#include <gtest/gtest.h>

#include <random>

using namespace bpfcc;

namespace {

/// Blocks of numbered moves, each ended by a jump to a random block, which
/// carries the number of that block.
LinearCode randomCode(unsigned Blocks, unsigned BlockSize, bool Exits,
                      unsigned Seed) {
  std::mt19937 Random(Seed);
  LinearCode L;
  auto &Insts = L.Code.Insts;
  for (uint32_t B = 0; B < Blocks; ++B) {
    L.Starts.push_back(Insts.size());
    for (unsigned I = 0; I < BlockSize; ++I)
      Insts.push_back({isa::Op::MOV_RI, 0, 0, 0, int64_t(Insts.size())});
    uint32_t To = Random() % Blocks;
    if (B % 3 == 0) {
      uint32_t First = Insts.size();
      L.Texts.push_back({First - 4, First + 1});
    }
    L.Jumps.push_back({uint32_t(Insts.size()), To});
    Insts.push_back({isa::Op::JEQ_RI, 1, 0, 0, To});
    if (Exits && Random() % 4 == 0)
      Insts.push_back({isa::Op::EXIT, 0, 0, 0, 0});
  }
  Insts.push_back({isa::Op::EXIT, 0, 0, 0, 0});
  return L;
}

class IslandsTest : public testing::TestWithParam<unsigned> {};

} // namespace

TEST_P(IslandsTest, EveryJumpArrives) {
  unsigned Cpu = GetParam();
  for (unsigned Seed = 0; Seed < 6; ++Seed) {
    const LinearCode Before = randomCode(700, 100, Seed % 2, Seed);
    LinearCode L = Before;
    llvm::Error E = addIslands(L, Cpu);
    ASSERT_FALSE(bool(E)) << llvm::toString(std::move(E));
    std::vector<uint32_t> Slots = slotsOf(L.Code);
    std::vector<int64_t> Target(L.Code.Insts.size(), -1);
    for (const LinearCode::Jump &J : L.Jumps) {
      Target[J.Inst] = L.Starts[J.To];
      if (L.Code.Insts[J.Inst].Opcode != isa::Op::JAL) {
        EXPECT_LE(std::abs(distance(L, J, Slots)), INT16_MAX);
      }
    }
    auto arrive = [&](int64_t At) {
      for (unsigned Steps = 0; Target[At] >= 0 && Steps < 20 &&
                               L.Code.Insts[At].Opcode != isa::Op::JEQ_RI;
           ++Steps)
        At = Target[At];
      return At;
    };
    // The old instructions follow each other as before.
    int64_t At = 0;
    for (const isa::Inst &Old : Before.Code.Insts) {
      At = arrive(At);
      const isa::Inst &New = L.Code.Insts[At];
      ASSERT_EQ(New.Opcode, Old.Opcode);
      ASSERT_EQ(New.Imm, Old.Imm);
      if (Old.Opcode == isa::Op::JEQ_RI) {
        ASSERT_EQ(L.Code.Insts[arrive(Target[At])].Imm, Before.Starts[Old.Imm]);
      }
      // Behind an exit there may be islands.
      ++At;
      while (Old.Opcode == isa::Op::EXIT && At < int64_t(Target.size()) &&
             Target[At] >= 0)
        ++At;
    }
    // Texts have stayed whole.
    for (size_t T = 0; T < L.Texts.size(); ++T)
      EXPECT_EQ(L.Texts[T].Last - L.Texts[T].First, 5u);
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, IslandsTest, testing::Values(3, 4));

// No free place, and an instruction of two slots over the farthest place.
TEST(Islands, LimitInsideAnInstruction) {
  for (uint32_t First : {0u, 1u}) {
    LinearCode L;
    L.Code.Insts.assign(30002, {isa::Op::LD_IMM64, 0, 0, 0, 0});
    for (uint32_t I = 0; I <= First; ++I)
      L.Code.Insts[I] = {isa::Op::JEQ_RI, 0, 0, 0, 0};
    L.Code.Insts.back() = {isa::Op::JEQ_RI, 0, 0, 0, 0};
    L.Starts = {0, 30001};
    L.Jumps = {{0, 1}, {30001, 0}};
    if (First)
      L.Jumps = {{0, 1}, {1, 1}, {30001, 0}};
    llvm::Error E = addIslands(L, 3);
    EXPECT_FALSE(bool(E)) << llvm::toString(std::move(E));
    std::vector<uint32_t> Slots = slotsOf(L.Code);
    for (const LinearCode::Jump &J : L.Jumps)
      EXPECT_LE(std::abs(distance(L, J, Slots)), INT16_MAX);
  }
}

TEST(Islands, NoPlaceInsideAText) {
  LinearCode L;
  L.Starts = {0, 40001};
  L.Jumps = {{0, 1}};
  L.Code.Insts.assign(40002, {isa::Op::EXIT, 0, 0, 0, 0});
  L.Code.Insts[0] = {isa::Op::JEQ_RI, 0, 0, 0, 0};
  L.Code.Name = "f";
  L.Texts = {{0, 40001}};
  std::string Text = llvm::toString(addIslands(L, 3));
  EXPECT_NE(Text.find("BPF0203"), std::string::npos) << Text;
}

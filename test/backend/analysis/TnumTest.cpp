#include "backend/analysis/Tnum.h"

#include "gtest/gtest.h"

#include <functional>
#include <optional>
#include <vector>

using namespace bpfcc::analysis;

namespace {

constexpr unsigned Width = 4;

/// All tristate numbers of a few bits, at the bottom and at the top of a word.
std::vector<Tnum> small(unsigned Shift) {
  std::vector<Tnum> All;
  for (uint64_t Mask = 0; Mask < (1u << Width); ++Mask)
    for (uint64_t Value = 0; Value < (1u << Width); ++Value)
      if (!(Value & Mask))
        All.push_back({Value << Shift, Mask << Shift});
  return All;
}

std::vector<uint64_t> members(Tnum T, unsigned Shift) {
  std::vector<uint64_t> All;
  for (uint64_t V = 0; V < (1u << Width); ++V)
    if (T.contains(V << Shift))
      All.push_back(V << Shift);
  return All;
}

/// The least tristate number that has all results in it.
Tnum best(Tnum A, Tnum B, unsigned Shift,
          const std::function<uint64_t(uint64_t, uint64_t)> &Of) {
  std::optional<Tnum> R;
  for (uint64_t X : members(A, Shift))
    for (uint64_t Y : members(B, Shift)) {
      Tnum One = Tnum::constant(Of(X, Y));
      R = R ? join(*R, One) : One;
    }
  return *R;
}

struct Operation {
  const char *Name;
  Tnum (*Abstract)(Tnum, Tnum);
  std::function<uint64_t(uint64_t, uint64_t)> Concrete;
  bool Best;
};

const Operation Operations[] = {
    {"add", add, std::plus<uint64_t>(), true},
    {"sub", sub, std::minus<uint64_t>(), true},
    {"and", bitAnd, std::bit_and<uint64_t>(), true},
    {"or", bitOr, std::bit_or<uint64_t>(), true},
    {"xor", bitXor, std::bit_xor<uint64_t>(), true},
    {"mul", mul, std::multiplies<uint64_t>(), false},
};

TEST(TnumTest, HoldsAllResultsAndNoMoreThanNeeded) {
  for (unsigned Shift : {0u, 64 - Width})
    for (const Operation &O : Operations)
      for (Tnum A : small(Shift))
        for (Tnum B : small(Shift)) {
          Tnum Got = O.Abstract(A, B), Want = best(A, B, Shift, O.Concrete);
          ASSERT_EQ(Got.Value & Got.Mask, 0u) << O.Name;
          if (O.Best)
            ASSERT_EQ(Got, Want) << O.Name;
          else
            ASSERT_TRUE(Got.contains(Want)) << O.Name;
        }
}

TEST(TnumTest, MeetsAndJoinsSets) {
  for (Tnum A : small(0))
    for (Tnum B : small(0)) {
      bool Common = false;
      for (uint64_t V : members(A, 0)) {
        EXPECT_TRUE(join(A, B).contains(V));
        if (!B.contains(V))
          continue;
        Common = true;
        EXPECT_TRUE(meet(A, B).contains(V));
      }
      EXPECT_EQ(agree(A, B), Common);
      EXPECT_TRUE(join(A, B).contains(B));
    }
}

TEST(TnumTest, Ranges) {
  EXPECT_EQ(Tnum::range(5, 5), Tnum::constant(5));
  EXPECT_EQ(Tnum::range(4, 7), (Tnum{4, 3}));
  EXPECT_EQ(Tnum::range(3, 4), (Tnum{0, 7}));
  EXPECT_EQ(Tnum::range(0, ~uint64_t(0)), Tnum::unknown());
}

TEST(TnumTest, Extends) {
  EXPECT_EQ((Tnum{0x40, 0x80}.signExtended(8)), (Tnum{0x40, ~uint64_t(0x7f)}));
  EXPECT_EQ((Tnum{0x80, 0x01}.signExtended(8)), (Tnum{~uint64_t(0x7f), 1}));
  EXPECT_EQ((Tnum{0x180, 0xf001}.zeroExtended(8)), (Tnum{0x80, 1}));
}

TEST(TnumTest, ShiftsUnknownSigns) {
  EXPECT_EQ((shiftRightSigned({0, uint64_t(1) << 63}, 62)),
            (Tnum{0, ~uint64_t(1)}));
  EXPECT_EQ((shiftRight({0, uint64_t(1) << 63}, 62)), (Tnum{0, 2}));
}

} // namespace

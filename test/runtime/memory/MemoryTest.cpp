#include "runtime/memory/Memory.h"

#include "gtest/gtest.h"

using namespace bpfcc;

namespace {

TEST(Memory, AccessesEndWithTheRegion) {
  Memory Mem(false);
  uint64_t G = Mem.add(13, Memory::ReadWrite, "region");
  for (unsigned Size : {1u, 2u, 4u, 8u})
    for (uint64_t Offset = 0; Offset != 32; ++Offset)
      EXPECT_EQ(Mem.access(G + Offset, Size, true) != nullptr,
                Offset + Size <= 13)
          << Offset << " " << Size;
  EXPECT_FALSE(Mem.access(G - 1, 1, false));
  EXPECT_FALSE(Mem.access(~0ull, 1, false));
  EXPECT_TRUE(Mem.at(G, 13, true));
  EXPECT_FALSE(Mem.at(G, 14, false));
  EXPECT_EQ(Mem.mappedFrom(G + 3), 10u);
  EXPECT_EQ(Mem.describe(G + 13), "region+13");
  EXPECT_EQ(Mem.describe(G - 3), "region-3");
}

TEST(Memory, ReadOnlyRegionsRefuseWrites) {
  Memory Mem(false);
  uint64_t G = Mem.add(8, Memory::ReadOnly, "region");
  EXPECT_TRUE(Mem.access(G, 8, false));
  EXPECT_FALSE(Mem.access(G, 1, true));
  EXPECT_FALSE(Mem.at(G, 3, true));
}

TEST(Memory, HelpersReachWhatProgramsMayNot) {
  Memory Mem(false);
  uint64_t G = Mem.add(64, Memory::ReadWrite, "packet", Memory::Low);
  EXPECT_LT(G, 1ull << 32);
  Mem.forbid(G, 64);
  Mem.permit(G + 16, 8, Memory::ReadWrite);
  EXPECT_FALSE(Mem.access(G + 15, 2, false));
  EXPECT_TRUE(Mem.access(G + 16, 8, false));
  EXPECT_FALSE(Mem.access(G + 20, 8, false));
  EXPECT_TRUE(Mem.at(G, 64, true));
}

TEST(Memory, RightsAddUp) {
  Memory Mem(false);
  uint64_t G = Mem.add(16, Memory::ReadWrite, "context");
  Mem.forbid(G, 16);
  Mem.permit(G, 12, Memory::ReadOnly);
  Mem.permit(G + 8, 4, Memory::WriteOnly);
  EXPECT_TRUE(Mem.access(G + 4, 8, false));
  EXPECT_FALSE(Mem.access(G + 4, 8, true));
  EXPECT_TRUE(Mem.access(G + 8, 4, true));
}

TEST(Memory, RemovedAddressesRestAndComeBackZeroed) {
  Memory Mem(false);
  uint64_t First = Mem.add(4000, Memory::ReadWrite, "first");
  *Mem.host(First) = 1;
  Mem.remove(First);
  EXPECT_FALSE(Mem.access(First, 1, false));
  uint64_t Again = 0;
  unsigned Rounds = 0;
  for (; Again != First; ++Rounds) {
    Again = Mem.add(4000, Memory::ReadWrite, "again");
    EXPECT_EQ(*Mem.host(Again), 0);
    Mem.remove(Again);
    ASSERT_LT(Rounds, 100u);
  }
  EXPECT_GT(Rounds, 4u);
}

TEST(Memory, SaysWhenItIsFull) {
  Memory Mem(false, 1 << 30);
  EXPECT_EQ(Mem.add(1ull << 40, Memory::ReadWrite, "too large"), 0u);
  while (Mem.add(1 << 26, Memory::ReadOnly, "part"))
    ;
  EXPECT_TRUE(Mem.add(16, Memory::ReadWrite, "packet", Memory::Low));
}

} // namespace

#include "runtime/maps/Arena.h"
#include "runtime/maps/RingBuf.h"
#include "support/Diagnostic.h"

#include <gtest/gtest.h>

#include <cerrno>

using namespace bpfcc;

namespace {

MapDef def(uint32_t Type, uint32_t Key, uint32_t Value, uint32_t Max,
           uint32_t Flags = 0) {
  MapDef D;
  D.Name = "counts";
  D.Type = Type;
  D.KeySize = Key;
  D.ValueSize = Value;
  D.MaxEntries = Max;
  D.Flags = Flags;
  return D;
}

std::unique_ptr<Map> make(const MapDef &D, Memory &Mem) {
  return llvm::cantFail(createMap(D, Mem));
}

constexpr uint32_t Hash = 1, PerCpuHash = 5, PerCpuArray = 6, LruHash = 9,
                   LpmTrie = 11, ArrayOfMaps = 12, RingBufType = 27, Bloom = 30,
                   ArenaType = 33, Mmapable = 1 << 10;

TEST(Maps, DeletedElementLivesUntilReclaim) {
  Memory Mem(false);
  auto M = make(def(Hash, 4, 8, 4), Mem);
  uint8_t Key[4] = {1}, Value[8] = {42};
  EXPECT_EQ(0, M->update(Key, Value, 0, 0));
  uint64_t Old = M->lookup(Key, 0);
  EXPECT_EQ(0, M->erase(Key));
  EXPECT_EQ(0u, M->lookup(Key, 0));
  ASSERT_TRUE(Mem.at(Old, 8, true));
  EXPECT_EQ(42, *Mem.at(Old, 8, true));
  EXPECT_EQ(0, M->update(Key, Value, 0, 0));
  EXPECT_NE(Old, M->lookup(Key, 0));
  M->reclaim();
  EXPECT_FALSE(Mem.at(Old, 1, false));
}

TEST(Maps, OverrunOfAValueIsSeen) {
  Memory Mem(false);
  auto M = make(def(2, 4, 6, 4), Mem);
  uint8_t Key[4] = {};
  uint64_t Guest = M->lookup(Key, 0);
  EXPECT_TRUE(Mem.at(Guest, 6, true));
  EXPECT_FALSE(Mem.at(Guest, 7, false));
  EXPECT_EQ("counts+6", Mem.describe(Guest + 6));
}

TEST(Maps, PerCpuValuesAreApartAndRounded) {
  Memory Mem(true);
  for (uint32_t Type : {PerCpuHash, PerCpuArray}) {
    auto M = make(def(Type, 4, 5, 4), Mem);
    uint8_t Key[4] = {0, 0, 0, 2}, Value[5] = {1, 2, 3, 4, 5};
    EXPECT_EQ(0, M->update(Key, Value, 0, 1));
    auto All = M->valueForUser(Key);
    ASSERT_EQ(8u * NumCpus, All.size());
    EXPECT_EQ(0, All[0]);
    EXPECT_EQ(5, All[8 + 4]);
    EXPECT_EQ(0, All[8 + 5]);
    EXPECT_NE(M->lookup(Key, 0), M->lookup(Key, 1));
  }
}

TEST(Maps, LruDropsTheLeastRecentlyUsed) {
  Memory Mem(false);
  auto M = make(def(LruHash, 4, 4, 3), Mem);
  uint8_t Value[4] = {};
  auto Key = [](uint8_t N) { return std::array<uint8_t, 4>{N}; };
  for (uint8_t N : {1, 2, 3})
    EXPECT_EQ(0, M->update(Key(N).data(), Value, 0, 0));
  EXPECT_TRUE(M->lookup(Key(1).data(), 0));
  EXPECT_EQ(0, M->update(Key(4).data(), Value, 0, 0));
  EXPECT_TRUE(M->lookup(Key(1).data(), 0));
  EXPECT_FALSE(M->lookup(Key(2).data(), 0));
  EXPECT_TRUE(M->lookup(Key(4).data(), 0));
}

TEST(Maps, LpmTakesTheLongestInTheGuestsOrder) {
  Memory Mem(true);
  auto M = make(def(LpmTrie, 8, 1, 10, 1), Mem);
  auto Key = [](uint8_t Length, uint8_t A, uint8_t B) {
    return std::array<uint8_t, 8>{0, 0, 0, Length, A, B, 0, 0};
  };
  uint8_t Eight[1] = {8}, Twelve[1] = {12};
  EXPECT_EQ(0, M->update(Key(8, 10, 99).data(), Eight, 0, 0));
  EXPECT_EQ(0, M->update(Key(12, 10, 0x10).data(), Twelve, 0, 0));
  EXPECT_EQ(12, *Mem.at(M->lookup(Key(32, 10, 0x1f).data(), 0), 1, false));
  EXPECT_EQ(8, *Mem.at(M->lookup(Key(32, 10, 0x2f).data(), 0), 1, false));
  EXPECT_EQ(8, *Mem.at(M->lookup(Key(11, 10, 0x1f).data(), 0), 1, false));
  EXPECT_EQ(0u, M->lookup(Key(32, 11, 0).data(), 0));
  EXPECT_EQ(-EINVAL, M->erase(Key(33, 10, 0).data()));
}

TEST(Maps, InnerMapsAreAddresses) {
  Memory Mem(false);
  auto M = make(def(ArrayOfMaps, 4, 4, 2), Mem);
  uint8_t Key[4] = {1}, Number[4] = {3};
  EXPECT_EQ(0u, M->lookup(Key, 0));
  EXPECT_EQ(0, M->update(Key, Number, 0, 0));
  EXPECT_EQ(mapAddress(3), M->lookup(Key, 0));
}

TEST(Maps, RingBufHoldsReservationsOnly) {
  Memory Mem(false);
  RingBuf Ring(def(RingBufType, 0, 0, 4096), Mem);
  EXPECT_EQ(0u, Ring.reserve(4096));
  uint64_t Record = Ring.reserve(2000);
  ASSERT_TRUE(Record);
  EXPECT_EQ(2008u, Ring.query(0));
  EXPECT_EQ(0u, Ring.reserve(2100));
  *Mem.at(Record, 2000, true) = 7;
  std::vector<uint8_t> Bytes;
  EXPECT_FALSE(Ring.release(Record + 8, Bytes));
  EXPECT_TRUE(Ring.release(Record, Bytes));
  EXPECT_EQ(2000u, Bytes.size());
  EXPECT_EQ(7, Bytes[0]);
  EXPECT_FALSE(Mem.at(Record, 1, false));
  EXPECT_EQ(0u, Ring.query(0));
}

TEST(Maps, BloomFilterNeverForgets) {
  Memory Mem(false);
  auto M = make(def(Bloom, 0, 4, 100), Mem);
  unsigned Wrong = 0;
  for (uint32_t I = 0; I != 100; ++I)
    EXPECT_EQ(0, M->push(reinterpret_cast<uint8_t *>(&I), 0));
  for (uint32_t I = 0; I != 1100; ++I) {
    int Result = M->peek(reinterpret_cast<uint8_t *>(&I));
    if (I < 100)
      EXPECT_EQ(0, Result);
    else
      Wrong += Result == 0;
  }
  EXPECT_LT(Wrong, 200u);
}

TEST(Maps, PagesOfAnArenaComeAndGo) {
  Memory Mem(false);
  auto M = make(def(ArenaType, 0, 0, 8, Mmapable), Mem);
  auto &A = static_cast<Arena &>(*M);
  constexpr uint64_t Page = Arena::PageSize;
  uint64_t First = A.lookup(nullptr, 0);
  EXPECT_EQ(First, A.cast(uint32_t(First)));
  EXPECT_EQ(0u, A.cast(A.base()));
  EXPECT_FALSE(Mem.access(First, 1, false));
  EXPECT_EQ(First, A.allocatePages(0, 2));
  EXPECT_EQ(First + 2 * Page, A.allocatePages(0, 1));
  EXPECT_TRUE(Mem.access(First + 2 * Page - 3, 8, true));
  EXPECT_FALSE(Mem.access(First + 3 * Page - 3, 8, true));
  *Mem.host(First + Page) = 7;
  A.freePages(First + Page, 1);
  EXPECT_EQ(2u, A.numPages());
  EXPECT_TRUE(Mem.access(First + Page - 4, 4, true));
  EXPECT_FALSE(Mem.access(First + Page - 4, 8, true));
  EXPECT_FALSE(Mem.access(First + Page, 1, false));
  EXPECT_EQ(0u, A.allocatePages(First + 8 * Page, 1)) << "outside";
  EXPECT_EQ(0u, A.allocatePages(First + Page + 1, 1)) << "misaligned";
  EXPECT_EQ(0u, A.allocatePages(First + 2 * Page, 1)) << "taken";
  EXPECT_EQ(-EBUSY, A.reservePages(First + 2 * Page, 1));
  EXPECT_EQ(-EINVAL, A.reservePages(First + 7 * Page, 2));
  EXPECT_EQ(0, A.reservePages(First + Page, 1));
  EXPECT_EQ(First + 3 * Page, A.allocatePages(0, 5));
  EXPECT_EQ(0u, A.allocatePages(0, 1));
  A.freePages(First + 3 * Page, 100);
  EXPECT_EQ(2u, A.numPages());
}

TEST(Maps, ArenasOfAllAddressesKeepThePageThatNullPointsTo) {
  Memory Mem(false);
  auto M = make(def(ArenaType, 0, 0, Arena::MaxPages, Mmapable), Mem);
  auto &A = static_cast<Arena &>(*M);
  EXPECT_EQ(A.base() + Arena::PageSize, A.allocatePages(0, 1));
  EXPECT_EQ(0u, A.allocatePages(0, Arena::MaxPages - 1));
}

TEST(Maps, BadDefinitionsSayWhy) {
  Memory Mem(false);
  auto Why = [&](const MapDef &D) {
    return takeMessages(createMap(D, Mem).takeError());
  };
  EXPECT_EQ("map `counts`: key_size must be 4, not 8", Why(def(2, 8, 4, 1)));
  EXPECT_EQ("map `counts`: max_entries must be more than 0, not 0",
            Why(def(Hash, 8, 4, 0)));
  EXPECT_EQ("map `counts`: map_flags must have BPF_F_NO_PREALLOC",
            Why(def(LpmTrie, 8, 4, 1)));
  EXPECT_EQ("map `counts`: no map type has number 99", Why(def(99, 4, 4, 1)));
}

} // namespace

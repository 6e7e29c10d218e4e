#include "runtime/memory/Grace.h"
#include "runtime/memory/Memory.h"

#include <gtest/gtest.h>

using namespace bpfcc;

namespace {

TEST(Grace, RegionLivesAsLongAsARunThatMayHaveIt) {
  Memory Mem(false);
  Grace &G = Mem.grace();
  uint64_t Guest = Mem.add(8, Memory::ReadWrite, "x");
  unsigned Reader = G.addReader();
  EXPECT_EQ(1u, Reader);
  G.enter(Reader);
  G.retire(Guest);
  G.collect();
  EXPECT_TRUE(Mem.at(Guest, 8, false));
  G.leave(Reader);
  G.collect();
  EXPECT_FALSE(Mem.at(Guest, 8, false));
}

TEST(Grace, RunsThatBeganLaterDoNotHold) {
  Memory Mem(false);
  Grace &G = Mem.grace();
  unsigned Reader = G.addReader();
  uint64_t Guest = Mem.add(8, Memory::ReadWrite, "x");
  G.enter(0);
  G.retire(Guest);
  G.collect(); // the next epoch
  G.enter(Reader);
  G.leave(0);
  G.collect();
  EXPECT_FALSE(Mem.at(Guest, 8, false));
  G.leave(Reader);
}

TEST(Grace, TheOnlyReaderFreesAtItsEnd) {
  Memory Mem(false);
  uint64_t Guest = Mem.add(8, Memory::ReadWrite, "x");
  Mem.grace().enter(0);
  Mem.grace().retire(Guest);
  Mem.grace().leave(0);
  EXPECT_FALSE(Mem.at(Guest, 8, false));
}

TEST(Grace, FreesWhatWaitsWhenItEnds) {
  bool Freed = false;
  {
    Memory Mem(false);
    Mem.grace().retire(&Freed, [](void *F) { *static_cast<bool *>(F) = true; });
    EXPECT_FALSE(Freed);
  }
  EXPECT_TRUE(Freed);
}

TEST(Grace, NumbersOfReadersAreGivenAgain) {
  Memory Mem(false);
  Grace &G = Mem.grace();
  EXPECT_EQ(1u, G.addReader());
  EXPECT_EQ(2u, G.addReader());
  G.removeReader(1);
  EXPECT_EQ(1u, G.addReader());
  EXPECT_EQ(3u, G.addReader());
}

} // namespace

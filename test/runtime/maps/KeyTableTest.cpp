#include "runtime/maps/KeyTable.h"
#include "runtime/maps/UseOrder.h"
#include "runtime/memory/Memory.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace bpfcc;

namespace {

TEST(KeyTable, HoldsWhatAMapHolds) {
  Memory Mem(false);
  KeyTable Table(Mem.grace(), 5);
  std::map<uint32_t, uint64_t> Model;
  std::mt19937 Random(7);
  for (uint64_t Step = 1; Step != 20000; ++Step) {
    uint32_t Number = Random() % 500;
    uint8_t Key[5] = {uint8_t(Number), 1, 2, 3, uint8_t(Number >> 8)};
    KeyTable::Element *E = Table.find(Key);
    ASSERT_EQ(Model.count(Number), E != nullptr);
    if (E) {
      EXPECT_EQ(Model[Number], *E->values());
      EXPECT_EQ(0, memcmp(Key, Table.key(*E), 5));
    }
    if (E && Random() % 2) {
      Table.erase(*E);
      Model.erase(Number);
    } else if (!E) {
      Table.insert(Key, &Step);
      Model[Number] = Step;
    }
    ASSERT_EQ(Model.size(), Table.size());
  }
  size_t Count = 0;
  for (auto *E = Table.first(); E; E = Table.after(*E))
    ++Count;
  EXPECT_EQ(Model.size(), Count);
}

TEST(UseOrder, GivesWhatWasUsedLongestAgo) {
  Memory Mem(false);
  KeyTable Table(Mem.grace(), 4);
  UseOrder Order;
  std::vector<KeyTable::Element *> ByUse; // the oldest first
  std::mt19937 Random(3);
  for (uint32_t Step = 0; Step != 5000; ++Step) {
    if (ByUse.size() < 20) {
      uint64_t Value = Step;
      auto &E = Table.insert(reinterpret_cast<uint8_t *>(&Step), &Value);
      Order.touch(E);
      Order.add(E);
      ByUse.push_back(&E);
      continue;
    }
    size_t Which = Random() % ByUse.size();
    auto *E = ByUse[Which];
    if (Random() % 8 == 0) {
      E = ByUse[Which = 0];
      ASSERT_EQ(E, &Order.oldest());
    }
    ByUse.erase(ByUse.begin() + long(Which));
    if (Random() % 3 == 0 || Which == 0) {
      Order.remove(*E);
      Table.erase(*E);
    } else {
      Order.touch(*E);
      ByUse.push_back(E);
    }
  }
}

} // namespace

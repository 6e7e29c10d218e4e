#include "runtime/maps/PrefixTrie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

using namespace bpfcc;

namespace {

using Data = std::array<uint8_t, 10>;

bool beginsWith(const Data &D, const Data &Prefix, uint32_t Length) {
  for (uint32_t Bit = 0; Bit != Length; ++Bit)
    if ((D[Bit / 8] ^ Prefix[Bit / 8]) >> (7 - Bit % 8) & 1)
      return false;
  return true;
}

// Few different bits, so that many strings are prefixes of others; ten bytes
// are more than one word.
TEST(PrefixTrie, FindsWhatTryingAllFinds) {
  std::mt19937 Random(1);
  auto Some = [&] {
    Data D{};
    for (uint8_t &B : D)
      B = Random() % 4 ? 0xff : Random() % 2 ? 0xfe : 0x7f;
    return D;
  };
  PrefixTrie Trie(10);
  struct Entry {
    Data D;
    uint32_t Length;
    uint64_t Number;
  };
  std::vector<Entry> All;
  for (uint64_t Round = 1; Round != 6000; ++Round) {
    Data D = Some();
    uint32_t Length = Random() % 81;
    auto Same = std::find_if(All.begin(), All.end(), [&](const Entry &E) {
      return E.Length == Length && beginsWith(D, E.D, Length);
    });
    if (Random() % 3 == 0) {
      if (Same != All.end()) {
        Trie.erase(D, Length);
        All.erase(Same);
      }
    } else {
      Trie.set(D, Length, Round);
      if (Same != All.end())
        Same->Number = Round;
      else
        All.push_back({D, Length, Round});
    }
    Data Key = Some();
    uint32_t Most = Random() % 81;
    const Entry *Best = nullptr;
    for (const Entry &E : All)
      if (E.Length <= Most && beginsWith(Key, E.D, E.Length) &&
          (!Best || E.Length > Best->Length))
        Best = &E;
    ASSERT_EQ(Best ? Best->Number : 0, Trie.find(Key, Most)) << Round;
  }
  EXPECT_GT(All.size(), 100u);
}

} // namespace

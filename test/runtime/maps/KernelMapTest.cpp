// The same random operations on our maps and on the kernel's, through bpf(2):
// equal results, equal errno, equal values, equal keys. One row for each shape
// of each type. Where bpf(2) is refused, or the kernel has no such type or no
// object to put into it, the row is skipped with the reason.

#include "KernelMapRows.h"
#include "support/Diagnostic.h"

#include "llvm/Support/MathExtras.h"

#include <gtest/gtest.h>

#include <linux/bpf.h>
#include <random>

using namespace bpfcc;

namespace {

constexpr bool HostBig = std::endian::native == std::endian::big;

using Bytes = std::vector<uint8_t>;

/// Our map as bpf(2) would show it.
class OurMap {
public:
  OurMap(const Row &R, Map &M) : R(R), M(M) {}

  int lookup(const uint8_t *Key, Bytes &Value) {
    if (R.Traits & Keyless)
      return M.peek(Value.data());
    Bytes All = M.valueForUser(Key);
    std::copy_n(All.begin(), std::min(All.size(), Value.size()), Value.begin());
    return All.empty() ? -ENOENT : 0;
  }

  int update(const uint8_t *Key, const Bytes &Value, uint64_t Flags) {
    if (R.Traits & Keyless)
      return M.push(Value.data(), Flags);
    int Result = M.update(Key, Value.data(), Flags, 0);
    size_t Stride = llvm::alignTo(R.Value, 8);
    for (unsigned Cpu = 1; (R.Traits & PerCpu) && !Result && Cpu != NumCpus &&
                           Cpu * Stride < Value.size();
         ++Cpu)
      Result = M.update(Key, &Value[Cpu * Stride], BPF_ANY, Cpu);
    return Result;
  }

  int take(const uint8_t *Key, Bytes &Value) {
    if (R.Traits & Keyless)
      return M.pop(Value.data());
    int Result = lookup(Key, Value);
    return Result ? Result : M.erase(Key);
  }

  int erase(const uint8_t *Key) { return M.erase(Key); }
  int nextKey(const uint8_t *Key, uint8_t *Next) {
    return M.nextKey(Key, Next);
  }

private:
  const Row &R;
  Map &M;
};

/// Takes the steps of one row on both sides.
class Comparison {
public:
  Comparison(const Row &R, Map &M, const KernelMap &Theirs)
      : R(R), Ours(R, M), Theirs(Theirs), Random(R.Type * 1000 + R.Max) {
    if (R.Values)
      Values = R.Values();
    if (R.Keys)
      Keys = R.Keys();
  }

  bool lacksObjects() const {
    return (R.Values && Values.Put.empty()) || (R.Keys && Keys.Put.empty());
  }

  void step() {
    Bytes Key = key(), Value = value();
    const uint8_t *K = R.Key ? Key.data() : nullptr;
    unsigned What = Random() % 8;
    if (What < 4)
      update(K, Value);
    else if (What == 4)
      ASSERT_EQ(Theirs.erase(K), Ours.erase(K)) << "delete";
    else if (What == 5)
      nextKey(K);
    else if (What == 6 && (R.Traits & Takes))
      take(K, Value);
    else
      lookup(K, Value);
  }

  /// The keys that are there, whatever their order.
  void compareKeys() {
    if (R.Key)
      EXPECT_EQ(keysOf(Theirs), keysOf(Ours));
  }

private:
  Bytes key() {
    Bytes Key(R.Key);
    uint32_t Word = Random() % (R.Range ? R.Range : R.Max + 3);
    if (!Keys.Put.empty())
      Word = uint32_t(Keys.Put[Random() % Keys.Put.size()]);
    if (R.Traits & Prefixes) {
      Word = Random() % (8 * (R.Key - 4) + 2);
      for (size_t B = 4; B != Key.size(); ++B)
        Key[B] = Random() % 4 ? 0 : uint8_t(Random() & 0xc1);
    }
    if (R.Key)
      memcpy(Key.data(), &Word, std::min<size_t>(4, Key.size()));
    return Key;
  }

  Bytes value() {
    size_t Size = R.Traits & PerCpu ? llvm::alignTo(R.Value, 8) * possibleCpus()
                                    : R.Value;
    Bytes Value(Size);
    uint64_t Word = Random() % 30;
    if (R.Values)
      Word = Values.Put[Random() % Values.Put.size()];
    if (R.Values || (R.Traits & Few)) {
      memcpy(Value.data(), &Word, std::min<size_t>(8, Size));
      return Value;
    }
    for (unsigned I = 0; I != Size; ++I)
      if (!(R.Traits & PerCpu) || I % llvm::alignTo(R.Value, 8) < R.Value)
        Value[I] = uint8_t(Random());
    return Value;
  }

  void update(const uint8_t *K, const Bytes &Value) {
    const uint64_t Odd[] = {3, BPF_F_LOCK, 8, 1ull << 40};
    uint64_t Flags = Random() % 8 ? Random() % 3 : Odd[Random() % 4];
    uint64_t Word = 0;
    if (!Value.empty())
      memcpy(&Word, Value.data(), std::min<size_t>(8, Value.size()));
    ASSERT_EQ(Theirs.update(K, Value.data(), Flags),
              Ours.update(K, Value, Flags))
        << "update, flags " << Flags << " value " << Word;
  }

  void lookup(const uint8_t *K, const Bytes &Value) {
    // A bloom filter reads the value, which others write.
    Bytes A = R.Traits & Few ? Value : Bytes(Value.size());
    Bytes B = A;
    int Result = Theirs.lookup(K, B.data());
    if (R.Lookup && Result == R.Lookup)
      return;
    ASSERT_EQ(Result, Ours.lookup(K, A)) << "lookup";
    if (!Result)
      expectSame(A, B);
  }

  void take(const uint8_t *K, const Bytes &Value) {
    Bytes A(Value.size()), B(Value.size());
    int Result = Theirs.take(K, B.data());
    ASSERT_EQ(Result, Ours.take(K, A)) << "lookup and delete";
    if (!Result)
      expectSame(A, B);
  }

  void expectSame(Bytes A, Bytes B) {
    if (R.Values) {
      uint64_t Word = 0;
      memcpy(&Word, A.data(), A.size());
      auto Put = std::find(Values.Put.begin(), Values.Put.end(), Word);
      ASSERT_NE(Put, Values.Put.end());
      memcpy(A.data(), &Values.Seen[size_t(Put - Values.Put.begin())],
             A.size());
    }
    if (R.Traits & PerCpu) {
      size_t Both =
          std::min<size_t>(A.size(), llvm::alignTo(R.Value, 8) * NumCpus);
      A.resize(Both);
      B.resize(Both);
    }
    ASSERT_EQ(B, A);
  }

  void nextKey(const uint8_t *K) {
    if (Random() % 4 == 0)
      K = nullptr;
    Bytes A(R.Key), B(R.Key);
    int Result = Theirs.nextKey(K, B.data());
    // Which key is the last one differs where keys have no order.
    if (K && R.Key && !(R.Traits & Ordered))
      return;
    ASSERT_EQ(Result, Ours.nextKey(K, A.data())) << "next key";
    if (!Result && (R.Traits & Ordered))
      ASSERT_EQ(B, A);
  }

  template <typename MapT> std::vector<Bytes> keysOf(MapT &M) {
    std::vector<Bytes> All;
    Bytes K(R.Key), N(R.Key);
    for (bool First = true;
         M.nextKey(First ? nullptr : K.data(), N.data()) == 0; First = false)
      All.push_back(K = N);
    std::sort(All.begin(), All.end());
    return All;
  }

  const Row &R;
  OurMap Ours;
  const KernelMap &Theirs;
  std::mt19937 Random;
  Objects Values, Keys;
};

std::unique_ptr<Map> make(const MapDef &D, Memory &Mem) {
  auto M = createMap(D, Mem);
  if (M)
    return std::move(*M);
  ADD_FAILURE() << takeMessages(M.takeError());
  return nullptr;
}

#define SKIP_IF_REFUSED()                                                      \
  if (isBpfRefused())                                                          \
  GTEST_SKIP() << "bpf(2) is refused here"

class KernelMapRows : public testing::TestWithParam<Row> {};

TEST_P(KernelMapRows, Agree) {
  SKIP_IF_REFUSED();
  const Row &R = GetParam();
  MapDef D = R.def();
  Memory Mem(HostBig);
  auto Ours = make(D, Mem);
  ASSERT_TRUE(Ours);
  KernelMap Theirs(D);
  if (Theirs.error())
    GTEST_SKIP() << "this kernel makes no such map: "
                 << strerror(-Theirs.error());
  Comparison C(R, *Ours, Theirs);
  if (C.lacksObjects())
    GTEST_SKIP() << "nothing here can be put into such a map";
  for (unsigned I = 0; I != R.Steps && !HasFatalFailure(); ++I) {
    SCOPED_TRACE("step " + std::to_string(I));
    C.step();
    if (I % 256 == 0)
      C.compareKeys();
  }
  C.compareKeys();
}

INSTANTIATE_TEST_SUITE_P(, KernelMapRows,
                         testing::ValuesIn(mapRows().begin(), mapRows().end()),
                         [](const testing::TestParamInfo<Row> &Info) {
                           return std::string(Info.param.Name);
                         });

TEST(KernelMaps, FullLruTakesAllAndKeepsToItsLimit) {
  SKIP_IF_REFUSED();
  for (const Row &R : mapRows()) {
    if (R.Type != BPF_MAP_TYPE_LRU_HASH &&
        R.Type != BPF_MAP_TYPE_LRU_PERCPU_HASH)
      continue;
    MapDef D = R.def();
    Memory Mem(HostBig);
    auto Ours = make(D, Mem);
    KernelMap Theirs(D);
    ASSERT_EQ(0, Theirs.error());
    Bytes Value(8 * possibleCpus());
    uint32_t Left[2] = {};
    for (uint32_t I = 0; I != 3 * D.MaxEntries; ++I) {
      auto *Key = reinterpret_cast<uint8_t *>(&I);
      ASSERT_EQ(0, Theirs.update(Key, Value.data(), BPF_NOEXIST));
      ASSERT_EQ(0, Ours->update(Key, Value.data(), BPF_NOEXIST, 0));
    }
    for (uint32_t I = 0; I != 3 * D.MaxEntries; ++I) {
      Left[0] += Theirs.lookup(&I, Value.data()) == 0;
      Left[1] += Ours->lookup(reinterpret_cast<uint8_t *>(&I), 0) != 0;
    }
    EXPECT_LE(Left[0], D.MaxEntries);
    EXPECT_EQ(Left[1], D.MaxEntries);
  }
}

} // namespace

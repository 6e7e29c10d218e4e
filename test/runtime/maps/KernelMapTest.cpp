// The same random operations on our maps and on the kernel's, through bpf(2):
// equal results, equal errno, equal values, equal keys. One row for each shape
// of each type. Where bpf(2) is refused, or the kernel has no such type or no
// object to put into it, the row is skipped with the reason.

#include "KernelMap.h"
#include "support/Diagnostic.h"

#include "llvm/Support/MathExtras.h"

#include <gtest/gtest.h>

#include <linux/bpf.h>
#include <random>

using namespace bpfcc;

namespace {

constexpr bool HostBig = std::endian::native == std::endian::big;

using Bytes = std::vector<uint8_t>;

/// What a row needs to know of its type besides the sizes.
enum Trait : unsigned {
  Plain = 0,
  PerCpu = 1,   ///< user space writes and reads a value of each CPU
  Prefixes = 2, ///< keys begin with a length in bits
  Keyless = 4,  ///< update pushes, lookup peeks, delete and lookup pops
  Few = 8,      ///< values are drawn from few, as lookup tests for them
  Ordered = 16, ///< keys are indexes, which come in order
  Takes = 32,   ///< can look up and delete in one step
};

struct Row {
  const char *Name;
  uint32_t Type, Key, Value, Max, Flags;
  unsigned Steps;
  unsigned Traits = Plain;
  Objects (*Values)() = nullptr; ///< what the values name
  Objects (*Keys)() = nullptr;   ///< what the keys name
  int Lookup = 0;     ///< what lookup through bpf(2) gives whatever is there
  uint32_t Range = 0; ///< keys are below it; 0: just over max_entries

  MapDef def() const {
    MapDef D;
    D.Name = Name;
    D.Type = Type;
    D.KeySize = Key;
    D.ValueSize = Value;
    D.MaxEntries = Max;
    D.Flags = Flags;
    return D;
  }
};

void PrintTo(const Row &R, std::ostream *OS) { *OS << R.Name; }

const Row Rows[] = {
    {"Array", BPF_MAP_TYPE_ARRAY, 4, 12, 7, 0, 4000, Ordered},
    {"ArrayMmapable", BPF_MAP_TYPE_ARRAY, 4, 5, 9, BPF_F_MMAPABLE, 4000,
     Ordered},
    {"PerCpuArray", BPF_MAP_TYPE_PERCPU_ARRAY, 4, 6, 7, 0, 4000,
     Ordered | PerCpu},
    {"Hash", BPF_MAP_TYPE_HASH, 9, 3, 40, 0, 8000, Takes},
    {"HashNoPrealloc", BPF_MAP_TYPE_HASH, 4, 16, 5, BPF_F_NO_PREALLOC, 8000,
     Takes},
    {"PerCpuHash", BPF_MAP_TYPE_PERCPU_HASH, 4, 12, 9, 0, 4000, Takes | PerCpu},
    {"PerCpuHashNoPrealloc", BPF_MAP_TYPE_PERCPU_HASH, 8, 8, 9,
     BPF_F_NO_PREALLOC, 4000, Takes | PerCpu},
    // Far below their limit: which element goes is the kernel's choice.
    {"LruHash", BPF_MAP_TYPE_LRU_HASH, 4, 8, 4096, 0, 4000, Takes, nullptr,
     nullptr, 0, 20},
    {"LruHashNoCommon", BPF_MAP_TYPE_LRU_HASH, 4, 8, 4096, BPF_F_NO_COMMON_LRU,
     4000, Takes, nullptr, nullptr, 0, 20},
    {"LruPerCpuHash", BPF_MAP_TYPE_LRU_PERCPU_HASH, 4, 8, 4096, 0, 4000,
     Takes | PerCpu, nullptr, nullptr, 0, 20},
    {"LpmTrie", BPF_MAP_TYPE_LPM_TRIE, 8, 4, 4000, BPF_F_NO_PREALLOC, 6000,
     Prefixes},
    {"LpmTrieSmall", BPF_MAP_TYPE_LPM_TRIE, 5, 1, 6, BPF_F_NO_PREALLOC, 4000,
     Prefixes},
    {"Queue", BPF_MAP_TYPE_QUEUE, 0, 6, 5, 0, 4000, Keyless | Takes},
    {"Stack", BPF_MAP_TYPE_STACK, 0, 6, 5, 0, 4000, Keyless | Takes},
    {"BloomFilter", BPF_MAP_TYPE_BLOOM_FILTER, 0, 8, 4000, BPF_F_ZERO_SEED,
     4000, Keyless | Few},
    {"StackTrace", BPF_MAP_TYPE_STACK_TRACE, 4, 40, 5, 0, 2000},
    {"ProgArray", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 5, 0, 4000, Ordered, programs},
    {"PerfEventArray", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 2, 0, 2000, Ordered,
     perfEvents, nullptr, -524},
    {"CgroupArray", BPF_MAP_TYPE_CGROUP_ARRAY, 4, 4, 5, 0, 2000, Ordered,
     cgroups, nullptr, -524},
    // Each update of a map of maps waits until no program runs.
    {"ArrayOfMaps", BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 5, 0, 300, Ordered,
     innerMaps},
    {"HashOfMaps", BPF_MAP_TYPE_HASH_OF_MAPS, 6, 4, 5, 0, 300, Plain,
     innerMaps},
    {"DevMap", BPF_MAP_TYPE_DEVMAP, 4, 4, 5, 0, 4000, Ordered, interfaces},
    {"DevMapHash", BPF_MAP_TYPE_DEVMAP_HASH, 4, 4, 5, 0, 4000, Plain,
     interfaces},
    {"DevMapWithProgram", BPF_MAP_TYPE_DEVMAP, 4, 8, 5, 0, 4000, Ordered,
     interfaces},
    {"CpuMap", BPF_MAP_TYPE_CPUMAP, 4, 4, 1, 0, 300, Ordered, queueSizes},
    {"XskMap", BPF_MAP_TYPE_XSKMAP, 4, 4, 5, 0, 4000, Ordered, xdpSockets,
     nullptr, -EOPNOTSUPP},
    {"SockMap", BPF_MAP_TYPE_SOCKMAP, 4, 8, 5, 0, 2000, Ordered, udpSockets},
    {"SockMapNoCookie", BPF_MAP_TYPE_SOCKMAP, 4, 4, 5, 0, 2000, Ordered,
     udpSockets, nullptr, -ENOSPC},
    {"SockHash", BPF_MAP_TYPE_SOCKHASH, 6, 8, 5, 0, 2000, Plain, udpSockets},
    {"ReuseportSockArray", BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 4, 8, 3, 0, 2000,
     Ordered, udpSockets},
    {"SkStorage", BPF_MAP_TYPE_SK_STORAGE, 4, 8, 0, BPF_F_NO_PREALLOC, 4000,
     Plain, nullptr, udpSockets},
    {"TaskStorage", BPF_MAP_TYPE_TASK_STORAGE, 4, 8, 0, BPF_F_NO_PREALLOC, 4000,
     Plain, nullptr, tasks},
    {"InodeStorage", BPF_MAP_TYPE_INODE_STORAGE, 4, 8, 0, BPF_F_NO_PREALLOC,
     4000, Plain, nullptr, files},
    {"CgrpStorage", CgrpStorageType, 4, 8, 0, BPF_F_NO_PREALLOC, 4000, Plain,
     nullptr, cgroups},
    {"CgroupStorage", BPF_MAP_TYPE_CGROUP_STORAGE, 8, 8, 0, 0, 1000},
    {"PerCpuCgroupStorage", BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, 8, 8, 0, 0,
     1000, PerCpu},
    {"RingBuf", BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, 0, 500, Plain, nullptr,
     nullptr, -524},
    {"UserRingBuf", BPF_MAP_TYPE_USER_RINGBUF, 0, 0, 4096, 0, 500, Plain,
     nullptr, nullptr, -524},
};

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

INSTANTIATE_TEST_SUITE_P(, KernelMapRows, testing::ValuesIn(Rows),
                         [](const testing::TestParamInfo<Row> &Info) {
                           return std::string(Info.param.Name);
                         });

TEST(KernelMaps, FullLruTakesAllAndKeepsToItsLimit) {
  SKIP_IF_REFUSED();
  for (const Row &R : Rows) {
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

TEST(KernelMaps, CreationRules) {
  SKIP_IF_REFUSED();
  std::mt19937 Random(7);
  const uint32_t Types[] = {
      BPF_MAP_TYPE_HASH,        BPF_MAP_TYPE_ARRAY,
      BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY,
      BPF_MAP_TYPE_LRU_HASH,    BPF_MAP_TYPE_LRU_PERCPU_HASH,
      BPF_MAP_TYPE_LPM_TRIE,    BPF_MAP_TYPE_QUEUE,
      BPF_MAP_TYPE_STACK,       BPF_MAP_TYPE_RINGBUF,
      BPF_MAP_TYPE_PROG_ARRAY,  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
      BPF_MAP_TYPE_BLOOM_FILTER};
  const uint32_t Sizes[] = {0, 1, 4, 5, 8, 12, 260, 261, 512, 40000};
  const uint32_t Entries[] = {0, 1, 3, 16, 4096, 8192, 5000};
  const uint32_t Flags[] = {0, 1, 1, 1u << 7, 1u << 8, 3u << 7, 1u << 6, 2};
  for (unsigned I = 0; I != 1000; ++I) {
    Row R{"m",
          Types[Random() % std::size(Types)],
          Sizes[Random() % std::size(Sizes)],
          Sizes[Random() % std::size(Sizes)],
          Entries[Random() % std::size(Entries)],
          Flags[Random() % std::size(Flags)],
          0};
    MapDef D = R.def();
    if (uint64_t(D.MaxEntries) * (D.ValueSize + D.KeySize) > 4 << 20)
      continue;
    Memory Mem(HostBig);
    auto Ours = createMap(D, Mem);
    KernelMap Theirs(D);
    EXPECT_EQ(Theirs.error() == 0, bool(Ours))
        << "type " << D.Type << " key " << D.KeySize << " value " << D.ValueSize
        << " entries " << D.MaxEntries << " flags " << D.Flags << ": "
        << (Ours ? "" : takeMessages(Ours.takeError()))
        << " kernel: " << Theirs.error();
    if (!Ours)
      consumeError(Ours.takeError());
  }
}

} // namespace

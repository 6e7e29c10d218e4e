// The same random operations on our maps and on the kernel's, through bpf(2):
// equal results, equal values. Skipped where bpf(2) is refused.

#include "runtime/maps/Map.h"
#include "support/Diagnostic.h"

#include <gtest/gtest.h>

#include <linux/bpf.h>
#include <random>
#include <sys/syscall.h>
#include <unistd.h>

using namespace bpfcc;

namespace {

int bpf(int Command, bpf_attr &Attr) {
  long R = syscall(SYS_bpf, Command, &Attr, sizeof(Attr));
  return R < 0 ? -errno : int(R);
}

class KernelMap {
public:
  explicit KernelMap(const MapDef &D) {
    bpf_attr A{};
    A.map_type = D.Type;
    A.key_size = D.KeySize;
    A.value_size = D.ValueSize;
    A.max_entries = D.MaxEntries;
    A.map_flags = D.Flags;
    A.map_extra = D.Extra;
    Fd = bpf(BPF_MAP_CREATE, A);
  }
  ~KernelMap() {
    if (Fd >= 0)
      close(Fd);
  }

  int element(int Command, const void *Key, void *Value, uint64_t Flags = 0) {
    bpf_attr A{};
    A.map_fd = uint32_t(Fd);
    A.key = reinterpret_cast<uint64_t>(Key);
    A.value = reinterpret_cast<uint64_t>(Value);
    A.flags = Flags;
    return bpf(Command, A);
  }

  int Fd;
};

constexpr bool HostBig = std::endian::native == std::endian::big;

MapDef def(uint32_t Type, uint32_t Key, uint32_t Value, uint32_t Max,
           uint32_t Flags = 0) {
  MapDef D;
  D.Name = "m";
  D.Type = Type;
  D.KeySize = Key;
  D.ValueSize = Value;
  D.MaxEntries = Max;
  D.Flags = Flags;
  return D;
}

bool refused() {
  KernelMap K(def(BPF_MAP_TYPE_ARRAY, 4, 4, 1));
  return K.Fd < 0;
}

#define SKIP_IF_REFUSED()                                                      \
  if (refused())                                                               \
  GTEST_SKIP() << "bpf(2) is refused here"

std::unique_ptr<Map> make(const MapDef &D, Memory &Mem) {
  auto M = createMap(D, Mem);
  if (!M) {
    ADD_FAILURE() << takeMessages(M.takeError());
    return nullptr;
  }
  return std::move(*M);
}

void compareKeyed(const MapDef &D, unsigned Steps) {
  Memory Mem(HostBig);
  auto Ours = make(D, Mem);
  KernelMap Theirs(D);
  ASSERT_TRUE(Ours);
  ASSERT_GE(Theirs.Fd, 0);
  std::mt19937 Random(D.Type * 1000 + D.MaxEntries);
  bool Lpm = D.Type == BPF_MAP_TYPE_LPM_TRIE;
  for (unsigned I = 0; I != Steps; ++I) {
    std::vector<uint8_t> Key(D.KeySize), Value(D.ValueSize), Got(D.ValueSize);
    uint32_t Word = Random() % (D.MaxEntries + 3);
    if (Lpm) {
      Word = Random() % (8 * (D.KeySize - 4) + 2);
      for (size_t B = 4; B != Key.size(); ++B)
        Key[B] = Random() % 4 ? 0 : uint8_t(Random() & 0xc1);
    }
    memcpy(Key.data(), &Word, std::min<size_t>(4, Key.size()));
    for (uint8_t &B : Value)
      B = uint8_t(Random());
    SCOPED_TRACE("step " + std::to_string(I));
    switch (Random() % 4) {
    case 0:
    case 1: {
      uint64_t Flags = Random() % 8 == 0 ? 3 + Random() % 2 : Random() % 3;
      int A = Ours->update(Key.data(), Value.data(), Flags, 0);
      int B =
          Theirs.element(BPF_MAP_UPDATE_ELEM, Key.data(), Value.data(), Flags);
      ASSERT_EQ(B, A) << "update, flags " << Flags;
      break;
    }
    case 2: {
      int A = Ours->erase(Key.data());
      ASSERT_EQ(Theirs.element(BPF_MAP_DELETE_ELEM, Key.data(), nullptr), A);
      break;
    }
    default: {
      uint64_t Guest = Ours->lookup(Key.data(), 0);
      int B = Theirs.element(BPF_MAP_LOOKUP_ELEM, Key.data(), Got.data());
      ASSERT_EQ(B == 0, Guest != 0);
      if (Guest) {
        ASSERT_EQ(0, memcmp(Mem.at(Guest, D.ValueSize, false), Got.data(),
                            D.ValueSize));
      }
    }
    }
  }
  // The keys that are left, whatever their order.
  auto Keys = [&](auto Next) {
    std::vector<std::vector<uint8_t>> All;
    std::vector<uint8_t> K(D.KeySize), N(D.KeySize);
    for (bool First = true; Next(First ? nullptr : K.data(), N.data()) == 0;
         First = false)
      All.push_back(K = N);
    std::sort(All.begin(), All.end());
    return All;
  };
  EXPECT_EQ(
      Keys([&](const uint8_t *K, uint8_t *N) {
        return Theirs.element(BPF_MAP_GET_NEXT_KEY, K, N);
      }),
      Keys([&](const uint8_t *K, uint8_t *N) { return Ours->nextKey(K, N); }));
}

TEST(KernelMaps, Array) {
  SKIP_IF_REFUSED();
  compareKeyed(def(BPF_MAP_TYPE_ARRAY, 4, 12, 7), 4000);
}

TEST(KernelMaps, Hash) {
  SKIP_IF_REFUSED();
  compareKeyed(def(BPF_MAP_TYPE_HASH, 4, 16, 5, BPF_F_NO_PREALLOC), 4000);
  compareKeyed(def(BPF_MAP_TYPE_HASH, 9, 3, 40), 4000);
}

TEST(KernelMaps, LruHashBelowItsLimit) {
  SKIP_IF_REFUSED();
  // Keys are Random() % (max_entries + 3): never near the limit of both.
  MapDef D = def(BPF_MAP_TYPE_LRU_HASH, 4, 8, 20);
  Memory Mem(HostBig);
  auto Ours = make(D, Mem);
  D.MaxEntries = 4096;
  KernelMap Theirs(D);
  ASSERT_GE(Theirs.Fd, 0);
  std::mt19937 Random(5);
  for (unsigned I = 0; I != 2000; ++I) {
    uint32_t Key = Random() % 20;
    uint64_t Value = Random(), Flags = Random() % 4;
    auto *K = reinterpret_cast<uint8_t *>(&Key);
    auto *V = reinterpret_cast<uint8_t *>(&Value);
    if (Random() % 2) {
      ASSERT_EQ(Theirs.element(BPF_MAP_UPDATE_ELEM, K, V, Flags),
                Ours->update(K, V, Flags, 0));
    } else {
      ASSERT_EQ(Theirs.element(BPF_MAP_DELETE_ELEM, K, nullptr),
                Ours->erase(K));
    }
  }
}

TEST(KernelMaps, LpmTrie) {
  SKIP_IF_REFUSED();
  compareKeyed(def(BPF_MAP_TYPE_LPM_TRIE, 8, 4, 4000, BPF_F_NO_PREALLOC), 6000);
  compareKeyed(def(BPF_MAP_TYPE_LPM_TRIE, 5, 1, 4000, BPF_F_NO_PREALLOC), 4000);
}

TEST(KernelMaps, QueueAndStack) {
  SKIP_IF_REFUSED();
  for (uint32_t Type : {BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK}) {
    MapDef D = def(Type, 0, 6, 5);
    Memory Mem(HostBig);
    auto Ours = make(D, Mem);
    KernelMap Theirs(D);
    std::mt19937 Random(Type);
    for (unsigned I = 0; I != 2000; ++I) {
      uint8_t Value[6], A[6], B[6];
      for (uint8_t &Byte : Value)
        Byte = uint8_t(Random());
      memset(A, 1, 6);
      memset(B, 1, 6);
      switch (Random() % 4) {
      case 0:
      case 1: {
        uint64_t Flags = Random() % 4;
        ASSERT_EQ(Theirs.element(BPF_MAP_UPDATE_ELEM, nullptr, Value, Flags),
                  Ours->push(Value, Flags));
        break;
      }
      case 2: {
        int Result = Ours->pop(A);
        ASSERT_EQ(Theirs.element(BPF_MAP_LOOKUP_AND_DELETE_ELEM, nullptr, B),
                  Result);
        if (Result == 0) {
          ASSERT_EQ(0, memcmp(A, B, 6));
        }
        break;
      }
      default: {
        int Result = Ours->peek(A);
        ASSERT_EQ(Theirs.element(BPF_MAP_LOOKUP_ELEM, nullptr, B), Result);
        if (Result == 0) {
          ASSERT_EQ(0, memcmp(A, B, 6));
        }
      }
      }
    }
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
    MapDef D = def(Types[Random() % std::size(Types)],
                   Sizes[Random() % std::size(Sizes)],
                   Sizes[Random() % std::size(Sizes)],
                   Entries[Random() % std::size(Entries)],
                   Flags[Random() % std::size(Flags)]);
    if (uint64_t(D.MaxEntries) * (D.ValueSize + D.KeySize) > 4 << 20)
      continue;
    Memory Mem(HostBig);
    auto Ours = createMap(D, Mem);
    KernelMap Theirs(D);
    EXPECT_EQ(Theirs.Fd >= 0, bool(Ours))
        << "type " << D.Type << " key " << D.KeySize << " value " << D.ValueSize
        << " entries " << D.MaxEntries << " flags " << D.Flags << ": "
        << (Ours ? "" : takeMessages(Ours.takeError()))
        << " kernel: " << Theirs.Fd;
    if (!Ours)
      consumeError(Ours.takeError());
  }
}

} // namespace

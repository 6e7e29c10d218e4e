// Queue, stack and bloom filter: maps without keys, and without values that a
// program could point to.

#include "runtime/maps/Kinds.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>

using namespace llvm;

namespace bpfcc {
namespace {

class QueueMap : public Map {
public:
  QueueMap(const MapDef &Def, Memory &Mem, bool Stack)
      : Map(Def, Mem), Stack(Stack) {}

  int push(const uint8_t *Bytes, uint64_t Flags) override {
    bool Replace = Flags & mapflags::Exist;
    if (Flags & mapflags::NoExist || Flags > mapflags::Exist)
      return -EINVAL;
    std::lock_guard Locked(Lock);
    if (Elements.size() >= Def.MaxEntries) {
      if (!Replace)
        return -E2BIG;
      Elements.pop_front();
    }
    Elements.emplace_back(Bytes, Bytes + Def.ValueSize);
    return 0;
  }

  int peek(uint8_t *Bytes) override {
    std::lock_guard Locked(Lock);
    return next(Bytes);
  }

  int pop(uint8_t *Bytes) override {
    std::lock_guard Locked(Lock);
    int Result = next(Bytes);
    if (Result == 0)
      Stack ? Elements.pop_back() : Elements.pop_front();
    return Result;
  }

private:
  int next(uint8_t *Bytes) const {
    if (Elements.empty()) {
      memset(Bytes, 0, Def.ValueSize);
      return -ENOENT;
    }
    const auto &E = Stack ? Elements.back() : Elements.front();
    memcpy(Bytes, E.data(), Def.ValueSize);
    return 0;
  }

  bool Stack;
  std::deque<std::vector<uint8_t>> Elements; ///< oldest first
};

class BloomFilter : public Map {
public:
  BloomFilter(const MapDef &Def, Memory &Mem)
      : Map(Def, Mem), NumHashes(Def.Extra ? Def.Extra : 5) {
    // A filter of n bits with k hashes is best at n = k * entries / ln 2.
    uint64_t Wanted = uint64_t(Def.MaxEntries) * NumHashes * 7 / 5;
    NumBits = PowerOf2Ceil(std::max<uint64_t>(Wanted, 64));
    Words = std::make_unique<std::atomic<uint64_t>[]>(NumBits / 64);
  }

  int push(const uint8_t *Bytes, uint64_t Flags) override {
    if (Flags != mapflags::Any)
      return -EINVAL;
    for (uint64_t I = 0; I != NumHashes; ++I) {
      uint64_t Bit = bit(Bytes, I);
      Words[Bit / 64].fetch_or(1ull << Bit % 64, std::memory_order_relaxed);
    }
    return 0;
  }

  int peek(uint8_t *Bytes) override {
    for (uint64_t I = 0; I != NumHashes; ++I) {
      uint64_t Bit = bit(Bytes, I);
      if (!(Words[Bit / 64].load(std::memory_order_relaxed) >> Bit % 64 & 1))
        return -ENOENT;
    }
    return 0;
  }

  int erase(const uint8_t *) override { return -EOPNOTSUPP; }
  int nextKey(const uint8_t *, uint8_t *) override { return -EOPNOTSUPP; }

private:
  /// Two independent hashes give all others (Kirsch and Mitzenmacher, 2006).
  uint64_t bit(const uint8_t *Bytes, uint64_t I) const {
    uint64_t H = xxh3_64bits({Bytes, Def.ValueSize});
    return (uint32_t(H) + I * (H >> 32 | 1)) & (NumBits - 1);
  }

  uint64_t NumHashes, NumBits;
  std::unique_ptr<std::atomic<uint64_t>[]> Words;
};

} // namespace

std::unique_ptr<Map> makeQueue(const MapDef &Def, Memory &Mem, bool Stack) {
  return std::make_unique<QueueMap>(Def, Mem, Stack);
}

std::unique_ptr<Map> makeBloomFilter(const MapDef &Def, Memory &Mem) {
  return std::make_unique<BloomFilter>(Def, Mem);
}

} // namespace bpfcc

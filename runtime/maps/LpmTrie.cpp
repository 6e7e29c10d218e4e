// Longest prefix match. A key is a 32-bit prefix length in the guest's order
// and then data, most significant bit first.
//
// A hash table holds every prefix, keyed by its length and its data with the
// bits after the prefix cleared, for what is done to a prefix itself. Programs
// look up in a trie beside it.

#include "runtime/maps/Kinds.h"
#include "runtime/maps/PrefixTrie.h"

#include "llvm/ADT/StringMap.h"

#include <atomic>
#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

class LpmTrie : public Map {
public:
  LpmTrie(const MapDef &Def, Memory &Mem)
      : Map(Def, Mem), Trie(new PrefixTrie(Def.KeySize - 4)) {}
  ~LpmTrie() override { delete Trie.load(); }

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return 0;
    return Trie.load(std::memory_order_acquire)
        ->find(data(Key), uint32_t(Length));
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    if (Flags > mapflags::Exist)
      return -EINVAL;
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return -EINVAL;
    std::string Name = prefix(Key, Length);
    std::lock_guard Locked(Lock);
    auto It = Prefixes.find(Name);
    bool Found = It != Prefixes.end();
    if (Found && Flags == mapflags::NoExist)
      return -EEXIST;
    if (!Found && Flags == mapflags::Exist)
      return -ENOENT;
    if (!Found) {
      if (Prefixes.size() >= Def.MaxEntries)
        return -ENOSPC;
      uint64_t Guest = allocate(Def.ValueSize);
      if (!Guest)
        return -ENOMEM;
      It = Prefixes.try_emplace(Name).first;
      It->second.Guest = Guest;
    }
    It->second.Key.assign(Key, Key + Def.KeySize);
    write(It->second.Guest, Bytes);
    if (!Found)
      trie().set(data(Key), uint32_t(Length), It->second.Guest);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return -EINVAL;
    std::lock_guard Locked(Lock);
    auto It = Prefixes.find(prefix(Key, Length));
    if (It == Prefixes.end())
      return -ENOENT;
    trie().erase(data(Key), uint32_t(Length));
    retire(It->second.Guest);
    Prefixes.erase(It);
    // Each prefix needs one node that branches at most.
    if (trie().numEmpty() > 2 * Prefixes.size() + 64)
      rebuild();
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    std::lock_guard Locked(Lock);
    auto It = Prefixes.end();
    if (Key && Mem.load(Key, 4) <= maxLength())
      It = Prefixes.find(prefix(Key, Mem.load(Key, 4)));
    It = It == Prefixes.end() ? Prefixes.begin() : std::next(It);
    if (It == Prefixes.end())
      return -ENOENT;
    memcpy(Next, It->second.Key.data(), Def.KeySize);
    return 0;
  }

  /// Of the longest prefix, as lookup().
  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    uint64_t Length = Mem.load(Key, 4);
    std::lock_guard Locked(Lock);
    uint64_t Guest =
        Length <= maxLength() ? trie().find(data(Key), uint32_t(Length)) : 0;
    std::vector<uint8_t> Bytes(Guest ? Def.ValueSize : 0);
    if (Guest)
      read(Guest, Bytes.data());
    return Bytes;
  }

private:
  struct Prefix {
    std::vector<uint8_t> Key; ///< as it was last set
    uint64_t Guest;           ///< of the value
  };

  PrefixTrie &trie() { return *Trie.load(std::memory_order_relaxed); }

  uint64_t maxLength() const { return (Def.KeySize - 4) * 8; }

  std::string prefix(const uint8_t *Key, uint64_t Length) const {
    std::string S(Def.KeySize, '\0');
    Mem.store(reinterpret_cast<uint8_t *>(S.data()), 4, Length);
    memcpy(&S[4], Key + 4, Length / 8);
    if (Length % 8)
      S[4 + Length / 8] = char(Key[4 + Length / 8] & (0xff00 >> Length % 8));
    return S;
  }

  ArrayRef<uint8_t> data(const uint8_t *Key) const {
    return {Key + 4, Def.KeySize - 4};
  }

  void rebuild() {
    auto *New = new PrefixTrie(Def.KeySize - 4);
    for (const auto &P : Prefixes) {
      const uint8_t *Key = P.second.Key.data();
      New->set(data(Key), uint32_t(Mem.load(Key, 4)), P.second.Guest);
    }
    Mem.grace().retire(Trie.exchange(New), [](void *Old) {
      delete static_cast<PrefixTrie *>(Old);
    });
  }

  StringMap<Prefix> Prefixes;
  std::atomic<PrefixTrie *> Trie;
};

} // namespace

std::unique_ptr<Map> makeLpmTrie(const MapDef &Def, Memory &Mem) {
  return std::make_unique<LpmTrie>(Def, Mem);
}

} // namespace bpfcc

// Longest prefix match. A key is a 32-bit prefix length in the guest's order
// and then data, most significant bit first.
//
// A hash table holds every prefix, keyed by its length and its data with the
// bits after the prefix cleared, for what is done to a prefix itself. Programs
// look up in a trie beside it.

#include "runtime/maps/Kinds.h"
#include "runtime/maps/PrefixTrie.h"

#include "llvm/ADT/StringMap.h"

#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

class LpmTrie : public Map {
public:
  LpmTrie(const MapDef &Def, Memory &Mem)
      : Map(Def, Mem), Trie(Def.KeySize - 4) {}

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return 0;
    return Trie.find(data(Key), uint32_t(Length));
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    if (Flags > mapflags::Exist)
      return -EINVAL;
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return -EINVAL;
    std::string Name = prefix(Key, Length);
    auto It = Prefixes.find(Name);
    bool Found = It != Prefixes.end();
    if (Found && Flags == mapflags::NoExist)
      return -EEXIST;
    if (!Found && Flags == mapflags::Exist)
      return -ENOENT;
    if (!Found) {
      if (Prefixes.size() >= Def.MaxEntries)
        return -ENOSPC;
      Value V = allocate(Def.ValueSize);
      if (!V)
        return -ENOMEM;
      It = Prefixes.try_emplace(Name).first;
      It->second.Bytes = V;
      Trie.set(data(Key), uint32_t(Length), V.Guest);
    }
    It->second.Key.assign(Key, Key + Def.KeySize);
    memcpy(It->second.Bytes.Bytes, Bytes, Def.ValueSize);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return -EINVAL;
    auto It = Prefixes.find(prefix(Key, Length));
    if (It == Prefixes.end())
      return -ENOENT;
    retire(std::move(It->second.Bytes));
    Prefixes.erase(It);
    Trie.erase(data(Key), uint32_t(Length));
    // Each prefix needs one node that branches at most.
    if (Trie.numEmpty() > 2 * Prefixes.size() + 64)
      rebuild();
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    auto It = Prefixes.end();
    if (Key && Mem.load(Key, 4) <= maxLength())
      It = Prefixes.find(prefix(Key, Mem.load(Key, 4)));
    It = It == Prefixes.end() ? Prefixes.begin() : std::next(It);
    if (It == Prefixes.end())
      return -ENOENT;
    memcpy(Next, It->second.Key.data(), Def.KeySize);
    return 0;
  }

private:
  struct Prefix {
    std::vector<uint8_t> Key; ///< as it was last set
    Value Bytes;
  };

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
    Trie = PrefixTrie(Def.KeySize - 4);
    for (const auto &P : Prefixes) {
      const uint8_t *Key = P.second.Key.data();
      Trie.set(data(Key), uint32_t(Mem.load(Key, 4)), P.second.Bytes.Guest);
    }
  }

  StringMap<Prefix> Prefixes;
  PrefixTrie Trie;
};

} // namespace

std::unique_ptr<Map> makeLpmTrie(const MapDef &Def, Memory &Mem) {
  return std::make_unique<LpmTrie>(Def, Mem);
}

} // namespace bpfcc

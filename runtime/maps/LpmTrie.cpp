// Longest prefix match. A key is a 32-bit prefix length in the guest's order
// and then data, most significant bit first.
//
// One hash table holds every prefix, keyed by its length and its data with the
// bits after the prefix cleared; Lengths counts the prefixes of each length.
// A lookup tries the lengths that occur, longest first (Waldvogel et al.,
// "Scalable high speed IP routing lookups", SIGCOMM 1997, without its binary
// search: tables hold few lengths).

#include "runtime/maps/Kinds.h"

#include "llvm/ADT/StringMap.h"

#include <cerrno>
#include <cstring>
#include <map>

using namespace llvm;

namespace bpfcc {
namespace {

class LpmTrie : public Map {
public:
  LpmTrie(const MapDef &Def, Memory &Mem) : Map(Def, Mem) {}

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    uint64_t Length = Mem.load(Key, 4);
    if (Length > maxLength())
      return 0;
    for (auto It = Lengths.lower_bound(Length); It != Lengths.end(); ++It) {
      auto Found = Prefixes.find(prefix(Key, It->first));
      if (Found != Prefixes.end())
        return Found->second.Bytes.Guest;
    }
    return 0;
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
      ++Lengths[Length];
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
    if (--Lengths[Length] == 0)
      Lengths.erase(Length);
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

  StringMap<Prefix> Prefixes;
  std::map<uint64_t, uint32_t, std::greater<>> Lengths;
};

} // namespace

std::unique_ptr<Map> makeLpmTrie(const MapDef &Def, Memory &Mem) {
  return std::make_unique<LpmTrie>(Def, Mem);
}

} // namespace bpfcc

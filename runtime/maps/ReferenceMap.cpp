// Maps whose elements stand for something that is not memory: programs, maps,
// devices, sockets, CPUs, perf events. They record what was put in; a program
// that looks an element up sees a copy, or the inner map.

#include "runtime/maps/Kinds.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringMap.h"

#include <cerrno>
#include <cstring>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

/// An array in which an index may be empty.
class ReferenceArray : public Map {
public:
  using Map::Map;

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    auto It = Elements.find(Mem.load(Key, 4));
    if (It == Elements.end())
      return 0;
    if (MapType(Def.Type) == MapType::ArrayOfMaps)
      return mapAddress(Mem.load(It->second.Bytes, 4));
    return It->second.Guest;
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    uint64_t Index = Mem.load(Key, 4);
    if (holdsFds() ? Flags != mapflags::Any : Flags > mapflags::Exist)
      return -EINVAL;
    if (Index >= Def.MaxEntries)
      return -E2BIG;
    bool Found = Elements.contains(Index);
    // A devmap has all its indexes; a sockmap has those that are set.
    if (Flags == mapflags::NoExist && (Found || !isSockets()))
      return -EEXIST;
    if (Flags == mapflags::Exist && !Found && isSockets())
      return -ENOENT;
    Value &V = Elements[Index];
    if (!V && !(V = allocate(Def.ValueSize)))
      return -ENOMEM;
    memcpy(V.Bytes, Bytes, Def.ValueSize);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Index >= Def.MaxEntries)
      return holdsFds() ? -E2BIG : -EINVAL;
    auto It = Elements.find(Index);
    if (It == Elements.end())
      return holdsFds() ? -ENOENT : isSockets() ? -EINVAL : 0;
    retire(std::move(It->second));
    Elements.erase(It);
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    uint64_t Index = Key ? Mem.load(Key, 4) + 1 : 0;
    if (Index == Def.MaxEntries)
      return -ENOENT;
    Mem.store(Next, 4, Index < Def.MaxEntries ? Index : 0);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    auto It = Elements.find(Mem.load(Key, 4));
    if (It == Elements.end())
      return {};
    const uint8_t *Host = It->second.Bytes;
    return {Host, Host + Def.ValueSize};
  }

private:
  bool holdsFds() const {
    auto T = MapType(Def.Type);
    return T == MapType::ProgArray || T == MapType::ArrayOfMaps ||
           T == MapType::PerfEventArray || T == MapType::CgroupArray;
  }
  bool isSockets() const {
    auto T = MapType(Def.Type);
    return T == MapType::SockMap || T == MapType::XskMap ||
           T == MapType::ReuseportSockArray;
  }

  std::map<uint64_t, Value> Elements;
};

class ReferenceHash : public Map {
public:
  using Map::Map;

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    auto It = Elements.find(key(Key));
    if (It == Elements.end())
      return 0;
    if (MapType(Def.Type) == MapType::HashOfMaps)
      return mapAddress(Mem.load(It->second.Bytes, 4));
    return It->second.Guest;
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    if (Flags > mapflags::Exist)
      return -EINVAL;
    auto It = Elements.find(key(Key));
    bool Found = It != Elements.end();
    if (Found && Flags == mapflags::NoExist)
      return -EEXIST;
    if (!Found && Flags == mapflags::Exist)
      return -ENOENT;
    if (!Found && Elements.size() >= Def.MaxEntries)
      return -E2BIG;
    if (!Found) {
      Value V = allocate(Def.ValueSize);
      if (!V)
        return -ENOMEM;
      It = Elements.try_emplace(key(Key)).first;
      It->second = V;
    }
    memcpy(It->second.Bytes, Bytes, Def.ValueSize);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    auto It = Elements.find(key(Key));
    if (It == Elements.end())
      return -ENOENT;
    retire(std::move(It->second));
    Elements.erase(It);
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    auto It = Key ? Elements.find(key(Key)) : Elements.end();
    It = It == Elements.end() ? Elements.begin() : std::next(It);
    if (It == Elements.end())
      return -ENOENT;
    memcpy(Next, It->first().data(), Def.KeySize);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    auto It = Elements.find(key(Key));
    if (It == Elements.end())
      return {};
    const uint8_t *Host = It->second.Bytes;
    return {Host, Host + Def.ValueSize};
  }

private:
  StringRef key(const uint8_t *Key) const {
    return {reinterpret_cast<const char *>(Key), Def.KeySize};
  }

  StringMap<Value> Elements;
};

} // namespace

std::unique_ptr<Map> makeReferenceArray(const MapDef &Def, Memory &Mem) {
  return std::make_unique<ReferenceArray>(Def, Mem);
}

std::unique_ptr<Map> makeReferenceHash(const MapDef &Def, Memory &Mem) {
  return std::make_unique<ReferenceHash>(Def, Mem);
}

} // namespace bpfcc

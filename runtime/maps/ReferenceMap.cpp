// Maps whose elements stand for something that is not memory: programs, maps,
// devices, sockets, CPUs, perf events. They record what was put in; a program
// that looks an element up sees a copy, or the inner map.

#include "runtime/maps/Kinds.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringMap.h"

#include <cerrno>
#include <cstring>
#include <map>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

/// How an array of one type differs from the others.
struct ArrayRules {
  bool OnlyAny;     ///< updates take no flag
  bool AlwaysThere; ///< an index that is not set exists too
  int EraseBeyond;  ///< result of a delete at max_entries and after
  int EraseEmpty;   ///< result of a delete where nothing is
};

ArrayRules rulesOf(MapType T) {
  switch (T) {
  case MapType::DevMap:
  case MapType::CpuMap:
    return {false, true, -EINVAL, 0};
  case MapType::XskMap:
    return {false, false, -EINVAL, 0};
  case MapType::SockMap:
    return {false, false, -EINVAL, -EINVAL};
  case MapType::ReuseportSockArray:
    return {false, false, -E2BIG, -ENOENT};
  default:
    return {true, false, -E2BIG, -ENOENT};
  }
}

/// An array in which an index may be empty.
class ReferenceArray : public Map {
public:
  ReferenceArray(const MapDef &Def, Memory &Mem)
      : Map(Def, Mem), Type(MapType(Def.Type)), Rules(rulesOf(Type)) {}

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    auto It = Elements.find(Mem.load(Key, 4));
    if (It == Elements.end())
      return 0;
    if (Type == MapType::ArrayOfMaps)
      return mapAddress(Mem.load(It->second.Bytes, 4));
    return It->second.Guest;
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Flags > (Rules.OnlyAny ? mapflags::Any : mapflags::Exist))
      return -EINVAL;
    if (Index >= Def.MaxEntries)
      return -E2BIG;
    auto It = Elements.find(Index);
    bool Found = It != Elements.end();
    if (Type == MapType::XskMap && Found &&
        !memcmp(It->second.Bytes, Bytes, Def.ValueSize))
      return 0;
    if (Flags == mapflags::NoExist && (Found || Rules.AlwaysThere))
      return -EEXIST;
    if (Flags == mapflags::Exist && !Found && !Rules.AlwaysThere)
      return -ENOENT;
    if (int Refusal = refuse(Bytes))
      return Refusal;
    if (Rules.AlwaysThere && Mem.load(Bytes, 4) == 0)
      return erase(Key);
    Value &V = Elements[Index];
    if (!V && !(V = allocate(Def.ValueSize)))
      return -ENOMEM;
    memcpy(V.Bytes, Bytes, Def.ValueSize);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Index >= Def.MaxEntries)
      return Rules.EraseBeyond;
    auto It = Elements.find(Index);
    if (It == Elements.end())
      return Rules.EraseEmpty;
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
  /// What is wrong with a new value, 0 for nothing.
  int refuse(const uint8_t *Bytes) const {
    constexpr uint64_t MaxCpuQueue = 16384;
    if (Type == MapType::CpuMap && Mem.load(Bytes, 4) > MaxCpuQueue)
      return -EOVERFLOW;
    // A socket is in one slot of all reuseport arrays at most.
    if (Type == MapType::ReuseportSockArray)
      for (const auto &[Index, V] : Elements)
        if (!memcmp(V.Bytes, Bytes, Def.ValueSize))
          return -EBUSY;
    return 0;
  }

  MapType Type;
  ArrayRules Rules;
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
    // A device's map takes only devices, and makes what should exist.
    bool IsDevices = MapType(Def.Type) == MapType::DevMapHash;
    if (Flags > mapflags::Exist || (IsDevices && !Mem.load(Bytes, 4)))
      return -EINVAL;
    auto It = Elements.find(key(Key));
    bool Found = It != Elements.end();
    if (Found && Flags == mapflags::NoExist)
      return -EEXIST;
    if (!Found && Flags == mapflags::Exist && !IsDevices)
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

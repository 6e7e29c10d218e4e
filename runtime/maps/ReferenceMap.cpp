// Maps whose elements stand for something that is not memory: programs, maps,
// devices, sockets, CPUs, perf events. They record what was put in; a program
// that looks an element up sees a copy, or the inner map.

#include "runtime/maps/KeyTable.h"
#include "runtime/maps/Kinds.h"
#include "runtime/maps/SlotTable.h"
#include "runtime/memory/Shared.h"

#include "backend/target/MapTypes.h"

#include <cerrno>
#include <cstring>

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
      : Map(Def, Mem), Type(MapType(Def.Type)), Rules(rulesOf(Type)),
        Elements(Def.MaxEntries) {}

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    uint64_t Index = Mem.load(Key, 4);
    uint64_t Guest = Index < Def.MaxEntries ? Elements.get(Index) : 0;
    if (!Guest || Type != MapType::ArrayOfMaps)
      return Guest;
    return mapAddress(number(Guest));
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Flags > (Rules.OnlyAny ? mapflags::Any : mapflags::Exist))
      return -EINVAL;
    if (Index >= Def.MaxEntries)
      return -E2BIG;
    std::lock_guard Locked(Lock);
    uint64_t Guest = Elements.get(Index);
    bool Found = Guest != 0;
    if (Type == MapType::XskMap && Found && same(Guest, Bytes))
      return 0;
    if (Flags == mapflags::NoExist && (Found || Rules.AlwaysThere))
      return -EEXIST;
    if (Flags == mapflags::Exist && !Found && !Rules.AlwaysThere)
      return -ENOENT;
    if (int Refusal = refuse(Bytes))
      return Refusal;
    if (Rules.AlwaysThere && Mem.load(Bytes, 4) == 0)
      return drop(Index);
    if (Found) {
      write(Guest, Bytes);
      return 0;
    }
    if (!(Guest = allocate(Def.ValueSize)))
      return -ENOMEM;
    write(Guest, Bytes);
    Elements.set(Index, Guest);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Index >= Def.MaxEntries)
      return Rules.EraseBeyond;
    std::lock_guard Locked(Lock);
    return drop(Index);
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    uint64_t Index = Key ? Mem.load(Key, 4) + 1 : 0;
    if (Index == Def.MaxEntries)
      return -ENOENT;
    Mem.store(Next, 4, Index < Def.MaxEntries ? Index : 0);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    uint64_t Index = Mem.load(Key, 4);
    std::lock_guard Locked(Lock);
    uint64_t Guest = Index < Def.MaxEntries ? Elements.get(Index) : 0;
    std::vector<uint8_t> Bytes(Guest ? Def.ValueSize : 0);
    if (Guest)
      read(Guest, Bytes.data());
    return Bytes;
  }

private:
  int drop(uint64_t Index) {
    uint64_t Guest = Elements.get(Index);
    if (!Guest)
      return Rules.EraseEmpty;
    Elements.set(Index, 0);
    retire(Guest);
    return 0;
  }

  bool same(uint64_t Guest, const uint8_t *Bytes) const {
    return !memcmp(Mem.host(Guest), Bytes, Def.ValueSize);
  }

  uint32_t number(uint64_t Guest) const {
    uint8_t Bytes[4];
    copyShared(Bytes, Mem.host(Guest), 4);
    return uint32_t(Mem.load(Bytes, 4));
  }

  /// What is wrong with a new value, 0 for nothing.
  int refuse(const uint8_t *Bytes) const {
    constexpr uint64_t MaxCpuQueue = 16384;
    if (Type == MapType::CpuMap && Mem.load(Bytes, 4) > MaxCpuQueue)
      return -EOVERFLOW;
    // A socket is in one slot of all reuseport arrays at most.
    if (Type == MapType::ReuseportSockArray)
      for (uint64_t N = Elements.next(0); N != Def.MaxEntries;
           N = Elements.next(N + 1))
        if (same(Elements.get(N), Bytes))
          return -EBUSY;
    return 0;
  }

  MapType Type;
  ArrayRules Rules;
  SlotTable Elements;
};

class ReferenceHash : public Map {
public:
  ReferenceHash(const MapDef &Def, Memory &Mem)
      : Map(Def, Mem), Elements(Mem.grace(), Def.KeySize) {}

  uint64_t lookup(const uint8_t *Key, unsigned) override {
    const Element *E = Elements.find(Key);
    if (!E)
      return 0;
    uint64_t Guest = *E->values();
    if (MapType(Def.Type) != MapType::HashOfMaps)
      return Guest;
    uint8_t Number[4];
    copyShared(Number, Mem.host(Guest), 4);
    return mapAddress(uint32_t(Mem.load(Number, 4)));
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned) override {
    // A device's map takes only devices, and makes what should exist.
    bool IsDevices = MapType(Def.Type) == MapType::DevMapHash;
    if (Flags > mapflags::Exist || (IsDevices && !Mem.load(Bytes, 4)))
      return -EINVAL;
    std::lock_guard Locked(Lock);
    const Element *E = Elements.find(Key);
    if (E && Flags == mapflags::NoExist)
      return -EEXIST;
    if (!E && Flags == mapflags::Exist && !IsDevices)
      return -ENOENT;
    if (!E && Elements.size() >= Def.MaxEntries)
      return -E2BIG;
    uint64_t Guest = E ? *E->values() : allocate(Def.ValueSize);
    if (!Guest)
      return -ENOMEM;
    write(Guest, Bytes);
    if (!E)
      Elements.insert(Key, &Guest);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    std::lock_guard Locked(Lock);
    Element *E = Elements.find(Key);
    if (!E)
      return -ENOENT;
    uint64_t Guest = *E->values();
    Elements.erase(*E);
    retire(Guest);
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    std::lock_guard Locked(Lock);
    const Element *E = Key ? Elements.find(Key) : nullptr;
    E = E ? Elements.after(*E) : Elements.first();
    if (!E)
      return -ENOENT;
    memcpy(Next, Elements.key(*E), Def.KeySize);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    std::lock_guard Locked(Lock);
    const Element *E = Elements.find(Key);
    std::vector<uint8_t> Bytes(E ? Def.ValueSize : 0);
    if (E)
      read(*E->values(), Bytes.data());
    return Bytes;
  }

private:
  using Element = KeyTable::Element;
  KeyTable Elements;
};

} // namespace

std::unique_ptr<Map> makeReferenceArray(const MapDef &Def, Memory &Mem) {
  return std::make_unique<ReferenceArray>(Def, Mem);
}

std::unique_ptr<Map> makeReferenceHash(const MapDef &Def, Memory &Mem) {
  return std::make_unique<ReferenceHash>(Def, Mem);
}

} // namespace bpfcc

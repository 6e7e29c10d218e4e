#include "runtime/maps/Map.h"

#include "runtime/maps/Kinds.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {

Map::Map(MapDef Def, Memory &Mem) : Def(std::move(Def)), Mem(Mem) {}
Map::~Map() = default;

uint64_t Map::lookup(const uint8_t *, unsigned) { return 0; }

int Map::update(const uint8_t *, const uint8_t *, uint64_t, unsigned) {
  return -EINVAL;
}

int Map::erase(const uint8_t *) { return -EINVAL; }
int Map::nextKey(const uint8_t *, uint8_t *) { return -EINVAL; }
int Map::push(const uint8_t *, uint64_t) { return -EOPNOTSUPP; }
int Map::pop(uint8_t *) { return -EOPNOTSUPP; }
int Map::peek(uint8_t *) { return -EOPNOTSUPP; }

std::vector<uint8_t> Map::valueForUser(const uint8_t *Key) {
  uint64_t Guest = lookup(Key, 0);
  const uint8_t *Host = Guest ? Mem.at(Guest, Def.ValueSize, false) : nullptr;
  if (!Host)
    return {};
  return {Host, Host + Def.ValueSize};
}

Map::Value Map::allocate(uint32_t Size) {
  Value V;
  auto Access =
      Def.Flags & mapflags::ReadOnlyProg ? Memory::ReadOnly : Memory::ReadWrite;
  V.Guest = Mem.add(Size, Access, Def.Name);
  if (V)
    V.Bytes = Mem.host(V.Guest);
  return V;
}

bool Map::allowsUpdate(uint64_t Flags) const {
  if (Def.HasSpinLock)
    Flags &= ~mapflags::Lock;
  return Flags <= mapflags::Exist;
}

void Map::retire(Value V) {
  if (V)
    Retired.push_back(std::move(V));
}

void Map::removeRetired() {
  for (const Value &V : Retired)
    Mem.remove(V.Guest);
  Retired.clear();
}

} // namespace bpfcc

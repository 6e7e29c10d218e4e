#include "runtime/maps/Map.h"

#include "runtime/maps/Kinds.h"
#include "runtime/memory/Shared.h"

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

std::vector<uint8_t> Map::valueForUser(const uint8_t *) { return {}; }

uint64_t Map::allocate(uint32_t Size) {
  auto Access =
      Def.Flags & mapflags::ReadOnlyProg ? Memory::ReadOnly : Memory::ReadWrite;
  return Mem.add(Size, Access, Def.Name);
}

bool Map::allowsUpdate(uint64_t Flags) const {
  if (Def.special(SpecialField::SpinLock))
    Flags &= ~mapflags::Lock;
  return Flags <= mapflags::Exist;
}

uint64_t Map::serialOf(uint64_t Guest) const {
  std::lock_guard Locked(NamesLock);
  auto It = Names.find(Guest);
  return It == Names.end() ? 0 : It->second.Serial;
}

std::vector<uint8_t> Map::keyOf(uint64_t Guest) const {
  std::lock_guard Locked(NamesLock);
  auto It = Names.find(Guest);
  return It == Names.end() ? std::vector<uint8_t>() : It->second.Key;
}

void Map::name(uint64_t Guest, const uint8_t *Key) {
  if (!Def.special(SpecialField::Timer))
    return;
  std::lock_guard Locked(NamesLock);
  Names[Guest] = {{Key, Key + Def.KeySize}, ++NumSerials};
}

void Map::retire(uint64_t Guest) {
  if (Def.special(SpecialField::Timer)) {
    std::lock_guard Locked(NamesLock);
    Names.erase(Guest);
  }
  Mem.grace().retire(Guest);
}

void Map::copy(uint8_t *To, const uint8_t *From) const {
  uint32_t Next = 0;
  for (const SpecialField &F : Def.Special) {
    copyShared(To + Next, From + Next, F.Offset - Next);
    Next = F.Offset + F.Size;
  }
  copyShared(To + Next, From + Next, Def.ValueSize - Next);
}

int Map::write(uint64_t Guest, const uint8_t *Bytes, uint64_t Flags) {
  uint8_t *To = Mem.host(Guest);
  uint8_t *Spin = Flags & mapflags::Lock
                      ? To + Def.special(SpecialField::SpinLock)->Offset
                      : nullptr;
  if (Spin && !lockSpin(Spin))
    return -ETIMEDOUT;
  copy(To, Bytes);
  if (Spin)
    unlockSpin(Spin);
  return 0;
}

void Map::read(uint64_t Guest, uint8_t *Bytes) const {
  copy(Bytes, Mem.host(Guest));
  for (const SpecialField &F : Def.Special)
    memset(Bytes + F.Offset, 0, F.Size);
}

} // namespace bpfcc

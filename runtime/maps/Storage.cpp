#include "runtime/maps/Storage.h"

#include "runtime/maps/Kinds.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {

uint64_t OwnerStorage::get(uint64_t Owner, const uint8_t *Initial) {
  auto It = Elements.find(Owner);
  if (It != Elements.end())
    return It->second.Guest;
  if (!Initial)
    return 0;
  Value V = allocate(Def.ValueSize);
  if (!V)
    return 0;
  memcpy(V.Bytes, Initial, Def.ValueSize);
  Elements.emplace(Owner, V);
  return V.Guest;
}

int OwnerStorage::erase(uint64_t Owner) {
  auto It = Elements.find(Owner);
  if (It == Elements.end())
    return -ENOENT;
  retire(It->second);
  Elements.erase(It);
  return 0;
}

uint64_t OwnerStorage::lookup(const uint8_t *Key, unsigned) {
  return get(Mem.load(Key, 4), nullptr);
}

int OwnerStorage::update(const uint8_t *Key, const uint8_t *Bytes,
                         uint64_t Flags, unsigned) {
  if (!allowsUpdate(Flags))
    return -EINVAL;
  uint64_t Owner = Mem.load(Key, 4);
  auto It = Elements.find(Owner);
  if (It == Elements.end()) {
    if (Flags & mapflags::Exist)
      return -ENOENT;
    return get(Owner, Bytes) ? 0 : -ENOMEM;
  }
  if (Flags & mapflags::NoExist)
    return -EEXIST;
  memcpy(It->second.Bytes, Bytes, Def.ValueSize);
  return 0;
}

int OwnerStorage::erase(const uint8_t *Key) { return erase(Mem.load(Key, 4)); }

int OwnerStorage::nextKey(const uint8_t *, uint8_t *) {
  return -InternalNoSupport;
}

uint64_t AttachedStorage::get(unsigned Cpu) {
  for (Value &V : Values)
    if (!V && !(V = allocate(Def.ValueSize)))
      return 0;
  return Values[slot(Cpu)].Guest;
}

bool AttachedStorage::isThere(const uint8_t *Key) const {
  return Values[0] && std::all_of(Key, Key + Def.KeySize,
                                  [](uint8_t Byte) { return Byte == 0; });
}

uint64_t AttachedStorage::lookup(const uint8_t *Key, unsigned Cpu) {
  return isThere(Key) ? Values[slot(Cpu)].Guest : 0;
}

int AttachedStorage::update(const uint8_t *Key, const uint8_t *Bytes,
                            uint64_t Flags, unsigned Cpu) {
  if (!allowsUpdate(Flags) || (Flags & mapflags::NoExist))
    return -EINVAL;
  if (!isThere(Key))
    return -ENOENT;
  memcpy(Values[slot(Cpu)].Bytes, Bytes, Def.ValueSize);
  return 0;
}

int AttachedStorage::nextKey(const uint8_t *Key, uint8_t *Next) {
  if (!Values[0] || (Key && isThere(Key)))
    return -ENOENT;
  memset(Next, 0, Def.KeySize);
  return 0;
}

std::vector<uint8_t> AttachedStorage::valueForUser(const uint8_t *Key) {
  if (!PerCpu || !isThere(Key))
    return Map::valueForUser(Key);
  size_t Stride = alignTo(Def.ValueSize, 8);
  std::vector<uint8_t> All(Stride * Values.size());
  for (size_t I = 0; I != Values.size(); ++I)
    memcpy(&All[I * Stride], Values[I].Bytes, Def.ValueSize);
  return All;
}

} // namespace bpfcc

#include "runtime/maps/Storage.h"

#include "runtime/maps/Kinds.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {

uint64_t OwnerStorage::find(uint64_t Owner) const {
  auto It = Elements.find(Owner);
  return It == Elements.end() ? 0 : It->second;
}

uint64_t OwnerStorage::make(uint64_t Owner, const uint8_t *Initial) {
  uint64_t Guest = allocate(Def.ValueSize);
  if (!Guest)
    return 0;
  write(Guest, Initial);
  return Elements[Owner] = Guest;
}

uint64_t OwnerStorage::get(uint64_t Owner, const uint8_t *Initial) {
  std::lock_guard Locked(Lock);
  uint64_t Guest = find(Owner);
  return Guest || !Initial ? Guest : make(Owner, Initial);
}

int OwnerStorage::erase(uint64_t Owner) {
  std::lock_guard Locked(Lock);
  uint64_t Guest = find(Owner);
  if (!Guest)
    return -ENOENT;
  Elements.erase(Owner);
  retire(Guest);
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
  std::lock_guard Locked(Lock);
  uint64_t Guest = find(Owner);
  if (!Guest) {
    if (Flags & mapflags::Exist)
      return -ENOENT;
    return make(Owner, Bytes) ? 0 : -ENOMEM;
  }
  if (Flags & mapflags::NoExist)
    return -EEXIST;
  return write(Guest, Bytes, Flags);
}

int OwnerStorage::erase(const uint8_t *Key) { return erase(Mem.load(Key, 4)); }

int OwnerStorage::nextKey(const uint8_t *, uint8_t *) {
  return -InternalNoSupport;
}

std::vector<uint8_t> OwnerStorage::valueForUser(const uint8_t *Key) {
  std::lock_guard Locked(Lock);
  uint64_t Guest = find(Mem.load(Key, 4));
  std::vector<uint8_t> Bytes(Guest ? Def.ValueSize : 0);
  if (Guest)
    read(Guest, Bytes.data());
  return Bytes;
}

uint64_t AttachedStorage::get(unsigned Cpu) {
  std::lock_guard Locked(Lock);
  for (uint64_t &Guest : Values)
    if (!Guest && !(Guest = allocate(Def.ValueSize)))
      return 0;
  return Values[slot(Cpu)];
}

bool AttachedStorage::isThere(const uint8_t *Key) const {
  return Values[0] && std::all_of(Key, Key + Def.KeySize,
                                  [](uint8_t Byte) { return Byte == 0; });
}

uint64_t AttachedStorage::lookup(const uint8_t *Key, unsigned Cpu) {
  std::lock_guard Locked(Lock);
  return isThere(Key) ? Values[slot(Cpu)] : 0;
}

int AttachedStorage::update(const uint8_t *Key, const uint8_t *Bytes,
                            uint64_t Flags, unsigned Cpu) {
  if (!allowsUpdate(Flags) || (Flags & mapflags::NoExist))
    return -EINVAL;
  std::lock_guard Locked(Lock);
  if (!isThere(Key))
    return -ENOENT;
  return write(Values[slot(Cpu)], Bytes, Flags);
}

int AttachedStorage::nextKey(const uint8_t *Key, uint8_t *Next) {
  std::lock_guard Locked(Lock);
  if (!Values[0] || (Key && isThere(Key)))
    return -ENOENT;
  memset(Next, 0, Def.KeySize);
  return 0;
}

std::vector<uint8_t> AttachedStorage::valueForUser(const uint8_t *Key) {
  std::lock_guard Locked(Lock);
  if (!isThere(Key))
    return {};
  size_t Stride = PerCpu ? alignTo(Def.ValueSize, 8) : Def.ValueSize;
  std::vector<uint8_t> All(Stride * Values.size());
  for (size_t I = 0; I != Values.size(); ++I)
    read(Values[I], &All[I * Stride]);
  return All;
}

} // namespace bpfcc

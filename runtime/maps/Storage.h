#ifndef BPFCC_RUNTIME_MAPS_STORAGE_H
#define BPFCC_RUNTIME_MAPS_STORAGE_H

#include "runtime/maps/Map.h"

#include <map>

namespace bpfcc {

/// A value for each socket, task, inode or cgroup. Programs name the owner by
/// a pointer, user space by a descriptor; both are numbers here, and no
/// descriptor is as large as an address.
class OwnerStorage : public Map {
public:
  OwnerStorage(const MapDef &Def, Memory &Mem) : Map(Def, Mem) {}

  /// The value of \p Owner, 0 if there is none and \p Initial is null. A new
  /// value is a copy of \p Initial.
  uint64_t get(uint64_t Owner, const uint8_t *Initial);
  /// 0 or -ENOENT.
  int erase(uint64_t Owner);

  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override;
  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned Cpu) override;
  int erase(const uint8_t *Key) override;
  int nextKey(const uint8_t *Key, uint8_t *Next) override;
  std::vector<uint8_t> valueForUser(const uint8_t *Key) override;

private:
  uint64_t find(uint64_t Owner) const;
  uint64_t make(uint64_t Owner, const uint8_t *Initial);

  std::map<uint64_t, uint64_t> Elements; ///< addresses of values by owner
};

/// The value of the cgroup that a program is attached to. It exists from the
/// first time that the program asks for it. There is one cgroup, the key of
/// which is all zeros.
class AttachedStorage : public Map {
public:
  AttachedStorage(const MapDef &Def, Memory &Mem, bool PerCpu)
      : Map(Def, Mem), PerCpu(PerCpu), Values(PerCpu ? Def.Cpus : 1) {}

  /// The value for \p Cpu; 0 if there is no memory left.
  uint64_t get(unsigned Cpu);

  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override;
  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned Cpu) override;
  int nextKey(const uint8_t *Key, uint8_t *Next) override;
  std::vector<uint8_t> valueForUser(const uint8_t *Key) override;

private:
  unsigned slot(unsigned Cpu) const { return Cpu % unsigned(Values.size()); }
  bool isThere(const uint8_t *Key) const;

  bool PerCpu;
  std::vector<uint64_t> Values; ///< their addresses, by processor if PerCpu
};

} // namespace bpfcc

#endif

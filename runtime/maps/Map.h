#ifndef BPFCC_RUNTIME_MAPS_MAP_H
#define BPFCC_RUNTIME_MAPS_MAP_H

#include "runtime/memory/Memory.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace bpfcc {

constexpr unsigned NumCpus = 4; ///< of a machine that nothing is said about

/// What an object says about a map; sizes in bytes.
struct MapDef {
  std::string Name;
  uint32_t Type = 0; ///< enum bpf_map_type
  uint32_t KeySize = 0;
  uint32_t ValueSize = 0;
  uint32_t MaxEntries = 0;
  uint32_t Flags = 0;   ///< BPF_F_*
  uint64_t Extra = 0;   ///< map_extra
  uint32_t KeyType = 0; ///< BTF type ids, 0 if unknown
  uint32_t ValueType = 0;
  bool HasSpinLock = false; ///< the value has a struct bpf_spin_lock
  unsigned Cpus = NumCpus;  ///< of the machine, no matter of the object
};

/// Guest addresses that stand for maps: no memory lies there.
constexpr uint64_t MapBase = 0x4000000000000000;
inline uint64_t mapAddress(uint32_t Index) { return MapBase + Index * 4096ull; }

/// A map of a running program. Keys and values are bytes in the guest's order;
/// what the kernel numbers by native integers (array indexes, prefix lengths)
/// is in the guest's byte order too. Results below 0 are negative errno values
/// as the kernel's map of that type gives them.
///
/// Each value is a memory region of its own, so that running over its end is
/// seen. A deleted element stays readable until reclaim(), as RCU keeps it in
/// the kernel.
class Map {
public:
  Map(MapDef Def, Memory &Mem);
  virtual ~Map();

  const MapDef &def() const { return Def; }

  /// The guest address of the value for \p Key as \p Cpu sees it; 0 for none.
  /// Of a map of maps: the address that stands for the inner map.
  virtual uint64_t lookup(const uint8_t *Key, unsigned Cpu);

  /// Per-CPU maps: sets the value of \p Cpu; a new element is 0 on all others.
  /// Prog arrays hold program numbers, maps of maps hold map numbers, both
  /// 4 bytes.
  virtual int update(const uint8_t *Key, const uint8_t *Value, uint64_t Flags,
                     unsigned Cpu);
  virtual int erase(const uint8_t *Key);

  /// Puts the key after \p Key (null, or a key that is not there: the first)
  /// into \p Next. -ENOENT at the end. The order is stable while the map does
  /// not change.
  virtual int nextKey(const uint8_t *Key, uint8_t *Next);

  /// queue and stack maps, bloom filter. Pop and peek zero \p Value if there
  /// is none; peek of a bloom filter reads it.
  virtual int push(const uint8_t *Value, uint64_t Flags);
  virtual int pop(uint8_t *Value);
  virtual int peek(uint8_t *Value);

  /// The host bytes of a value as user space sees it: for per-CPU maps the
  /// values of all CPUs one after the other, each rounded up to 8 bytes.
  /// Empty if there is none.
  virtual std::vector<uint8_t> valueForUser(const uint8_t *Key);

  /// The guest addresses of an array's elements, 0 for those that have no
  /// memory before lookup() asks for it; nothing for other maps and for large
  /// or per-CPU arrays. Stays where it is.
  virtual llvm::ArrayRef<uint64_t> elementAddresses() const { return {}; }

  /// Frees deleted elements. To be called while no program runs.
  void reclaim() {
    if (!Retired.empty())
      removeRetired();
  }

protected:
  /// The bytes of an element, visible to the guest.
  struct Value {
    uint8_t *Bytes = nullptr;
    uint64_t Guest = 0;
    explicit operator bool() const { return Guest != 0; }
  };
  /// A new value of \p Size zero bytes; null if there is no memory left.
  Value allocate(uint32_t Size);
  /// Whether an update may have the flags \p Flags. BPF_F_LOCK needs a spin
  /// lock in the value, which only BTF can tell of.
  bool allowsUpdate(uint64_t Flags) const;
  /// Lets \p V live until reclaim().
  void retire(Value V);

  MapDef Def;
  Memory &Mem;

private:
  void removeRetired();

  std::vector<Value> Retired;
};

/// Makes a map after \p Def, with the checks that the kernel makes in
/// map_alloc. Error: BadMap, which names the map and the rule.
llvm::Expected<std::unique_ptr<Map>> createMap(const MapDef &Def, Memory &Mem);

} // namespace bpfcc

#endif

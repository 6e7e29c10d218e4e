#ifndef BPFCC_RUNTIME_MAPS_MAP_H
#define BPFCC_RUNTIME_MAPS_MAP_H

#include "backend/btf/SpecialFields.h"
#include "runtime/memory/Memory.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
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
  /// Of the value, by offset: updates leave these as they are, and who reads
  /// the value finds zeroes there.
  std::vector<SpecialField> Special = {};
  unsigned Cpus = NumCpus; ///< of the machine, no matter of the object

  /// The first field of kind \p K; null if there is none.
  const SpecialField *special(SpecialField::Kind K) const {
    for (const SpecialField &F : Special)
      if (F.What == K)
        return &F;
    return nullptr;
  }
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
///
/// Any number of threads may call any of this at once, but lookup() only
/// between Grace::enter() and leave(): what it gives stays there until then.
/// Lookups in arrays, hashes and tries never wait. What programs write to a
/// value is not ordered with what others read from it, as in the kernel: that
/// takes a spin lock or atomic operations; but numbers of 8 bytes or less are
/// copied whole.
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

  /// The same, which may leave elements out that are zero since nobody asked
  /// for them; and how many of those there are.
  virtual int nextTouched(const uint8_t *Key, uint8_t *Next) {
    return nextKey(Key, Next);
  }
  virtual uint64_t untouched() const { return 0; }

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
  /// memory before lookup() asks for it; of a per-CPU array, each element's on
  /// all processors before the next one's. Nothing for other maps and for large
  /// arrays. Stays where it is.
  virtual llvm::ArrayRef<uint64_t> elementAddresses() const { return {}; }

  /// Maps whose values have a timer: a number of the value at \p Guest that no
  /// other value of the map ever has, nor this one once it is replaced; 0 if
  /// there is none.
  virtual uint64_t serialOf(uint64_t Guest) const;
  /// And its key; empty if there is none.
  virtual std::vector<uint8_t> keyOf(uint64_t Guest) const;

  /// Frees deleted elements that no program that runs can have.
  void reclaim() { Mem.grace().collect(); }

protected:
  /// The guest address of a new value of \p Size zero bytes; 0 if there is no
  /// memory left.
  uint64_t allocate(uint32_t Size);
  /// Whether an update may have the flags \p Flags. BPF_F_LOCK needs a spin
  /// lock in the value, which only BTF can tell of.
  bool allowsUpdate(uint64_t Flags) const;
  /// Makes \p Bytes the value at \p Guest; under its spin lock, if \p Flags ask
  /// for that. 0, or -ETIMEDOUT if a program has damaged the lock.
  int write(uint64_t Guest, const uint8_t *Bytes, uint64_t Flags = 0);
  /// Copies the value at \p Guest to \p Bytes.
  void read(uint64_t Guest, uint8_t *Bytes) const;
  /// Notes that the value at \p Guest is that of \p Key from now on, or that it
  /// is replaced: what its timer was is no more.
  void name(uint64_t Guest, const uint8_t *Key);
  /// Lets the value at \p Guest, which nobody can find any more, live until
  /// reclaim().
  void retire(uint64_t Guest);

  MapDef Def;
  Memory &Mem;
  mutable std::mutex Lock; ///< of who changes the map

private:
  void copy(uint8_t *To, const uint8_t *From) const;

  struct Named {
    std::vector<uint8_t> Key;
    uint64_t Serial;
  };
  mutable std::mutex NamesLock;
  std::unordered_map<uint64_t, Named>
      Names; ///< by address, if there are timers
  uint64_t NumSerials = 0;
};

/// Makes a map after \p Def, with the checks that the kernel makes in
/// map_alloc. Error: BadMap, which names the map and the rule.
llvm::Expected<std::unique_ptr<Map>> createMap(const MapDef &Def, Memory &Mem);

} // namespace bpfcc

#endif

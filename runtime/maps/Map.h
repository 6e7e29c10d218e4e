#ifndef BPFCC_RUNTIME_MAPS_MAP_H
#define BPFCC_RUNTIME_MAPS_MAP_H

#include "runtime/memory/Memory.h"

#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace bpfcc {

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
};

/// A map of a running program. Keys and values are bytes in the guest's order;
/// what the kernel numbers by native integers (array indexes, prefix lengths)
/// is in the guest's byte order too. Results below 0 are negative errno values
/// as the kernel's map of that type gives them.
class Map {
public:
  explicit Map(MapDef Def, Memory &Mem) : Def(std::move(Def)), Mem(Mem) {}
  virtual ~Map();

  const MapDef &def() const { return Def; }

  /// The guest address of the value for \p Key as \p Cpu sees it; 0 for none.
  virtual uint64_t lookup(const uint8_t *Key, unsigned Cpu);
  virtual int update(const uint8_t *Key, const uint8_t *Value, uint64_t Flags,
                     unsigned Cpu);
  virtual int erase(const uint8_t *Key);

  /// Puts the key after \p Key (null: the first) into \p Next. -ENOENT at the
  /// end. The order is stable while the map does not change.
  virtual int nextKey(const uint8_t *Key, uint8_t *Next);

  /// queue and stack maps, bloom filter.
  virtual int push(const uint8_t *Value, uint64_t Flags);
  virtual int pop(uint8_t *Value);
  virtual int peek(uint8_t *Value);

  /// The host bytes of a value as user space sees it: for per-CPU maps the
  /// values of all CPUs one after the other, each rounded up to 8 bytes.
  /// Empty if there is none.
  virtual std::vector<uint8_t> valueForUser(const uint8_t *Key);

protected:
  MapDef Def;
  Memory &Mem;
};

constexpr unsigned NumCpus = 4; ///< what per-CPU maps are made for

/// Makes a map after \p Def, with the checks that the kernel makes in
/// map_alloc. Error: BadMap, which names the map and the rule.
llvm::Expected<std::unique_ptr<Map>> createMap(const MapDef &Def, Memory &Mem);

} // namespace bpfcc

#endif

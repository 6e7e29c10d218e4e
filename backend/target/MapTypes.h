#ifndef BPFCC_BACKEND_TARGET_MAPTYPES_H
#define BPFCC_BACKEND_TARGET_MAPTYPES_H

#include "backend/target/KernelVersion.h"

namespace bpfcc::target {

/// The numbers of enum bpf_map_type.
enum class MapType : uint8_t {
  Unspec = 0,
#define MAP_TYPE(Name, Number, KernelName, Major, Minor, Key, Value, Entries)  \
  Name = Number,
#include "backend/target/map_types.def"
};

/// Which sizes (of key or value) or numbers of entries a map type takes; see
/// map_types.def.
enum class MapRule : uint8_t { Any, Some, Zero, U32, U32OrU64, Lpm, Pages };

struct MapTypeInfo {
  MapType Type;
  const char *KernelName; ///< without BPF_MAP_TYPE_
  KernelVersion Since;
  MapRule Key, Value, Entries;
};

/// Null if Linux 6.12 has no such type.
const MapTypeInfo *mapTypeInfo(unsigned Number);

/// Whether a map of type \p Number holds a value for each processor.
bool isPerCpu(unsigned Number);

/// Whether helper \p Name (`bpf_map_lookup_elem`) takes maps of type \p Number
/// (map_helpers.def).
bool takesHelper(unsigned Number, llvm::StringRef Name);

/// The kernel's struct of such a map (map_structs.def); empty if programs may
/// not read it.
llvm::StringRef mapStruct(unsigned Number);

/// Whether a size in bytes, or a number of entries, is what \p R asks for.
bool fitsRule(MapRule R, uint32_t N);

} // namespace bpfcc::target

#endif

#include "backend/target/MapTypes.h"

#include "llvm/Support/MathExtras.h"

#include <iterator>

using namespace llvm;

namespace bpfcc::target {

static constexpr MapTypeInfo Types[] = {
#define MAP_TYPE(Name, Number, KernelName, Major, Minor, Key, Value, Entries)  \
  {MapType::Name, #KernelName,    {Major, Minor},                              \
   MapRule::Key,  MapRule::Value, MapRule::Entries},
#include "backend/target/map_types.def"
};

const MapTypeInfo *mapTypeInfo(unsigned Number) {
  return Number - 1 < std::size(Types) ? &Types[Number - 1] : nullptr;
}

bool isPerCpu(unsigned Number) {
  switch (MapType(Number)) {
  case MapType::PerCpuHash:
  case MapType::PerCpuArray:
  case MapType::LruPerCpuHash:
  case MapType::PerCpuCgroupStorage:
    return true;
  default:
    return false;
  }
}

bool takesHelper(unsigned Number, StringRef Name) {
  static constexpr struct {
    MapType Type;
    StringLiteral Helper;
  } Rows[] = {
#define MAP_HELPER(Type, Helper) {MapType::Type, "bpf_" #Helper},
#include "backend/target/map_helpers.def"
  };
  bool OfType = false, OfHelper = false;
  for (const auto &R : Rows) {
    bool Type = R.Type == MapType(Number), Helper = R.Helper == Name;
    if (Type && Helper)
      return true;
    OfType |= Type;
    OfHelper |= Helper;
  }
  bool IsGeneral = Name == "bpf_map_lookup_elem" ||
                   Name == "bpf_map_update_elem" ||
                   Name == "bpf_map_delete_elem";
  return !OfType && (!OfHelper || IsGeneral);
}

StringRef mapStruct(unsigned Number) {
  switch (MapType(Number)) {
#define MAP_STRUCT(Type, Struct)                                               \
  case MapType::Type:                                                          \
    return #Struct;
#include "backend/target/map_structs.def"
  default:
    return {};
  }
}

bool fitsRule(MapRule R, uint32_t N) {
  switch (R) {
  case MapRule::Any:
    return true;
  case MapRule::Some:
    return N != 0;
  case MapRule::Zero:
    return N == 0;
  case MapRule::U32:
    return N == 4;
  case MapRule::U32OrU64:
    return N == 4 || N == 8;
  case MapRule::Lpm:
    return N >= 5 && N <= 4 + 256;
  case MapRule::Pages:
    return isPowerOf2_32(N) && N >= 4096;
  }
  return false;
}

} // namespace bpfcc::target

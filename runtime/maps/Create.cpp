#include "runtime/maps/Arena.h"
#include "runtime/maps/Kinds.h"
#include "runtime/maps/RingBuf.h"
#include "runtime/maps/Storage.h"

#include "backend/target/MapTypes.h"
#include "support/Diagnostic.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;
using bpfcc::target::MapRule;
using bpfcc::target::MapType;

namespace bpfcc {

/// Largest value of a per-CPU map, and largest key plus value of a hash.
constexpr uint32_t MaxPerCpuValue = 32768;
constexpr uint64_t MaxElement = (4 << 20) - 512;

static const char *describe(MapRule R) {
  switch (R) {
  case MapRule::Any:
    return "anything";
  case MapRule::Some:
    return "more than 0";
  case MapRule::Zero:
    return "0";
  case MapRule::U32:
    return "4";
  case MapRule::U32OrU64:
    return "4 or 8";
  case MapRule::Lpm:
    return "5 to 260";
  case MapRule::Pages:
    return "a power of two and at least 4096";
  }
  return "";
}

/// The flags that the kernel takes for each type.
static uint32_t allowedFlags(MapType T) {
  using namespace mapflags;
  switch (T) {
  case MapType::Array:
    return NumaNode | Access | Mmapable | PreserveElems | InnerMap;
  case MapType::PerCpuArray:
    return Access | PreserveElems | InnerMap;
  case MapType::Hash:
  case MapType::PerCpuHash:
  case MapType::HashOfMaps:
    return NoPrealloc | NumaNode | Access | ZeroSeed;
  case MapType::LruHash:
  case MapType::LruPerCpuHash:
    return NoCommonLru | NumaNode | Access | ZeroSeed;
  case MapType::LpmTrie:
    return NoPrealloc | NumaNode | Access;
  case MapType::Queue:
  case MapType::Stack:
    return NumaNode | Access;
  case MapType::BloomFilter:
    return NumaNode | Access | ZeroSeed;
  case MapType::RingBuf:
  case MapType::UserRingBuf:
  case MapType::CpuMap:
  case MapType::XskMap:
    return NumaNode;
  case MapType::ProgArray:
  case MapType::PerfEventArray:
  case MapType::CgroupArray:
  case MapType::ArrayOfMaps:
    return NumaNode | ReadOnly | WriteOnly | PreserveElems | Mmapable |
           InnerMap;
  case MapType::DevMap:
  case MapType::DevMapHash:
    return NumaNode | Access;
  case MapType::SockMap:
  case MapType::SockHash:
    return NumaNode | ReadOnly | WriteOnly | ReadOnlyProg | WriteOnlyProg;
  default:
    return ~0u;
  }
}

/// What is wrong with \p Def by the kernel's rules; empty if nothing is.
static std::string check(const MapDef &Def, const target::MapTypeInfo &Info) {
  auto Wants = [&](const char *What, MapRule R, uint32_t N) {
    return formatv("{0} must be {1}, not {2}", What, describe(R), N).str();
  };
  if (!target::fitsRule(Info.Key, Def.KeySize))
    return Wants("key_size", Info.Key, Def.KeySize);
  if (!target::fitsRule(Info.Value, Def.ValueSize))
    return Wants("value_size", Info.Value, Def.ValueSize);
  if (!target::fitsRule(Info.Entries, Def.MaxEntries))
    return Wants("max_entries", Info.Entries, Def.MaxEntries);
  if (uint32_t Bad = Def.Flags & ~allowedFlags(Info.Type))
    return formatv("map_flags {0:x} mean nothing to this type", Bad);
  uint32_t Both = mapflags::ReadOnlyProg | mapflags::WriteOnlyProg;
  if ((Def.Flags & Both) == Both)
    return "map_flags make it both read-only and write-only for programs";
  if (Info.Type == MapType::LpmTrie && !(Def.Flags & mapflags::NoPrealloc))
    return "map_flags must have BPF_F_NO_PREALLOC";
  if (Info.Type == MapType::BloomFilter && Def.Extra > 15)
    return "map_extra must be at most 15, the number of hashes";
  switch (Info.Type) {
  case MapType::Arena:
    if (!(Def.Flags & mapflags::Mmapable))
      return "map_flags must have BPF_F_MMAPABLE";
    if (Def.MaxEntries > Arena::MaxPages)
      return formatv("max_entries {0} is more than the {1} pages of 4 GiB",
                     Def.MaxEntries, Arena::MaxPages);
    break;
  case MapType::PerCpuArray:
  case MapType::PerCpuHash:
  case MapType::LruPerCpuHash:
    if (Def.ValueSize > MaxPerCpuValue)
      return formatv("value_size {0} is more than a CPU's {1} bytes",
                     Def.ValueSize, MaxPerCpuValue);
    break;
  case MapType::Hash:
  case MapType::LruHash:
  case MapType::LpmTrie:
  case MapType::Queue:
  case MapType::Stack:
    if (uint64_t(Def.KeySize) + Def.ValueSize > MaxElement)
      return formatv("an element of {0} bytes is larger than {1}",
                     uint64_t(Def.KeySize) + Def.ValueSize, MaxElement);
    break;
  default:
    break;
  }
  uint64_t Next = 0;
  for (const SpecialField &F : Def.Special) {
    if (F.Offset < Next || F.Offset % 4)
      return formatv("its value has a field of the kernel's own at offset {0}, "
                     "which is misaligned or inside another",
                     F.Offset);
    Next = uint64_t(F.Offset) + F.Size;
  }
  if (Next > Def.ValueSize)
    return formatv("a field of {0} bytes does not fit into its values",
                   Def.Special.back().Size);
  if (Def.ValueSize > INT32_MAX)
    return formatv("value_size {0} is too large", Def.ValueSize);
  return {};
}

Expected<std::unique_ptr<Map>> createMap(const MapDef &Def, Memory &Mem) {
  const target::MapTypeInfo *Info = target::mapTypeInfo(Def.Type);
  if (!Info)
    return diagError(DiagCode::BadMap, {}, Def.Name,
                     formatv("no map type has number {0}", Def.Type).str());
  if (std::string Why = check(Def, *Info); !Why.empty())
    return diagError(DiagCode::BadMap, {}, Def.Name, Why);
  switch (Info->Type) {
  case MapType::Array:
  case MapType::PerCpuArray:
    if (SaturatingMultiply<uint64_t>(Def.MaxEntries, Def.ValueSize) >
        Mem.size())
      return diagError(DiagCode::BadMap, {}, Def.Name,
                       formatv("{0} elements of {1} bytes are more than the "
                               "memory of programs",
                               Def.MaxEntries, Def.ValueSize)
                           .str());
    return makeArray(Def, Mem, Info->Type == MapType::PerCpuArray);
  case MapType::StackTrace:
    return makeStackTrace(Def, Mem);
  case MapType::Hash:
    return makeHash(Def, Mem, false, false);
  case MapType::PerCpuHash:
    return makeHash(Def, Mem, true, false);
  case MapType::LruHash:
    return makeHash(Def, Mem, false, true);
  case MapType::LruPerCpuHash:
    return makeHash(Def, Mem, true, true);
  case MapType::LpmTrie:
    return makeLpmTrie(Def, Mem);
  case MapType::Queue:
  case MapType::Stack:
    return makeQueue(Def, Mem, Info->Type == MapType::Stack);
  case MapType::BloomFilter:
    return makeBloomFilter(Def, Mem);
  case MapType::RingBuf:
    return std::make_unique<RingBuf>(Def, Mem);
  case MapType::HashOfMaps:
  case MapType::DevMapHash:
  case MapType::SockHash:
    return makeReferenceHash(Def, Mem);
  case MapType::ProgArray:
  case MapType::PerfEventArray:
  case MapType::CgroupArray:
  case MapType::ArrayOfMaps:
  case MapType::DevMap:
  case MapType::SockMap:
  case MapType::CpuMap:
  case MapType::XskMap:
  case MapType::ReuseportSockArray:
    return makeReferenceArray(Def, Mem);
  case MapType::SkStorage:
  case MapType::InodeStorage:
  case MapType::TaskStorage:
  case MapType::CgrpStorage:
    return std::make_unique<OwnerStorage>(Def, Mem);
  case MapType::CgroupStorage:
  case MapType::PerCpuCgroupStorage:
    return std::make_unique<AttachedStorage>(
        Def, Mem, Info->Type == MapType::PerCpuCgroupStorage);
  case MapType::UserRingBuf:
    return std::make_unique<UserRingBuf>(Def, Mem);
  case MapType::Arena: {
    auto A = std::make_unique<Arena>(Def, Mem);
    if (!A->base())
      return diagError(DiagCode::BadMap, {}, Def.Name,
                       "the memory of programs has no 4 GiB left for it");
    return A;
  }
  default: // struct_ops, which the kernel calls
    return std::make_unique<Map>(Def, Mem);
  }
}

} // namespace bpfcc

// Maps as user space sees them: what the system calls of bpf(2) do, not what
// programs do by helpers.

#include "backend/target/MapTypes.h"
#include "runtime/api/Handles.h"
#include "support/Diagnostic.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace bpfcc;
using namespace bpfcc::api;
using target::MapType;

bpfcc_map_info api::describe(const MapDef &Def) {
  bpfcc_map_info Info{};
  Info.name = Def.Name.c_str();
  Info.type = Def.Type;
  const target::MapTypeInfo *Type = target::mapTypeInfo(Def.Type);
  Info.type_name = Type ? Type->KernelName : "?";
  Info.key_size = Def.KeySize;
  Info.value_size = Def.ValueSize;
  Info.max_entries = Def.MaxEntries;
  Info.flags = Def.Flags;
  Info.num_values = 1;
  return Info;
}

static Map &mapOf(const bpfcc_map &M) { return *M.Of->World->Maps[M.Number]; }

/// How many bytes a value has for user space, and how far apart the values of
/// processors are.
static uint32_t stride(const MapDef &Def) {
  return target::isPerCpu(Def.Type) ? uint32_t(alignTo(Def.ValueSize, 8))
                                    : Def.ValueSize;
}
static unsigned numValues(const MapDef &Def) {
  return target::isPerCpu(Def.Type) ? Def.Cpus : 1;
}
static size_t userSize(const MapDef &Def) {
  return size_t(stride(Def)) * numValues(Def);
}

/// Queue, stack and bloom filter.
static bool hasNoKeys(const MapDef &Def) {
  switch (MapType(Def.Type)) {
  case MapType::Queue:
  case MapType::Stack:
  case MapType::BloomFilter:
    return true;
  default:
    return false;
  }
}

/// Whether elements are bytes that user space may read or write.
static bool hasValues(const MapDef &Def) {
  switch (MapType(Def.Type)) {
  case MapType::ProgArray:
  case MapType::PerfEventArray:
  case MapType::ArrayOfMaps:
  case MapType::HashOfMaps:
  case MapType::RingBuf:
  case MapType::UserRingBuf:
  case MapType::StructOps:
  case MapType::Arena:
    return false;
  default:
    return true;
  }
}

namespace {
/// One operation on a map, which fails by its name.
struct Operation {
  bpfcc_map &M;
  const char *Name;
  bpfcc_error **Err;
  Map &In = mapOf(M);
  const MapDef &Def = In.def();

  int fail(int Errno) const {
    if (!Err)
      return Errno;
    return api::fail(Err, Errno,
                     Twine(Name) + " in map `" + Def.Name +
                         "`: " + strerror(-Errno));
  }
  int failSize(const char *What, size_t Given, size_t Right) const {
    return api::fail(Err, -EINVAL,
                     "map `" + Twine(Def.Name) + "` has " + What + " of " +
                         Twine(Right) + " bytes, not " + Twine(Given));
  }
  /// Errors stay as they are; elements that were dropped are freed where no
  /// program can have a pointer to them.
  int done(int Result) const {
    if (!M.Of->Running)
      In.reclaim();
    return Result ? fail(Result) : 0;
  }

  int checkKey(const void *Key, size_t Size) const {
    if (Size != Def.KeySize)
      return failSize("keys", Size, Def.KeySize);
    return Size && !Key ? fail(-EINVAL) : 0;
  }
  int checkValue(const void *Value, size_t Size) const {
    if (!hasValues(Def))
      return fail(-EOPNOTSUPP);
    if (Size != userSize(Def))
      return failSize("values", Size, userSize(Def));
    return Value ? 0 : fail(-EINVAL);
  }
};
} // namespace

static const uint8_t *bytes(const void *P) {
  return static_cast<const uint8_t *>(P);
}

bpfcc_map *bpfcc_find_map(bpfcc_instance *I, const char *Name,
                          bpfcc_error **Err) {
  auto Number = requireMap(*I->Prog, Name);
  if (Number)
    return &I->Maps[*Number];
  fail(Err, -ENOENT, Number.takeError());
  return nullptr;
}

int bpfcc_map_info_of(const bpfcc_map *M, bpfcc_map_info *Info) {
  if (Info->size < sizeof(size_t))
    return -EINVAL;
  const MapDef &Def = mapOf(*M).def();
  bpfcc_map_info Out = describe(Def);
  Out.user_size = hasValues(Def) ? userSize(Def) : 0;
  Out.num_values = numValues(Def);
  give(Info, Out);
  return 0;
}

int bpfcc_map_lookup(bpfcc_map *M, const void *Key, size_t KeySize, void *Value,
                     size_t ValueSize, bpfcc_error **Err) {
  Operation Op{*M, "lookup", Err};
  if (int Bad = Op.checkKey(Key, KeySize))
    return Bad;
  if (int Bad = Op.checkValue(Value, ValueSize))
    return Bad;
  if (hasNoKeys(Op.Def))
    return Op.done(Op.In.peek(static_cast<uint8_t *>(Value)));
  std::vector<uint8_t> Found = Op.In.valueForUser(bytes(Key));
  if (Found.empty())
    return Op.fail(-ENOENT);
  memcpy(Value, Found.data(), std::min(Found.size(), ValueSize));
  return 0;
}

int bpfcc_map_update(bpfcc_map *M, const void *Key, size_t KeySize,
                     const void *Value, size_t ValueSize, uint64_t Flags,
                     bpfcc_error **Err) {
  Operation Op{*M, "update", Err};
  if (int Bad = Op.checkKey(Key, KeySize))
    return Bad;
  if (int Bad = Op.checkValue(Value, ValueSize))
    return Bad;
  if (hasNoKeys(Op.Def))
    return Op.done(Op.In.push(bytes(Value), Flags));
  for (unsigned Cpu = 0; Cpu != numValues(Op.Def); ++Cpu) {
    const uint8_t *One = bytes(Value) + size_t(stride(Op.Def)) * Cpu;
    if (int Result = Op.In.update(bytes(Key), One, Flags, Cpu))
      return Op.done(Result);
    Flags = 0; // now it exists
  }
  return Op.done(0);
}

int bpfcc_map_delete(bpfcc_map *M, const void *Key, size_t KeySize,
                     bpfcc_error **Err) {
  Operation Op{*M, "delete", Err};
  if (int Bad = Op.checkKey(Key, KeySize))
    return Bad;
  return Op.done(hasNoKeys(Op.Def) ? -EOPNOTSUPP : Op.In.erase(bytes(Key)));
}

int bpfcc_map_take(bpfcc_map *M, const void *Key, size_t KeySize, void *Value,
                   size_t ValueSize, bpfcc_error **Err) {
  Operation Op{*M, "take", Err};
  if (MapType(Op.Def.Type) == MapType::Queue ||
      MapType(Op.Def.Type) == MapType::Stack) {
    if (int Bad = Op.checkKey(Key, KeySize))
      return Bad;
    if (int Bad = Op.checkValue(Value, ValueSize))
      return Bad;
    return Op.done(Op.In.pop(static_cast<uint8_t *>(Value)));
  }
  if (int Bad = bpfcc_map_lookup(M, Key, KeySize, Value, ValueSize, Err))
    return Bad;
  return bpfcc_map_delete(M, Key, KeySize, Err);
}

int bpfcc_map_next_key(bpfcc_map *M, const void *Key, void *Next,
                       size_t KeySize, bpfcc_error **Err) {
  Operation Op{*M, "next key", Err};
  if (int Bad = Op.checkKey(Next, KeySize))
    return Bad;
  if (!KeySize)
    return Op.fail(-EOPNOTSUPP);
  return Op.done(Op.In.nextKey(bytes(Key), static_cast<uint8_t *>(Next)));
}

int bpfcc_map_set_program(bpfcc_map *M, uint32_t Index, const bpfcc_program *P,
                          bpfcc_error **Err) {
  Operation Op{*M, "set program", Err};
  if (MapType(Op.Def.Type) != MapType::ProgArray ||
      P->Of->World != M->Of->World)
    return Op.fail(-EINVAL);
  uint8_t Key[4], Value[4];
  Memory &Mem = M->Of->World->Mem;
  Mem.store(Key, 4, Index);
  Mem.store(Value, 4, P->Number + 1);
  return Op.done(Op.In.update(Key, Value, 0, 0));
}

void *bpfcc_find_variable(bpfcc_instance *I, const char *Name, size_t *Size,
                          bpfcc_error **Err) {
  for (const Program::Variable &V : I->Prog->Variables) {
    if (V.Name != Name)
      continue;
    const uint8_t Key[4] = {};
    if (Size)
      *Size = V.Size;
    return I->World->Mem.host(I->World->Maps[V.Map]->lookup(Key, 0) + V.Offset);
  }
  fail(Err, -ENOENT, "there is no variable `" + Twine(Name) + "`");
  return nullptr;
}

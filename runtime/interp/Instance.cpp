#include "runtime/interp/Instance.h"

#include "backend/btf/BtfFile.h"
#include "backend/target/MapTypes.h"
#include "runtime/interp/Interp.h"
#include "runtime/maps/Arena.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc {

namespace {
constexpr uint32_t PerfEventArrayType = 4;
constexpr uint32_t RingBufType = 27;
constexpr uint32_t PageSize = 4096;
} // namespace

static MapDef corrected(MapDef Def, unsigned Cpus) {
  Def.Cpus = Cpus;
  if (Def.Type == PerfEventArrayType) {
    if (!Def.MaxEntries)
      Def.MaxEntries = Cpus;
    // The values are descriptors of user space.
    if (!Def.KeySize)
      Def.KeySize = 4;
    if (!Def.ValueSize)
      Def.ValueSize = 4;
  }
  if (Def.Type == RingBufType && Def.MaxEntries && Def.MaxEntries <= 1u << 31)
    Def.MaxEntries =
        std::max<uint32_t>(PageSize, uint32_t(PowerOf2Ceil(Def.MaxEntries)));
  return Def;
}

static int setInitial(Instance &I, const Program::InitialValue &V) {
  Map &M = *I.Maps[V.Map];
  if (target::MapType(M.def().Type) != target::MapType::Arena)
    return M.update(V.Key.data(), V.Value.data(), 0, 0);
  return static_cast<Arena &>(M).place(V.Value) ? 0 : -E2BIG;
}

static Error setSlot(Instance &I, const Program &P, const Program::Slot &S) {
  uint8_t Key[4], Value[4];
  I.Mem.store(Key, 4, S.Index);
  I.Mem.store(Value, 4, S.IsProg ? S.Target + 1 : S.Target);
  if (int Result = I.Maps[S.Map]->update(Key, Value, 0, 0))
    return diagError(DiagCode::RunError, {},
                     "initial value " + Twine(S.Index).str() + " of map `" +
                         P.Maps[S.Map].Name + "`: " + strerror(-Result));
  return Error::success();
}

/// Writes the address that a data section holds. The section is a map with
/// one element; programs may find it read-only, its maker does not.
static Error setPointer(Instance &I, const Program &P,
                        const Program::DataPointer &D) {
  uint8_t Key[4] = {};
  uint64_t Address = 0;
  switch (D.What) {
  case Program::DataPointer::Value:
    Address = I.Maps[D.Target]->lookup(Key, 0);
    break;
  case Program::DataPointer::MapItself:
    Address = mapAddress(D.Target);
    break;
  case Program::DataPointer::Func:
    Address = functionAddress(D.Target);
    break;
  }
  uint64_t Guest = I.Maps[D.Map]->lookup(Key, 0) + D.Offset;
  uint8_t *Host = I.Mem.at(Guest, D.Size, /*Write=*/false);
  if (!Host || !Address)
    return diagError(DiagCode::Internal, {},
                     "data section `" + P.Maps[D.Map].Name + "` has no value");
  I.Mem.store(Host, D.Size, Address + D.Addend);
  return Error::success();
}

/// Lets programs make objects of their types, if they can.
static Error setTypes(Environment &Env, const Program &P) {
  if (!is_contained(P.Externs, "bpf_obj_new_impl"))
    return Error::success();
  auto Btf = readBtf(P.Btf, {}, P.BigEndian);
  if (!Btf)
    return Btf.takeError();
  std::vector<uint64_t> Sizes;
  for (uint32_t Id = 0; Id != Btf->Types.size(); ++Id)
    Sizes.push_back(Btf->sizeOf(Id));
  Env.TypeSize = [Sizes = std::move(Sizes)](uint32_t Id) {
    return Id < Sizes.size() ? Sizes[Id] : 0;
  };
  return Error::success();
}

Expected<std::unique_ptr<Instance>> instantiate(const Program &P, unsigned Cpus,
                                                uint64_t MemorySize) {
  auto I = std::make_unique<Instance>(P.BigEndian, MemorySize);
  if (!I->Mem.size())
    return diagError(DiagCode::NoMemory, {},
                     "the process has no address space for that of a program");
  I->Env.Cpus = Cpus;
  if (Error E = setTypes(I->Env, P))
    return std::move(E);
  for (const MapDef &Def : P.Maps) {
    auto M = createMap(corrected(Def, Cpus), I->Mem);
    if (!M)
      return M.takeError();
    I->Maps.push_back(std::move(*M));
  }
  for (const Program::InitialValue &V : P.Initial)
    if (int Result = setInitial(*I, V))
      return diagError(DiagCode::RunError, {},
                       "initial value of map `" + P.Maps[V.Map].Name +
                           "`: " + strerror(-Result));
  for (const Program::DataPointer &D : P.DataPointers)
    if (Error E = setPointer(*I, P, D))
      return std::move(E);
  for (const Program::Slot &S : P.SlotValues)
    if (Error E = setSlot(*I, P, S))
      return std::move(E);
  return I;
}

uint32_t findMap(const Program &P, StringRef Name) {
  for (uint32_t N = 0; N != P.Maps.size(); ++N)
    if (P.Maps[N].Name == Name)
      return N;
  return ~0u;
}

Expected<uint32_t> requireMap(const Program &P, StringRef Name) {
  uint32_t Number = findMap(P, Name);
  if (Number != ~0u)
    return Number;
  std::string Names;
  for (const MapDef &D : P.Maps)
    Names += (Names.empty() ? "`" : ", `") + D.Name + "`";
  return diagError(DiagCode::RunError, {},
                   "there is no map `" + Name.str() + "`" +
                       (Names.empty() ? "" : "; there are " + Names));
}

std::string programNames(const Program &P) {
  std::string Names;
  for (const Subprog &S : P.Subprogs)
    if (S.IsProgram)
      Names += (Names.empty() ? "`" : ", `") + S.Name + "`";
  return Names;
}

uint32_t findSubprog(const Program &P, StringRef Name) {
  for (uint32_t N = 0; N != P.Subprogs.size(); ++N)
    if (P.Subprogs[N].Name == Name)
      return N;
  return ~0u;
}

} // namespace bpfcc

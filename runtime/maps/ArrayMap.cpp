// Array and per-CPU array. Elements exist from the start, but each gets its
// memory when it is first asked for: most of a large array is never touched.

#include "runtime/maps/Kinds.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/MathExtras.h"

#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

class ArrayMap : public Map {
public:
  ArrayMap(const MapDef &Def, Memory &Mem, bool PerCpu)
      : Map(Def, Mem), PerCpu(PerCpu) {
    if (Def.MaxEntries <= MaxSmall)
      Small.resize(size_t(Def.MaxEntries) * slots());
    if (!PerCpu)
      Addresses.resize(Small.size());
  }

  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override {
    uint64_t Index = Mem.load(Key, 4);
    return Index < Def.MaxEntries ? element(Index, Cpu).Guest : 0;
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned Cpu) override {
    if (!allowsUpdate(Flags))
      return -EINVAL;
    uint64_t Index = Mem.load(Key, 4);
    if (Index >= Def.MaxEntries)
      return -E2BIG;
    if (Flags & mapflags::NoExist)
      return -EEXIST;
    Value &V = element(Index, Cpu);
    if (!V)
      return -ENOMEM;
    memcpy(V.Bytes, Bytes, Def.ValueSize);
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    uint64_t Index = Key ? Mem.load(Key, 4) + 1 : 0;
    if (Index == Def.MaxEntries)
      return -ENOENT;
    Mem.store(Next, 4, Index < Def.MaxEntries ? Index : 0);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Index >= Def.MaxEntries)
      return {};
    if (!PerCpu)
      return Map::valueForUser(Key);
    uint32_t Stride = alignTo(Def.ValueSize, 8);
    std::vector<uint8_t> All(Stride * Def.Cpus);
    for (unsigned Cpu = 0; Cpu != Def.Cpus; ++Cpu)
      if (const Value &V = element(Index, Cpu))
        memcpy(&All[Cpu * Stride], V.Bytes, Def.ValueSize);
    return All;
  }

  ArrayRef<uint64_t> elementAddresses() const override { return Addresses; }

private:
  Value &element(uint64_t Index, unsigned Cpu) {
    uint64_t Slot = Index * slots() + (PerCpu ? Cpu % Def.Cpus : 0);
    Value &V = Small.empty() ? Elements[Slot] : Small[Slot];
    if (!V) {
      V = allocate(Def.ValueSize);
      if (Index < Addresses.size())
        Addresses[Index] = V.Guest;
    }
    return V;
  }

  unsigned slots() const { return PerCpu ? Def.Cpus : 1; }

  static constexpr uint32_t MaxSmall = 4096;
  bool PerCpu;
  std::vector<uint64_t> Addresses; ///< of Small, unless each CPU has its own
  std::vector<Value> Small;        ///< all elements, if they are few
  DenseMap<uint64_t, Value> Elements;
};

} // namespace

std::unique_ptr<Map> makeArray(const MapDef &Def, Memory &Mem, bool PerCpu) {
  return std::make_unique<ArrayMap>(Def, Mem, PerCpu);
}

} // namespace bpfcc

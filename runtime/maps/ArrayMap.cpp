// Array and per-CPU array. Elements exist from the start, but each gets its
// memory when it is first asked for: most of a large array is never touched.

#include "runtime/maps/Kinds.h"
#include "runtime/maps/SlotTable.h"

#include "llvm/Support/MathExtras.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {
namespace {

class ArrayMap : public Map {
public:
  ArrayMap(const MapDef &Def, Memory &Mem, bool PerCpu)
      : Map(Def, Mem), PerCpu(PerCpu),
        Elements(uint64_t(Def.MaxEntries) * (PerCpu ? Def.Cpus : 1)) {}

  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override {
    uint64_t Index = Mem.load(Key, 4);
    return Index < Def.MaxEntries ? element(Index, Cpu) : 0;
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
    uint64_t Guest = element(Index, Cpu);
    if (!Guest)
      return -ENOMEM;
    name(Guest, Key);
    return write(Guest, Bytes, Flags);
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    uint64_t Index = Key ? Mem.load(Key, 4) + 1 : 0;
    if (Index == Def.MaxEntries)
      return -ENOENT;
    Mem.store(Next, 4, Index < Def.MaxEntries ? Index : 0);
    return 0;
  }

  int nextTouched(const uint8_t *Key, uint8_t *Next) override {
    uint64_t From = Key ? Mem.load(Key, 4) + 1 : 0;
    uint64_t Index = Elements.next(From * slots()) / slots();
    if (Index == Def.MaxEntries)
      return -ENOENT;
    Mem.store(Next, 4, Index);
    return 0;
  }

  uint64_t untouched() const override {
    uint64_t Touched = 0;
    for (uint64_t Slot = Elements.next(0);
         Slot < uint64_t(Def.MaxEntries) * slots();
         Slot = Elements.next((Slot / slots() + 1) * slots()))
      ++Touched;
    return Def.MaxEntries - Touched;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    uint64_t Index = Mem.load(Key, 4);
    if (Index >= Def.MaxEntries)
      return {};
    uint32_t Stride = PerCpu ? alignTo(Def.ValueSize, 8) : Def.ValueSize;
    std::vector<uint8_t> All(Stride * slots());
    for (unsigned Cpu = 0; Cpu != slots(); ++Cpu)
      if (uint64_t Guest = Elements.get(Index * slots() + Cpu))
        read(Guest, &All[Cpu * Stride]);
    return All;
  }

  ArrayRef<uint64_t> elementAddresses() const override {
    return Elements.asArray();
  }

private:
  uint64_t element(uint64_t Index, unsigned Cpu) {
    uint64_t Slot = Index * slots() + (PerCpu ? Cpu : 0);
    if (uint64_t Guest = Elements.get(Slot))
      return Guest;
    std::lock_guard Locked(Lock);
    uint64_t Guest = Elements.get(Slot);
    if (Guest || !(Guest = allocate(Def.ValueSize)))
      return Guest;
    uint8_t Key[4];
    Mem.store(Key, 4, Index);
    name(Guest, Key);
    Elements.set(Slot, Guest);
    return Guest;
  }

  unsigned slots() const { return PerCpu ? Def.Cpus : 1; }

  bool PerCpu;
  SlotTable Elements;
};

} // namespace

std::unique_ptr<Map> makeArray(const MapDef &Def, Memory &Mem, bool PerCpu) {
  return std::make_unique<ArrayMap>(Def, Mem, PerCpu);
}

} // namespace bpfcc

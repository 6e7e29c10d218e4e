// Hash and per-CPU hash, whose readers take no lock, and their LRU forms, which
// make room by dropping the element that was looked up or updated longest ago.
// The kernel's LRU is an approximation of that: which element goes, a program
// cannot rely on.
//
// An update of an element that exists writes into its memory. The kernel puts
// a new element in its place, but for per-CPU maps; a program can tell only if
// it keeps a pointer to the value across its own update.

#include "runtime/maps/Kinds.h"
#include "runtime/maps/UseOrder.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

#include <cerrno>
#include <cstring>

using namespace llvm;

namespace bpfcc {
namespace {

class HashMap : public Map {
public:
  HashMap(const MapDef &Def, Memory &Mem, bool PerCpu, bool Lru)
      : Map(Def, Mem), PerCpu(PerCpu), Lru(Lru),
        Elements(Mem.grace(), Def.KeySize, slots()) {}

  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override {
    Element *E = Elements.find(Key);
    if (!E)
      return 0;
    if (Lru)
      Order.touch(*E);
    return E->values()[slot(Cpu)];
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned Cpu) override {
    if (!allowsUpdate(Flags))
      return -EINVAL;
    std::lock_guard Locked(Lock);
    Element *E = Elements.find(Key);
    if (E && (Flags & mapflags::NoExist))
      return -EEXIST;
    if (!E && (Flags & mapflags::Exist))
      return -ENOENT;
    if (!E)
      return insert(Key, Bytes, Cpu);
    if (Lru)
      Order.touch(*E);
    uint64_t Guest = E->values()[slot(Cpu)];
    if (!(Flags & mapflags::Lock))
      name(Guest, Key); // the kernel puts a new element in its place
    return write(Guest, Bytes, Flags);
  }

  int erase(const uint8_t *Key) override {
    std::lock_guard Locked(Lock);
    Element *E = Elements.find(Key);
    if (!E)
      return -ENOENT;
    drop(*E);
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    std::lock_guard Locked(Lock);
    const Element *E = Key ? Elements.find(Key) : nullptr;
    E = E ? Elements.after(*E) : Elements.first();
    if (!E)
      return -ENOENT;
    memcpy(Next, Elements.key(*E), Def.KeySize);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    std::lock_guard Locked(Lock);
    const Element *E = Elements.find(Key);
    if (!E)
      return {};
    uint32_t Stride = PerCpu ? alignTo(Def.ValueSize, 8) : Def.ValueSize;
    std::vector<uint8_t> All(Stride * slots());
    for (unsigned I = 0; I != slots(); ++I)
      read(E->values()[I], &All[I * Stride]);
    return All;
  }

private:
  using Element = KeyTable::Element;

  unsigned slots() const { return PerCpu ? Def.Cpus : 1; }
  unsigned slot(unsigned Cpu) const { return PerCpu ? Cpu % Def.Cpus : 0; }

  int insert(const uint8_t *Key, const uint8_t *Bytes, unsigned Cpu) {
    if (Elements.size() >= Def.MaxEntries) {
      if (!Lru)
        return -E2BIG;
      drop(Order.oldest());
    }
    SmallVector<uint64_t, 1> Values(slots());
    for (uint64_t &V : Values)
      if (!(V = allocate(Def.ValueSize))) {
        for (uint64_t Made : Values)
          if (Made)
            Mem.remove(Made);
        return -ENOMEM;
      }
    write(Values[slot(Cpu)], Bytes);
    for (uint64_t V : Values)
      name(V, Key);
    Element &E = Elements.insert(Key, Values.data());
    if (Lru) {
      Order.touch(E);
      Order.add(E);
    }
    return 0;
  }

  void drop(Element &E) {
    if (Lru)
      Order.remove(E);
    SmallVector<uint64_t, 1> Values(E.values(), E.values() + slots());
    Elements.erase(E);
    for (uint64_t Guest : Values)
      retire(Guest);
  }

  bool PerCpu, Lru;
  KeyTable Elements;
  UseOrder Order; ///< of an LRU map
};

} // namespace

std::unique_ptr<Map> makeHash(const MapDef &Def, Memory &Mem, bool PerCpu,
                              bool Lru) {
  return std::make_unique<HashMap>(Def, Mem, PerCpu, Lru);
}

} // namespace bpfcc

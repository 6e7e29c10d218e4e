// Hash and per-CPU hash, and their LRU forms, which make room by dropping the
// element that was looked up or updated longest ago. The kernel's LRU is an
// approximation of that: which element goes, a program cannot rely on.
//
// An update of an element that exists writes into its memory. The kernel puts
// a new element in its place, but for per-CPU maps; a program can tell only if
// it keeps a pointer to the value across its own update.

#include "runtime/maps/Kinds.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

#include <cerrno>
#include <cstring>
#include <list>

using namespace llvm;

namespace bpfcc {
namespace {

class HashMap : public Map {
public:
  HashMap(const MapDef &Def, Memory &Mem, bool PerCpu, bool Lru)
      : Map(Def, Mem), PerCpu(PerCpu), Lru(Lru) {}

  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override {
    auto It = Elements.find(key(Key));
    if (It == Elements.end())
      return 0;
    touch(*It);
    return It->second.Values[slot(Cpu)].Guest;
  }

  int update(const uint8_t *Key, const uint8_t *Bytes, uint64_t Flags,
             unsigned Cpu) override {
    if (!allowsUpdate(Flags))
      return -EINVAL;
    auto It = Elements.find(key(Key));
    bool Found = It != Elements.end();
    if (Found && (Flags & mapflags::NoExist))
      return -EEXIST;
    if (!Found && (Flags & mapflags::Exist))
      return -ENOENT;
    if (!Found) {
      if (Elements.size() >= Def.MaxEntries) {
        if (!Lru)
          return -E2BIG;
        drop(Elements.find(Order.back()->first()));
      }
      SmallVector<Value, 1> Values(slots());
      for (Value &V : Values)
        if (!(V = allocate(Def.ValueSize)))
          return -ENOMEM;
      It = Elements.try_emplace(key(Key)).first;
      It->second.Values = std::move(Values);
      if (Lru)
        It->second.Age = Order.insert(Order.begin(), &*It);
    }
    touch(*It);
    memcpy(It->second.Values[slot(Cpu)].Bytes, Bytes, Def.ValueSize);
    return 0;
  }

  int erase(const uint8_t *Key) override {
    auto It = Elements.find(key(Key));
    if (It == Elements.end())
      return -ENOENT;
    drop(It);
    return 0;
  }

  int nextKey(const uint8_t *Key, uint8_t *Next) override {
    auto It = Key ? Elements.find(key(Key)) : Elements.end();
    It = It == Elements.end() ? Elements.begin() : std::next(It);
    if (It == Elements.end())
      return -ENOENT;
    memcpy(Next, It->first().data(), Def.KeySize);
    return 0;
  }

  std::vector<uint8_t> valueForUser(const uint8_t *Key) override {
    auto It = Elements.find(key(Key));
    if (It == Elements.end())
      return {};
    uint32_t Stride = PerCpu ? alignTo(Def.ValueSize, 8) : Def.ValueSize;
    std::vector<uint8_t> All(Stride * slots());
    for (unsigned I = 0; I != slots(); ++I)
      memcpy(&All[I * Stride], It->second.Values[I].Bytes, Def.ValueSize);
    return All;
  }

private:
  struct Element;
  using Entry = StringMapEntry<Element>;
  struct Element {
    SmallVector<Value, 1> Values; ///< by processor if PerCpu
    std::list<Entry *>::iterator Age;
  };

  StringRef key(const uint8_t *Key) const {
    return {reinterpret_cast<const char *>(Key), Def.KeySize};
  }
  unsigned slots() const { return PerCpu ? Def.Cpus : 1; }
  unsigned slot(unsigned Cpu) const { return Cpu % slots(); }

  void touch(Entry &E) {
    if (Lru)
      Order.splice(Order.begin(), Order, E.second.Age);
  }

  void drop(StringMap<Element>::iterator It) {
    for (Value &V : It->second.Values)
      retire(std::move(V));
    if (Lru)
      Order.erase(It->second.Age);
    Elements.erase(It);
  }

  bool PerCpu, Lru;
  StringMap<Element> Elements;
  std::list<Entry *> Order; ///< of an LRU map: the latest used first
};

} // namespace

std::unique_ptr<Map> makeHash(const MapDef &Def, Memory &Mem, bool PerCpu,
                              bool Lru) {
  return std::make_unique<HashMap>(Def, Mem, PerCpu, Lru);
}

} // namespace bpfcc

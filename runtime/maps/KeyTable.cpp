#include "runtime/maps/KeyTable.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/xxhash.h"

#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>

using namespace llvm;

namespace bpfcc {

namespace {
constexpr uint32_t FirstSize = 16;
constexpr uint64_t Erased = 1; ///< no element has this address
constexpr unsigned TagAt = 48;
constexpr uint64_t AddressMask = (1ull << TagAt) - 1;

uint64_t tag(uint32_t Hash) { return uint64_t(Hash >> 16) << TagAt; }

KeyTable::Element *elementIn(uint64_t Slot) {
  return reinterpret_cast<KeyTable::Element *>(Slot & AddressMask);
}

void *take(size_t Size) {
  void *Memory = std::calloc(1, Size);
  if (!Memory)
    report_bad_alloc_error("no memory for a map");
  return Memory;
}

bool equal(const uint8_t *A, const uint8_t *B, uint32_t Size) {
  for (; Size >= 8; Size -= 8, A += 8, B += 8) {
    uint64_t X, Y;
    memcpy(&X, A, 8);
    memcpy(&Y, B, 8);
    if (X != Y)
      return false;
  }
  if (Size >= 4) {
    uint32_t X, Y;
    memcpy(&X, A, 4);
    memcpy(&Y, B, 4);
    if (X != Y)
      return false;
    Size -= 4, A += 4, B += 4;
  }
  for (uint32_t N = 0; N != Size; ++N)
    if (A[N] != B[N])
      return false;
  return true;
}
} // namespace

KeyTable::KeyTable(Grace &Deaths, uint32_t KeySize, unsigned Values)
    : Deaths(Deaths), KeySize(KeySize), NumValues(Values),
      Now(make(FirstSize)) {}

KeyTable::~KeyTable() {
  for (Element *E = first(), *Next; E; E = Next) {
    Next = after(*E);
    std::free(E);
  }
  std::free(Now.load());
}

KeyTable::Table *KeyTable::make(uint32_t Size) {
  static_assert(sizeof(Table) == 8);
  auto *T = static_cast<Table *>(take(sizeof(Table) + Size * 8ull));
  T->Size = Size;
  return T;
}

uint32_t KeyTable::hash(const uint8_t *Key) const {
  return uint32_t(xxh3_64bits({Key, KeySize}));
}

KeyTable::Element *KeyTable::find(const uint8_t *Key, uint32_t Hash) const {
  Table &T = *Now.load(std::memory_order_acquire);
  for (uint32_t At = Hash, Step = 1;; At += Step++) {
    uint64_t Slot =
        T.slots()[At & (T.Size - 1)].load(std::memory_order_acquire);
    if (!Slot)
      return nullptr;
    if ((Slot & ~AddressMask) != tag(Hash) || Slot == Erased)
      continue;
    Element *E = elementIn(Slot);
    if (E->Hash == Hash && equal(key(*E), Key, KeySize))
      return E;
  }
}

/// In the first slot that \p E may have and nobody has.
bool KeyTable::put(Table &T, Element &E) {
  for (uint32_t At = E.Hash, Step = 1;; At += Step++) {
    std::atomic<uint64_t> &Slot = T.slots()[At & (T.Size - 1)];
    uint64_t Old = Slot.load(std::memory_order_relaxed);
    if (Old > Erased)
      continue;
    assert(!(uint64_t(&E) & ~AddressMask) && "an address of more than 48 bits");
    Slot.store(uint64_t(&E) | tag(E.Hash), std::memory_order_release);
    return Old == Erased;
  }
}

KeyTable::Element &KeyTable::insert(const uint8_t *Key,
                                    const uint64_t *Values) {
  auto *E = new (take(sizeof(Element) + NumValues * 8ull + KeySize)) Element;
  E->Hash = hash(Key);
  memcpy(E->values(), Values, NumValues * 8ull);
  memcpy(const_cast<uint8_t *>(key(*E)), Key, KeySize);
  Table &T = *Now.load(std::memory_order_relaxed);
  uint64_t Size = T.Size;
  NumErased -= put(T, *E);
  ++NumElements;
  // An eighth of the slots is always free, so that searches end.
  if (NumElements * 4 > Size * 3)
    rebuild(uint32_t(Size * 2));
  else if (Size - (NumElements + NumErased) <= Size / 8)
    rebuild(uint32_t(Size));
  return *E;
}

/// Puts all elements into a new table. Readers of the old one end there.
void KeyTable::rebuild(uint32_t Size) {
  Table *Old = Now.load(std::memory_order_relaxed), *New = make(Size);
  for (Element *E = first(); E; E = after(*E))
    put(*New, *E);
  Now.store(New, std::memory_order_release);
  NumErased = 0;
  Deaths.retire(Old, std::free);
}

uint32_t KeyTable::place(const Element &E) const {
  Table &T = *Now.load(std::memory_order_relaxed);
  for (uint32_t At = E.Hash, Step = 1;; At += Step++) {
    uint32_t Index = At & (T.Size - 1);
    uint64_t Slot = T.slots()[Index].load(std::memory_order_relaxed);
    if (Slot != Erased && elementIn(Slot) == &E)
      return Index;
  }
}

void KeyTable::erase(Element &E) {
  Table &T = *Now.load(std::memory_order_relaxed);
  T.slots()[place(E)].store(Erased, std::memory_order_release);
  --NumElements;
  ++NumErased;
  Deaths.retire(&E, std::free);
}

KeyTable::Element *KeyTable::from(uint32_t Index) const {
  Table &T = *Now.load(std::memory_order_relaxed);
  for (; Index != T.Size; ++Index) {
    uint64_t Slot = T.slots()[Index].load(std::memory_order_relaxed);
    if (Slot > Erased)
      return elementIn(Slot);
  }
  return nullptr;
}

KeyTable::Element *KeyTable::first() const { return from(0); }

KeyTable::Element *KeyTable::after(const Element &E) const {
  return from(place(E) + 1);
}

} // namespace bpfcc

#ifndef BPFCC_RUNTIME_MAPS_KEYTABLE_H
#define BPFCC_RUNTIME_MAPS_KEYTABLE_H

#include "runtime/memory/Grace.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace bpfcc {

/// Elements by keys of \p KeySize bytes: open addressing by quadratic probing.
/// Any number of threads may find() elements without a lock, each between
/// Grace::enter() and leave(); all else is for one thread at a time. An element
/// does not move, and what is erased stays readable for the readers of then.
///
/// A slot is one word, so that it changes at once: an element's address, and in
/// the 16 bits that no address of user space needs, some of its key's hash.
class KeyTable {
public:
  /// \p Values guest addresses, and then the key.
  struct Element {
    std::atomic<uint64_t> Used{0}; ///< for the map: when it was used last
    uint32_t Rank = 0;             ///< for the map
    uint32_t Hash;

    uint64_t *values() { return reinterpret_cast<uint64_t *>(this + 1); }
    const uint64_t *values() const {
      return reinterpret_cast<const uint64_t *>(this + 1);
    }
  };

  KeyTable(Grace &Deaths, uint32_t KeySize, unsigned Values = 1);
  ~KeyTable();
  KeyTable(const KeyTable &) = delete;
  KeyTable &operator=(const KeyTable &) = delete;

  /// Null if there is none.
  Element *find(const uint8_t *Key) const { return find(Key, hash(Key)); }

  /// A new element for \p Key, which has none. \p Values are its values.
  Element &insert(const uint8_t *Key, const uint64_t *Values);
  /// Takes \p E out.
  void erase(Element &E);

  /// The first element in the table's order; the one behind \p E; null.
  Element *first() const;
  Element *after(const Element &E) const;

  const uint8_t *key(const Element &E) const {
    return reinterpret_cast<const uint8_t *>(E.values() + NumValues);
  }
  uint64_t size() const { return NumElements; }

private:
  struct Table {
    uint32_t Size; ///< a power of two
    std::atomic<uint64_t> *slots() {
      return reinterpret_cast<std::atomic<uint64_t> *>(this + 1);
    }
    uint32_t Unused;
  };

  uint32_t hash(const uint8_t *Key) const;
  Element *find(const uint8_t *Key, uint32_t Hash) const;
  Element *from(uint32_t Index) const;
  static Table *make(uint32_t Size);
  /// Whether the slot was an erased element's.
  static bool put(Table &T, Element &E);
  void rebuild(uint32_t Size);
  uint32_t place(const Element &E) const;

  Grace &Deaths;
  uint32_t KeySize;
  unsigned NumValues;
  std::atomic<Table *> Now;
  uint64_t NumElements = 0, NumErased = 0;
};

} // namespace bpfcc

#endif

#ifndef BPFCC_RUNTIME_MAPS_USEORDER_H
#define BPFCC_RUNTIME_MAPS_USEORDER_H

#include "runtime/maps/KeyTable.h"

namespace bpfcc {

/// Which element of a table was used longest ago. Whoever finds an element only
/// writes the time into it; the order of them all is put right when one has to
/// go: it is a heap by the times that elements had when they were last looked
/// at here, which are never too late.
class UseOrder {
public:
  using Element = KeyTable::Element;

  /// Any thread may call this, at any time. Exact if one does.
  void touch(Element &E) {
    uint64_t T = Time.load(std::memory_order_relaxed);
    if (E.Used.load(std::memory_order_relaxed) == T)
      return;
    Time.store(T + 1, std::memory_order_relaxed);
    E.Used.store(T + 1, std::memory_order_relaxed);
  }

  /// \p E is new, and has been touched.
  void add(Element &E);
  void remove(Element &E);
  /// Of those that there are.
  Element &oldest();

private:
  struct Entry {
    uint64_t Used;
    Element *Which;
  };
  void put(size_t At, Entry E);
  void rise(size_t At, Entry E);
  void sink(size_t At, Entry E);

  std::atomic<uint64_t> Time{1}; ///< no new element has it
  std::vector<Entry> Heap;       ///< no parent used later than its children
};

} // namespace bpfcc

#endif

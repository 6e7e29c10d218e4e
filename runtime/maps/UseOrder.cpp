#include "runtime/maps/UseOrder.h"

namespace bpfcc {

void UseOrder::put(size_t At, Entry E) {
  Heap[At] = E;
  E.Which->Rank = uint32_t(At);
}

void UseOrder::rise(size_t At, Entry E) {
  for (; At && Heap[(At - 1) / 2].Used > E.Used; At = (At - 1) / 2)
    put(At, Heap[(At - 1) / 2]);
  put(At, E);
}

void UseOrder::sink(size_t At, Entry E) {
  for (size_t Child; (Child = 2 * At + 1) < Heap.size(); At = Child) {
    if (Child + 1 < Heap.size() && Heap[Child + 1].Used < Heap[Child].Used)
      ++Child;
    if (Heap[Child].Used >= E.Used)
      break;
    put(At, Heap[Child]);
  }
  put(At, E);
}

void UseOrder::add(Element &E) {
  Heap.emplace_back();
  rise(Heap.size() - 1, {E.Used.load(std::memory_order_relaxed), &E});
}

void UseOrder::remove(Element &E) {
  size_t At = E.Rank;
  Entry Last = Heap.back();
  Heap.pop_back();
  if (At == Heap.size())
    return;
  if (At && Heap[(At - 1) / 2].Used > Last.Used)
    rise(At, Last);
  else
    sink(At, Last);
}

UseOrder::Element &UseOrder::oldest() {
  for (;;) {
    Entry Top = Heap.front();
    uint64_t Used = Top.Which->Used.load(std::memory_order_relaxed);
    if (Used == Top.Used)
      return *Top.Which;
    sink(0, {Used, Top.Which});
  }
}

} // namespace bpfcc

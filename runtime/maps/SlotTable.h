#ifndef BPFCC_RUNTIME_MAPS_SLOTTABLE_H
#define BPFCC_RUNTIME_MAPS_SLOTTABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/MathExtras.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace bpfcc {

/// Guest addresses by index, 0 at first. One thread at a time sets some while
/// any number reads. Large tables take memory only for what was set.
class SlotTable {
public:
  using Slot = std::atomic<uint64_t>;
  static constexpr uint64_t SlotsEach = 4096;

  explicit SlotTable(uint64_t Size) : Size(Size) {
    static_assert(sizeof(Slot) == sizeof(uint64_t) &&
                  Slot::is_always_lock_free);
    NumChunks = llvm::divideCeil(Size, SlotsEach);
    Chunks = zeroes<std::atomic<Slot *>>(NumChunks);
    if (NumChunks == 1)
      Chunks[0] = zeroes<Slot>(Size);
  }
  ~SlotTable() {
    for (uint64_t N = 0; N != NumChunks; ++N)
      std::free(Chunks[N].load());
    std::free(Chunks);
  }
  SlotTable(const SlotTable &) = delete;
  SlotTable &operator=(const SlotTable &) = delete;

  uint64_t get(uint64_t Index) const {
    const Slot *Chunk =
        Chunks[Index / SlotsEach].load(std::memory_order_acquire);
    return Chunk ? Chunk[Index % SlotsEach].load(std::memory_order_acquire) : 0;
  }

  void set(uint64_t Index, uint64_t Guest) {
    std::atomic<Slot *> &Chunk = Chunks[Index / SlotsEach];
    if (!Chunk.load(std::memory_order_relaxed))
      Chunk.store(zeroes<Slot>(SlotsEach), std::memory_order_release);
    Chunk.load(std::memory_order_relaxed)[Index % SlotsEach].store(
        Guest, std::memory_order_release);
  }

  /// The slots, if they lie beside each other.
  llvm::ArrayRef<uint64_t> asArray() const {
    if (NumChunks != 1)
      return {};
    return {reinterpret_cast<const uint64_t *>(Chunks[0].load()), size_t(Size)};
  }

  /// The next index from \p From on that is not 0; Size if there is none.
  uint64_t next(uint64_t From) const {
    for (; From < Size; ++From) {
      if (!Chunks[From / SlotsEach].load(std::memory_order_acquire))
        From |= SlotsEach - 1;
      else if (get(From))
        break;
    }
    return std::min(From, Size);
  }

private:
  template <class T> static T *zeroes(uint64_t Count) {
    void *Memory = std::calloc(Count, sizeof(T));
    if (!Memory)
      llvm::report_bad_alloc_error("no memory for a map");
    return static_cast<T *>(Memory);
  }

  uint64_t Size, NumChunks;
  std::atomic<Slot *> *Chunks;
};

} // namespace bpfcc

#endif

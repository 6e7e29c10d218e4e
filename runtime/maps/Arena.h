#ifndef BPFCC_RUNTIME_MAPS_ARENA_H
#define BPFCC_RUNTIME_MAPS_ARENA_H

#include "runtime/maps/Map.h"

#include "llvm/ADT/BitVector.h"

#include <cerrno>
#include <optional>

namespace bpfcc {

/// Pages of sparse memory (BPF_MAP_TYPE_ARENA; Documentation/bpf/map_arena of
/// the kernel has none, kernel/bpf/arena.c's kfuncs say what they do). Programs
/// keep its addresses as they like, in it too, and cast them before they use
/// them. The kernel has two addresses for each byte, its own and the one that
/// user space sees; here there is one: all bytes lie between a multiple of
/// 4 GiB, the base, and the next, so that the low half of an address says which
/// byte it is, and both casts put the base's high half to it. 0 stays 0.
class Arena : public Map {
public:
  static constexpr uint64_t PageSize = 4096;
  static constexpr uint64_t Span = 1ull << 32; ///< from base() on
  static constexpr uint32_t MaxPages = Span / PageSize;

  /// Takes its addresses; base() is 0 if there are none left.
  Arena(const MapDef &Def, Memory &Mem);

  uint64_t base() const { return Base; }
  uint64_t cast(uint64_t Address) const { return castTo(Base, Address); }
  static uint64_t castTo(uint64_t Base, uint64_t Address) {
    return uint32_t(Address) ? Base | uint32_t(Address) : 0;
  }

  /// The address of the first page, whether it is there or not: where the
  /// variables of a program lie.
  uint64_t lookup(const uint8_t *Key, unsigned Cpu) override;

  /// The address of \p Pages new pages of zeroes at \p At, or, if that is 0,
  /// at the lowest place that has room; 0 if there is none.
  uint64_t allocatePages(uint64_t At, uint64_t Pages);
  /// Takes back those of the \p Pages pages from \p At on that are there.
  void freePages(uint64_t At, uint64_t Pages);
  /// Keeps \p Pages pages at \p At from being given out. 0, -EINVAL outside the
  /// arena, -EBUSY where a page is there or kept.
  int reservePages(uint64_t At, uint64_t Pages);

  /// Makes the first pages for \p Bytes, a program's variables; false if it
  /// has not so many.
  bool place(llvm::ArrayRef<uint8_t> Bytes);
  /// What became of them; nothing without place(). There are no keys.
  std::vector<uint8_t> valueForUser(const uint8_t *Key) override;
  int nextKey(const uint8_t *, uint8_t *) override { return -ENOENT; }

  /// How many pages are there.
  uint64_t numPages() const;

private:
  /// The number of the page at \p At if it and the next ones, \p Pages in all,
  /// are the arena's.
  std::optional<uint32_t> pageAt(uint64_t At, uint64_t Pages) const;
  uint64_t address(uint64_t Page) const { return First + Page * PageSize; }
  bool isThere(uint64_t Page) const {
    return Page < Def.MaxEntries && There[unsigned(Page)];
  }

  uint64_t Base = 0, First = 0;
  uint64_t Placed = 0;         ///< bytes of variables
  llvm::BitVector There, Kept; ///< by page
};

} // namespace bpfcc

#endif

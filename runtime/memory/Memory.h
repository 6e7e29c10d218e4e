#ifndef BPFCC_RUNTIME_MEMORY_MEMORY_H
#define BPFCC_RUNTIME_MEMORY_MEMORY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace bpfcc {

/// The address space that a BPF program sees: regions of host bytes at guest
/// addresses. Each region is followed by unmapped addresses, so that running
/// over its end is always seen.
class Memory {
public:
  enum Access : uint8_t { ReadOnly, ReadWrite };

  /// Where a region goes: Low is below 4 GiB, for packets, whose addresses
  /// stand in 32-bit context fields.
  enum Place : uint8_t { Anywhere, Low };

  explicit Memory(bool BigEndian) : BigEndian(BigEndian) {}

  /// Maps \p Host, which must outlive the region. Returns its guest address,
  /// a multiple of 4096. \p Name is what error messages call it.
  uint64_t add(llvm::MutableArrayRef<uint8_t> Host, Access A,
               llvm::StringRef Name, Place P = Anywhere);

  /// Unmaps the region that starts at \p Guest. Its addresses are not reused.
  void remove(uint64_t Guest);

  /// The host bytes of [Guest, Guest + Size), or null if one of them is not
  /// mapped, or not writable where \p Write asks for it.
  uint8_t *at(uint64_t Guest, uint64_t Size, bool Write) const {
    const Hit &H = find(Guest);
    uint64_t Start = Guest - H.Base;
    if (Start >= H.Size || Size > H.Size - Start || (Write && H.A == ReadOnly))
      return nullptr;
    return H.Host + Start;
  }

  /// How many bytes from \p Guest on are mapped in its region; 0 for none.
  uint64_t mappedFrom(uint64_t Guest) const;

  /// The name of the region that holds \p Guest or lies next below it, with
  /// the distance: `stack+520`; for error messages.
  std::string describe(uint64_t Guest) const;

  /// Reads and writes Size (1, 2, 4, 8) bytes in the guest's byte order.
  uint64_t load(const uint8_t *Host, unsigned Size) const;
  void store(uint8_t *Host, unsigned Size, uint64_t Value) const;

  bool isBigEndian() const { return BigEndian; }

private:
  struct Region {
    uint8_t *Host;
    uint64_t Size;
    Access A;
    std::string Name;
  };

  /// What was found for a page of guest addresses; a page belongs to one
  /// region at most. Size 0: nothing is mapped there.
  struct Hit {
    uint64_t Page = ~0ull;
    uint64_t Base = 0;
    uint64_t Size = 0;
    uint8_t *Host = nullptr;
    Access A = ReadOnly;
  };
  static constexpr uint64_t PageBits = 12;
  static constexpr uint64_t NumHits = 16;

  const Hit &find(uint64_t Guest) const {
    const Hit &H = Hits[(Guest >> PageBits) % NumHits];
    return H.Page == Guest >> PageBits ? H : lookUp(Guest);
  }
  const Hit &lookUp(uint64_t Guest) const;
  void forgetHits();

  std::map<uint64_t, Region> Regions;
  mutable std::array<Hit, NumHits> Hits;
  uint64_t NextLow = 0x10000000;
  uint64_t NextHigh = 0x7f0000000000;
  bool BigEndian;
};

} // namespace bpfcc

#endif

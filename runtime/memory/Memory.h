#ifndef BPFCC_RUNTIME_MEMORY_MEMORY_H
#define BPFCC_RUNTIME_MEMORY_MEMORY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

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
  uint8_t *at(uint64_t Guest, uint64_t Size, bool Write) const;

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
  const Region *find(uint64_t Guest) const;

  std::map<uint64_t, Region> Regions;
  mutable std::pair<uint64_t, const Region *> Last{0, nullptr};
  uint64_t NextLow = 0x10000000;
  uint64_t NextHigh = 0x7f0000000000;
  bool BigEndian;
};

} // namespace bpfcc

#endif

#ifndef BPFCC_RUNTIME_MEMORY_MEMORY_H
#define BPFCC_RUNTIME_MEMORY_MEMORY_H

#include "runtime/memory/Grace.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace bpfcc {

/// The address space that a BPF program sees: regions at guest addresses, each
/// followed by unmapped ones, so that running over its end is seen.
///
/// All of it is one window of the host's address space that is reserved at
/// once, so guest address g is host address base() + g. Beside it lies one
/// byte of rights for each byte of the window: bit 1, 2, 4 or 8 is set if a
/// program may read so many bytes from there on, and the same four bits above
/// them for writes. A check of an access is the test of one bit, in the
/// interpreter and in compiled code. Pages that nobody touched cost nothing.
/// Under AddressSanitizer, the host may not touch what lies behind a region.
///
/// Several threads may use it at once. What stands in a region is theirs to
/// agree on, and a region must be there while they use it: see Grace.
class Memory {
public:
  enum Access : uint8_t { ReadOnly = 0x0f, WriteOnly = 0xf0, ReadWrite = 0xff };

  /// Where a region goes: Low is below 4 GiB, for packets, whose addresses
  /// stand in 32-bit context fields.
  enum Place : uint8_t { Anywhere, Low };

  /// Distances from a guest address that may be added without a check of their
  /// own: the window and its rights go on for so many bytes at both ends.
  static constexpr uint64_t Margin = 1 << 16;
  static constexpr uint64_t DefaultSize = 1ull << 36;
  /// How much room workspace() gives, and how many there are: one for each
  /// thread that runs programs.
  static constexpr uint64_t WorkspaceSize = 4096;
  static constexpr unsigned MaxWorkspaces = Grace::MaxReaders;

  /// Reserves \p Size bytes (a power of 2, at least 512 MiB), or less if the
  /// host refuses so much; size() is 0 if it refuses the least.
  explicit Memory(bool BigEndian, uint64_t Size = DefaultSize);
  ~Memory();
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;

  /// A new region of zeroes; returns its guest address. \p Name is what error
  /// messages call it. Null if the window is full.
  uint64_t add(uint64_t Size, Access A, llvm::StringRef Name,
               Place P = Anywhere);

  /// A region of \p Size bytes, \p Distance behind an address that is a
  /// multiple of \p Span (a power of 2) and has \p Span bytes for itself.
  /// Returns that address, or 0 if there is none left. Programs may touch what
  /// permit() lets them; it is not to be removed.
  uint64_t reserve(uint64_t Span, uint64_t Distance, uint64_t Size,
                   llvm::StringRef Name);

  /// Unmaps the region that starts at \p Guest. Its addresses rest for some
  /// time before a region of the same size gets them.
  void remove(uint64_t Guest);

  /// The host bytes of [Guest, Guest + Size), or null if one of them is not
  /// mapped, or not writable where \p Write asks for it. What a program may do
  /// with them does not matter: this is for helpers.
  uint8_t *at(uint64_t Guest, uint64_t Size, bool Write) const;

  /// The same for an access of 1, 2, 4 or 8 bytes that a program makes itself.
  uint8_t *access(uint64_t Guest, unsigned Size, bool Write) const {
    if (Guest >= WindowSize || !(right(Guest) & (Write ? Size << 4 : Size)))
      return nullptr;
    return Base + Guest;
  }

  /// Takes all rights of programs to [Guest, Guest + Size) away.
  void forbid(uint64_t Guest, uint64_t Size);
  /// Lets programs access [Guest, Guest + Size), and no bytes of it together
  /// with bytes around it, in addition to the rights that they have.
  void permit(uint64_t Guest, uint64_t Size, Access A);

  /// Where guest address 0 lies.
  uint8_t *base() const { return Base; }
  uint8_t *host(uint64_t Guest) const { return Base + Guest; }
  /// The rights to guest address 0.
  const uint8_t *rights() const { return Rights; }
  uint64_t size() const { return WindowSize; }

  /// Bytes at a fixed distance before base(), out of reach of programs, for the
  /// state of what executes them. They start as zeroes.
  static constexpr uint64_t workspaceDistance(unsigned Number) {
    return (Number + 1) * WorkspaceSize;
  }
  void *workspace(unsigned Number) const {
    return Base - workspaceDistance(Number);
  }

  /// When what programs may have addresses of is given back. Its readers are
  /// numbered as workspaces are.
  Grace &grace() { return Deaths; }

  /// How many bytes from \p Guest on are mapped in its region; 0 for none.
  uint64_t mappedFrom(uint64_t Guest) const;

  /// The name of the region that holds \p Guest or lies next below it, with
  /// the distance, `stack+520`; or of a closer one just above, `map-8`; for
  /// error messages.
  std::string describe(uint64_t Guest) const;

  /// Reads and writes Size (1, 2, 4, 8) bytes in the guest's byte order.
  uint64_t load(const uint8_t *Host, unsigned Size) const;
  void store(uint8_t *Host, unsigned Size, uint64_t Value) const;

  /// Start and size of each region, for those who copy memory.
  std::vector<std::pair<uint64_t, uint64_t>> regions() const;

  bool isBigEndian() const { return BigEndian; }

private:
  struct Region {
    uint64_t Size;
    Access A;
    Place P;
    std::string Name;
  };
  /// A part of the window that is given away from its start on.
  struct Range {
    uint64_t Next = 0, End = 0;
  };

  /// Programs may ask for rights where another thread gives or takes some.
  uint8_t right(uint64_t Guest) const {
    return __atomic_load_n(Rights + Guest, __ATOMIC_RELAXED);
  }
  bool isPermitted(uint64_t Guest, uint64_t Size, bool Write) const;
  uint64_t take(uint64_t Room, Place P);
  uint64_t takeFresh(uint64_t Room, Place P);
  const std::pair<const uint64_t, Region> *find(uint64_t Guest) const;

  uint8_t *Mapping = nullptr;
  uint64_t MappingSize = 0;
  uint8_t *Base = nullptr;
  uint8_t *Rights = nullptr;
  uint64_t WindowSize = 0;
  mutable std::mutex Lock; ///< of what follows
  std::map<uint64_t, Region> Regions;
  Range Lows, Highs, Smalls;
  uint64_t HighStart = 0;
  /// Removed regions by the room that they had and their place, oldest first.
  std::map<std::pair<uint64_t, Place>, std::deque<uint64_t>> Resting;
  bool BigEndian;
  Grace Deaths{*this};
};

} // namespace bpfcc

#endif

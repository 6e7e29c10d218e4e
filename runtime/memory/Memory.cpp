#include "runtime/memory/Memory.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/Compiler.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>
#include <sys/mman.h>

using namespace llvm;

namespace bpfcc {

namespace {
constexpr uint64_t Page = 4096;
constexpr uint64_t SmallestWindow = 1ull << 29;
constexpr uint64_t LowStart = 0x4000000, LowEnd = 0x10000000;
constexpr uint64_t FourGigabytes = 1ull << 32;
/// Regions below this size share pages.
constexpr uint64_t SmallSize = 256, SmallChunk = 1 << 16;
/// How many bytes of one kind of room rest before they are used again.
constexpr uint64_t RestingBytes = 1 << 16;
constexpr uint64_t MaxAccess = 8;
/// Up to this size, bytes are asked for their rights rather than for the region
/// that they are in.
constexpr uint64_t FewBytes = 128;
/// What lies before the window: workspaces, and the margin.
constexpr uint64_t Front = std::max<uint64_t>(
    Memory::Margin, Memory::workspaceDistance(Memory::MaxWorkspaces - 1));
} // namespace

Memory::Memory(bool BigEndian, uint64_t Size) : BigEndian(BigEndian) {
  void *At = MAP_FAILED;
  for (WindowSize = Size; WindowSize >= SmallestWindow; WindowSize /= 2) {
    MappingSize = Front + WindowSize + Margin + Margin + WindowSize + Margin;
    At = mmap(nullptr, MappingSize, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (At != MAP_FAILED)
      break;
  }
  if (At == MAP_FAILED) {
    WindowSize = 0;
    return;
  }
  Mapping = static_cast<uint8_t *>(At);
  Base = Mapping + Front;
  Rights = Base + WindowSize + 2 * Margin;
  Lows = {LowStart, LowEnd};
  // Above 4 GiB where there is room, so that a pointer that lost its upper
  // half leads nowhere.
  HighStart = WindowSize > 2 * FourGigabytes ? FourGigabytes : LowEnd;
  Highs = {HighStart, WindowSize};
}

Memory::~Memory() {
  if (!Mapping)
    return;
  __asan_unpoison_memory_region(Base + LowStart, Lows.Next - LowStart);
  __asan_unpoison_memory_region(Base + HighStart, Highs.Next - HighStart);
  munmap(Mapping, MappingSize);
}

/// The addresses that a region of \p Size bytes takes up, with the unmapped
/// ones behind it.
static uint64_t roomFor(uint64_t Size) {
  if (Size < SmallSize)
    return 2 * std::max<uint64_t>(PowerOf2Ceil(Size), 16);
  return alignTo(Size, Page) + Page;
}

uint64_t Memory::takeFresh(uint64_t Room, Place P) {
  bool Small = Room <= 2 * SmallSize && P == Anywhere;
  if (Small && Smalls.End - Smalls.Next < Room) {
    uint64_t Chunk = takeFresh(SmallChunk + Page, Anywhere);
    if (!Chunk)
      return 0;
    Smalls = {Chunk, Chunk + SmallChunk};
  }
  Range &From = Small ? Smalls : P == Low ? Lows : Highs;
  if (From.End - From.Next < Room)
    return 0;
  uint64_t Guest = From.Next;
  From.Next += Room;
  return Guest;
}

uint64_t Memory::take(uint64_t Room, Place P) {
  std::deque<uint64_t> &Free = Resting[{Room, P}];
  bool Rested = Free.size() * Room > RestingBytes;
  uint64_t Guest = Rested ? 0 : takeFresh(Room, P);
  if (!Guest && !Free.empty()) {
    Guest = Free.front();
    Free.pop_front();
  }
  return Guest;
}

uint64_t Memory::add(uint64_t Size, Access A, StringRef Name, Place P) {
  std::lock_guard Locked(Lock);
  uint64_t Guest = Size < WindowSize ? take(roomFor(Size), P) : 0;
  if (!Guest)
    return 0;
  __asan_unpoison_memory_region(Base + Guest, Size);
  __asan_poison_memory_region(Base + Guest + Size, roomFor(Size) - Size);
  Regions[Guest] = {Size, A, P, Name.str()};
  permit(Guest, Size, A);
  return Guest;
}

uint64_t Memory::reserve(uint64_t Span, uint64_t Distance, uint64_t Size,
                         StringRef Name) {
  std::lock_guard Locked(Lock);
  if (Highs.End < Span)
    return 0;
  uint64_t At = alignDown(Highs.End - Span, Span);
  if (!At || At < Highs.Next)
    return 0;
  Highs.End = At;
  Regions[At + Distance] = {Size, ReadWrite, Anywhere, Name.str()};
  return At;
}

void Memory::remove(uint64_t Guest) {
  std::lock_guard Locked(Lock);
  auto It = Regions.find(Guest);
  if (It == Regions.end())
    return;
  const Region &R = It->second;
  forbid(Guest, R.Size);
  memset(Base + Guest, 0, R.Size);
  __asan_poison_memory_region(Base + Guest, R.Size);
  Resting[{roomFor(R.Size), R.P}].push_back(Guest);
  Regions.erase(It);
}

void Memory::forbid(uint64_t Guest, uint64_t Size) {
  memset(Rights + Guest, 0, Size);
}

void Memory::permit(uint64_t Guest, uint64_t Size, Access A) {
  uint8_t *To = Rights + Guest;
  uint64_t Full = Size < MaxAccess ? 0 : Size - MaxAccess + 1;
  if (A == ReadWrite)
    memset(To, A, Full);
  else
    for (uint64_t N = 0; N != Full; ++N)
      To[N] |= A;
  if (Size >= MaxAccess) { // the loop below at once; To[Full - 1] is A's
    constexpr uint8_t Ends[MaxAccess] = {0xff, 0x77, 0x77, 0x77,
                                         0x77, 0x33, 0x33, 0x11};
    uint64_t Old, Ending;
    memcpy(&Old, To + Full - 1, MaxAccess);
    memcpy(&Ending, Ends, MaxAccess);
    Old |= Ending & (0x0101010101010101u * A);
    memcpy(To + Full - 1, &Old, MaxAccess);
    return;
  }
  for (uint64_t N = Full; N != Size; ++N) {
    uint8_t Sizes = uint8_t(2 * bit_floor(Size - N) - 1);
    To[N] |= (Sizes | Sizes << 4) & A;
  }
}

const std::pair<const uint64_t, Memory::Region> *
Memory::find(uint64_t Guest) const {
  auto It = Regions.upper_bound(Guest);
  if (It == Regions.begin())
    return nullptr;
  --It;
  return Guest - It->first < It->second.Size ? &*It : nullptr;
}

/// Whether programs may access [Guest, Guest + Size), 8 bytes at a time.
/// Nothing reaches from one region into the next, so it is in one.
bool Memory::isPermitted(uint64_t Guest, uint64_t Size, bool Write) const {
  if (Guest >= WindowSize || Size > FewBytes || !Size)
    return false;
  auto May = [&](uint64_t At, uint64_t Bytes) {
    return right(At) & (Write ? Bytes << 4 : Bytes);
  };
  uint64_t End = Guest + Size;
  for (; End - Guest >= MaxAccess; Guest += MaxAccess)
    if (!May(Guest, MaxAccess))
      return false;
  if (Size >= MaxAccess)
    return Guest == End || May(End - MaxAccess, MaxAccess);
  for (uint64_t Bytes = MaxAccess / 2; Bytes; Bytes /= 2)
    if (Size & Bytes) {
      if (!May(Guest, Bytes))
        return false;
      Guest += Bytes;
    }
  return true;
}

uint8_t *Memory::at(uint64_t Guest, uint64_t Size, bool Write) const {
  if (isPermitted(Guest, Size, Write))
    return Base + Guest;
  std::lock_guard Locked(Lock);
  const auto *R = find(Guest);
  if (!R || Size > R->second.Size - (Guest - R->first) ||
      (Write && R->second.A == ReadOnly))
    return nullptr;
  return Base + Guest;
}

uint64_t Memory::mappedFrom(uint64_t Guest) const {
  std::lock_guard Locked(Lock);
  const auto *R = find(Guest);
  return R ? R->second.Size - (Guest - R->first) : 0;
}

std::string Memory::describe(uint64_t Guest) const {
  std::lock_guard Locked(Lock);
  auto Next = Regions.upper_bound(Guest);
  bool IsFirst = Next == Regions.begin();
  if (IsFirst && Guest < Page)
    return "the null page";
  auto It = IsFirst ? Regions.end() : std::prev(Next);
  uint64_t Behind = IsFirst ? Page : Guest - It->first;
  Behind -= IsFirst ? 0 : std::min<uint64_t>(Behind, It->second.Size);
  if (Next != Regions.end() && Next->first - Guest < std::min(Behind, Page))
    return Next->second.Name + "-" + std::to_string(Next->first - Guest);
  if (IsFirst)
    return "no region";
  return It->second.Name + "+" + std::to_string(Guest - It->first);
}

std::vector<std::pair<uint64_t, uint64_t>> Memory::regions() const {
  std::lock_guard Locked(Lock);
  std::vector<std::pair<uint64_t, uint64_t>> All;
  for (const auto &[Guest, R] : Regions)
    All.push_back({Guest, R.Size});
  return All;
}

uint64_t Memory::load(const uint8_t *Host, unsigned Size) const {
  auto Order = BigEndian ? endianness::big : endianness::little;
  switch (Size) {
  case 1:
    return *Host;
  case 2:
    return support::endian::read<uint16_t>(Host, Order);
  case 4:
    return support::endian::read<uint32_t>(Host, Order);
  default:
    return support::endian::read<uint64_t>(Host, Order);
  }
}

void Memory::store(uint8_t *Host, unsigned Size, uint64_t Value) const {
  auto Order = BigEndian ? endianness::big : endianness::little;
  switch (Size) {
  case 1:
    *Host = uint8_t(Value);
    return;
  case 2:
    return support::endian::write<uint16_t>(Host, uint16_t(Value), Order);
  case 4:
    return support::endian::write<uint32_t>(Host, uint32_t(Value), Order);
  default:
    return support::endian::write<uint64_t>(Host, Value, Order);
  }
}

} // namespace bpfcc

#include "runtime/maps/RingBuf.h"

#include "runtime/maps/Kinds.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cerrno>

using namespace llvm;

namespace bpfcc {

constexpr uint64_t HeaderSize = 8;
constexpr uint64_t MaxRecord = UINT32_MAX / 4;

static uint64_t roomFor(uint64_t Size) { return alignTo(Size + HeaderSize, 8); }

int Ring::update(const uint8_t *, const uint8_t *, uint64_t Flags, unsigned) {
  // bpf(2) asks for the spin lock before it asks the map.
  return Flags & mapflags::Lock ? -EINVAL : -InternalNoSupport;
}
int Ring::erase(const uint8_t *) { return -InternalNoSupport; }
int Ring::nextKey(const uint8_t *, uint8_t *) { return -InternalNoSupport; }

int UserRingBuf::produce(ArrayRef<uint8_t> Sample) {
  uint64_t Room = roomFor(Sample.size());
  if (Room > Def.MaxEntries)
    return -E2BIG;
  std::lock_guard Locked(Lock);
  if (Room > Def.MaxEntries - Used)
    return -ENOSPC;
  Used += Room;
  Samples.emplace_back(Sample.begin(), Sample.end());
  return 0;
}

std::optional<UserRingBuf::Sample> UserRingBuf::consume() {
  std::lock_guard Locked(Lock);
  if (Samples.empty())
    return std::nullopt;
  const std::vector<uint8_t> &Oldest = Samples.front();
  uint64_t Guest = allocate(std::max(1u, uint32_t(Oldest.size())));
  if (!Guest)
    return std::nullopt;
  llvm::copy(Oldest, Mem.host(Guest));
  Sample S{Guest, uint32_t(Oldest.size())};
  Samples.pop_front();
  return S;
}

void UserRingBuf::release(const Sample &S) {
  Mem.remove(S.Guest);
  std::lock_guard Locked(Lock);
  Used -= roomFor(S.Size);
}

bool RingBuf::hasRoom(uint64_t Size) const {
  // The kernel keeps producer and consumer apart by at least one byte.
  return Size <= MaxRecord && Reserved + roomFor(Size) < Def.MaxEntries;
}

uint64_t RingBuf::reserve(uint64_t Size) {
  std::lock_guard Locked(Lock);
  if (!hasRoom(Size))
    return 0;
  uint64_t Guest = allocate(uint32_t(Size));
  if (!Guest)
    return 0;
  Reserved += roomFor(Size);
  Position += roomFor(Size);
  Open.emplace(Guest, Size);
  return Guest;
}

bool RingBuf::release(uint64_t Guest, std::vector<uint8_t> &Bytes) {
  std::lock_guard Locked(Lock);
  auto It = Open.find(Guest);
  if (It == Open.end())
    return false;
  uint64_t Size = It->second;
  Bytes.assign(Mem.host(Guest), Mem.host(Guest) + Size);
  Reserved -= roomFor(Size);
  // Unlike a deleted element, a submitted record may not be touched again.
  Mem.remove(Guest);
  Open.erase(It);
  return true;
}

bool RingBuf::pass(uint64_t Size) {
  std::lock_guard Locked(Lock);
  if (!hasRoom(Size))
    return false;
  Position += roomFor(Size);
  return true;
}

uint64_t RingBuf::query(uint64_t What) const {
  enum { AvailableData, RingSize, ConsumerPosition, ProducerPosition };
  std::lock_guard Locked(Lock);
  switch (What) {
  case AvailableData:
    return Reserved;
  case RingSize:
    return Def.MaxEntries;
  case ConsumerPosition:
    return Position - Reserved;
  case ProducerPosition:
    return Position;
  default:
    return 0;
  }
}

} // namespace bpfcc

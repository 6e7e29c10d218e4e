#include "runtime/memory/Memory.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc {

constexpr uint64_t Page = 4096;

uint64_t Memory::add(MutableArrayRef<uint8_t> Host, Access A, StringRef Name,
                     Place P) {
  uint64_t &Next = P == Low ? NextLow : NextHigh;
  uint64_t Guest = Next;
  Next += alignTo(Host.size(), Page) + Page;
  // Low addresses are few, and packets come by the million: start again when
  // they run out. What was there has been removed long ago.
  if (P == Low && Next >= 0xf0000000)
    Next = 0x10000000;
  Regions[Guest] = {Host.data(), Host.size(), A, Name.str()};
  forgetHits();
  return Guest;
}

void Memory::remove(uint64_t Guest) {
  Regions.erase(Guest);
  forgetHits();
}

void Memory::forgetHits() { Hits.fill({}); }

const Memory::Hit &Memory::lookUp(uint64_t Guest) const {
  Hit &H = Hits[(Guest >> PageBits) % NumHits];
  H = {};
  H.Page = Guest >> PageBits;
  auto It = Regions.upper_bound(Guest);
  if (It == Regions.begin())
    return H;
  --It;
  const Region &R = It->second;
  if (Guest - It->first < R.Size) {
    H.Base = It->first;
    H.Size = R.Size;
    H.Host = R.Host;
    H.A = R.A;
  } else {
    // A page may be mapped in its first bytes only: remember nothing.
    H.Page = ~0ull;
  }
  return H;
}

uint64_t Memory::mappedFrom(uint64_t Guest) const {
  const Hit &H = find(Guest);
  uint64_t Start = Guest - H.Base;
  return Start < H.Size ? H.Size - Start : 0;
}

std::string Memory::describe(uint64_t Guest) const {
  auto It = Regions.upper_bound(Guest);
  if (It == Regions.begin())
    return Guest < Page ? "the null page" : "no region";
  --It;
  return It->second.Name + "+" + std::to_string(Guest - It->first);
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

// Internet checksums (RFC 1071) and their incremental update (RFC 1624). A
// ones' complement sum is the same in either byte order, so that all here are
// numbers of the guest's order.

#include "runtime/helpers/Call.h"
#include "runtime/helpers/PacketEdit.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;

namespace bpfcc {

static uint32_t add(uint32_t A, uint32_t B) {
  uint64_t Sum = uint64_t(A) + B;
  return uint32_t(Sum) + uint32_t(Sum >> 32);
}

uint32_t checksumPartial(const Memory &Mem, ArrayRef<uint8_t> Bytes,
                         uint32_t Seed) {
  uint32_t Sum = Seed;
  for (; Bytes.size() >= 2; Bytes = Bytes.drop_front(2))
    Sum = add(Sum, uint32_t(Mem.load(Bytes.data(), 2)));
  if (!Bytes.empty())
    Sum = add(Sum, uint32_t(Bytes[0]) << (Mem.isBigEndian() ? 8 : 0));
  return Sum;
}

uint16_t checksumFold(uint32_t Sum) {
  Sum = (Sum & 0xffff) + (Sum >> 16);
  Sum = (Sum & 0xffff) + (Sum >> 16);
  return uint16_t(Sum);
}

namespace {

/// The checksum \p Old after \p Difference was added to what it covers.
uint16_t replace(uint16_t Old, uint32_t Difference) {
  uint32_t Sum = add(uint16_t(~Old), Difference);
  return uint16_t(~checksumFold(Sum));
}

/// The change from one value to another, 2 or 4 bytes; or, for 0 bytes, the
/// difference itself. Nothing if the kernel refuses the size.
std::optional<uint32_t> difference(uint64_t From, uint64_t To, uint64_t Size) {
  switch (Size) {
  case 0:
    if (From)
      return std::nullopt;
    return uint32_t(To);
  case 2:
    return add(uint16_t(~From), uint16_t(To));
  case 4:
    return add(~uint32_t(From), uint32_t(To));
  default:
    return std::nullopt;
  }
}

constexpr uint64_t SizeMask = 0xf;

/// The checksum field at the offset in r2; null if it is not in the packet.
uint8_t *fieldOf(const Call &C) {
  uint64_t Offset = uint32_t(C.R[1]);
  if (Offset > 0xffff || Offset & 1)
    return nullptr;
  return PacketEdit(C.Env).at(Offset, 2);
}

Error needPacket(const Call &C) {
  if (C.Env.Pkt && !C.Env.Pkt->IsXdp)
    return Error::success();
  return C.error("the context is no struct __sk_buff");
}

Result replaceL3(Call &C) {
  if (Error E = needPacket(C))
    return std::move(E);
  if (C.R[4] & ~SizeMask)
    return fail(EINVAL);
  uint8_t *Field = fieldOf(C);
  if (!Field)
    return fail(EFAULT);
  auto Change = difference(C.R[2], C.R[3], C.R[4]);
  if (!Change)
    return fail(EINVAL);
  C.store(Field, 2, replace(uint16_t(C.load(Field, 2)), *Change));
  return 0;
}

Result replaceL4(Call &C) {
  if (Error E = needPacket(C))
    return std::move(E);
  constexpr uint64_t PseudoHeader = 0x10, MangledZero = 0x20, Enforce = 0x40,
                     Ipv6 = 0x80; // since Linux 6.16
  uint64_t Flags = C.R[4];
  if (Flags & ~(SizeMask | PseudoHeader | MangledZero | Enforce | Ipv6))
    return fail(EINVAL);
  uint8_t *Field = fieldOf(C);
  if (!Field)
    return fail(EFAULT);
  uint16_t Old = uint16_t(C.load(Field, 2));
  // A UDP checksum of 0 means that there is none.
  if (Flags & MangledZero && !(Flags & Enforce) && !Old)
    return 0;
  auto Change = difference(C.R[2], C.R[3], Flags & SizeMask);
  if (!Change)
    return fail(EINVAL);
  uint16_t New = replace(Old, *Change);
  if (Flags & MangledZero && !New)
    New = 0xffff;
  C.store(Field, 2, New);
  return 0;
}

/// The sum of what is new less the sum of what is old, of any sizes and folded,
/// as since Linux 6.13; before, sizes were multiples of 4 and the upper half
/// depended on the architecture.
Result diff(Call &C) {
  auto Sum = [&](unsigned N, uint32_t Seed) {
    uint64_t Size = C.Mem[N] ? uint32_t(C.R[N + 1]) : 0;
    return checksumPartial(C.Env.Mem, ArrayRef(C.Mem[N], Size), Seed);
  };
  uint32_t New = Sum(2, uint32_t(C.R[4]));
  return checksumFold(C.R[1] ? add(New, ~Sum(0, 0)) : New);
}

/// Packets here carry no sum that a device computed.
Result update(Call &) { return fail(NotSupported); }

} // namespace

HelperFunction checksumHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("l3_csum_replace", replaceL3)
      .Case("l4_csum_replace", replaceL4)
      .Case("csum_diff", diff)
      .Case("csum_update", update)
      .Default(nullptr);
}

} // namespace bpfcc

#include "runtime/helpers/Dynptr.h"
#include "runtime/helpers/PacketEdit.h"

#include <cerrno>

namespace bpfcc {

constexpr unsigned SizeAt = 8, KindAt = 12;

Dynptr Dynptr::load(const Call &C, unsigned N) {
  return {C.load(C.Mem[N], 8), uint32_t(C.load(C.Mem[N] + SizeAt, 4)),
          KindType(C.load(C.Mem[N] + KindAt, 4))};
}

void Dynptr::store(const Call &C, unsigned N) const {
  C.store(C.Mem[N], 8, Start);
  C.store(C.Mem[N] + SizeAt, 4, Size);
  C.store(C.Mem[N] + KindAt, 4, Kind);
}

int Dynptr::check(uint64_t Offset, uint64_t Length) const {
  if (Kind == Null)
    return EINVAL;
  return Length > Size || Offset > Size - Length ? E2BIG : 0;
}

uint8_t *Dynptr::host(const Call &C, uint64_t Offset, uint64_t Length) const {
  if (!isPacket())
    return C.Env.Mem.at(Start + Offset, Length, true);
  return C.Env.Pkt ? PacketEdit(C.Env).at(Start + Offset, Length) : nullptr;
}

uint64_t Dynptr::guest(const Call &C, uint64_t Offset) const {
  uint64_t Base = isPacket() ? C.Env.Pkt->Guest + C.Env.Pkt->Start : 0;
  return Base + Start + Offset;
}

} // namespace bpfcc

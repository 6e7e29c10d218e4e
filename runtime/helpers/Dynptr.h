#ifndef BPFCC_RUNTIME_HELPERS_DYNPTR_H
#define BPFCC_RUNTIME_HELPERS_DYNPTR_H

#include "runtime/helpers/Call.h"

namespace bpfcc {

/// What the 16 bytes of a struct bpf_dynptr say, which programs never look
/// into: where it starts (a guest address; of a packet, an offset), its size
/// and its kind.
struct Dynptr {
  enum KindType : uint32_t { Null, Memory, Packet, ReadOnlyPacket };

  static constexpr uint64_t MaxSize = (1u << 24) - 1;

  uint64_t Start = 0;
  uint32_t Size = 0;
  KindType Kind = Null;

  /// The one in argument \p N of \p C.
  static Dynptr load(const Call &C, unsigned N);
  /// Writes it to argument \p N of \p C.
  void store(const Call &C, unsigned N) const;

  bool isPacket() const { return Kind == Packet || Kind == ReadOnlyPacket; }

  /// 0; or the kernel's error for [Offset, Offset + Length): EINVAL of a null
  /// dynptr, E2BIG outside.
  int check(uint64_t Offset, uint64_t Length) const;
  /// The host bytes and the guest address of what check() allowed. Null if
  /// the memory is gone.
  uint8_t *host(const Call &C, uint64_t Offset, uint64_t Length) const;
  uint64_t guest(const Call &C, uint64_t Offset) const;
};

} // namespace bpfcc

#endif

#ifndef BPFCC_RUNTIME_HELPERS_PACKETEDIT_H
#define BPFCC_RUNTIME_HELPERS_PACKETEDIT_H

#include "runtime/helpers/Environment.h"

namespace bpfcc {

/// Offsets in struct xdp_md and struct __sk_buff of <linux/bpf.h>.
namespace xdpmd {
constexpr unsigned Data = 0, DataEnd = 4, DataMeta = 8;
}
namespace skbuff {
constexpr unsigned Len = 0, PktType = 4, Protocol = 16, VlanPresent = 20,
                   VlanTci = 24, VlanProto = 28, Hash = 68, Data = 76,
                   DataEnd = 80, DataMeta = 140;
}

/// Gives \p P a buffer of \p Size zero bytes. Programs may access none of them
/// before PacketEdit::setBounds.
void placePacket(Memory &Mem, Packet &P, uint64_t Size);

/// A packet under change. Each change leaves the context in agreement with
/// the packet: data, data_end, data_meta and, of a __sk_buff, len.
class PacketEdit {
public:
  explicit PacketEdit(Environment &Env) : Env(Env), P(*Env.Pkt) {}

  uint32_t size() const { return P.End - P.Start; }

  /// The host bytes of [Offset, Offset + Size) of the data; null if they are
  /// not all inside.
  uint8_t *at(uint64_t Offset, uint64_t Size) const;

  /// Moves the ends; the bytes between stay where they are in Buffer.
  void setBounds(uint32_t Meta, uint32_t Start, uint32_t End);

  /// Makes the buffer larger where fewer than \p Head bytes lie before the
  /// metadata or fewer than \p Tail behind the data. The packet then stands at
  /// another guest address.
  void makeRoom(uint32_t Head, uint32_t Tail);

  /// Puts \p Count zero bytes at \p Offset of the data, which grows at its
  /// front; or takes \p Count bytes away there.
  void insert(uint32_t Offset, uint32_t Count);
  void remove(uint32_t Offset, uint32_t Count);

  /// A 32-bit field of the context.
  uint32_t field(unsigned Offset) const;
  void setField(unsigned Offset, uint32_t Value);

private:
  void sync();

  Environment &Env;
  Packet &P;
};

} // namespace bpfcc

#endif

#include "runtime/helpers/PacketEdit.h"

#include "llvm/Support/ErrorHandling.h"

#include <cstring>

using namespace llvm;

namespace bpfcc {

void placePacket(Memory &Mem, Packet &P, uint64_t Size) {
  P.Guest = Mem.add(Size, Memory::ReadWrite, "packet buffer", Memory::Low);
  if (!P.Guest)
    report_bad_alloc_error("the memory of BPF programs is used up");
  P.Buffer = {Mem.host(P.Guest), Size};
  Mem.forbid(P.Guest, Size);
}

uint8_t *PacketEdit::at(uint64_t Offset, uint64_t Size) const {
  if (Offset > size() || Size > size() - Offset)
    return nullptr;
  return P.Buffer.data() + P.Start + Offset;
}

void PacketEdit::setBounds(uint32_t Meta, uint32_t Start, uint32_t End) {
  Env.Mem.forbid(P.Guest + P.Meta, P.End - P.Meta);
  Env.Mem.permit(P.Guest + Meta, End - Meta, Memory::ReadWrite);
  P.Moved = true;
  P.Meta = Meta;
  P.Start = Start;
  P.End = End;
  sync();
}

void PacketEdit::makeRoom(uint32_t Head, uint32_t Tail) {
  uint32_t HaveTail = uint32_t(P.Buffer.size()) - P.End;
  if (Head <= P.Meta && Tail <= HaveTail)
    return;
  constexpr uint32_t Spare = 256;
  uint32_t MoreHead = Head > P.Meta ? Head - P.Meta + Spare : 0;
  uint32_t MoreTail = Tail > HaveTail ? Tail - HaveTail + Spare : 0;
  std::vector<uint8_t> Old = P.Buffer.vec();
  Env.Mem.remove(P.Guest);
  placePacket(Env.Mem, P, MoreHead + Old.size() + MoreTail);
  std::copy(Old.begin(), Old.end(), P.Buffer.begin() + MoreHead);
  setBounds(P.Meta + MoreHead, P.Start + MoreHead, P.End + MoreHead);
}

void PacketEdit::insert(uint32_t Offset, uint32_t Count) {
  makeRoom(Count, 0);
  uint8_t *Data = P.Buffer.data() + P.Start;
  memmove(Data - Count, Data, Offset);
  memset(Data - Count + Offset, 0, Count);
  // Metadata that the header moved over is lost, as in the kernel.
  setBounds(P.Start - Count, P.Start - Count, P.End);
}

void PacketEdit::remove(uint32_t Offset, uint32_t Count) {
  uint8_t *Data = P.Buffer.data() + P.Start;
  memmove(Data + Count, Data, Offset);
  setBounds(P.Start + Count, P.Start + Count, P.End);
}

uint32_t PacketEdit::field(unsigned Offset) const {
  const uint8_t *Host = Env.Mem.at(P.Ctx + Offset, 4, false);
  return Host ? uint32_t(Env.Mem.load(Host, 4)) : 0;
}

void PacketEdit::setField(unsigned Offset, uint32_t Value) {
  // The context may be read-only for the program.
  if (uint8_t *Host = Env.Mem.at(P.Ctx + Offset, 4, false))
    Env.Mem.store(Host, 4, Value);
}

void PacketEdit::sync() {
  auto Address = [&](uint32_t Index) { return uint32_t(P.Guest + Index); };
  setField(P.IsXdp ? xdpmd::Data : skbuff::Data, Address(P.Start));
  setField(P.IsXdp ? xdpmd::DataEnd : skbuff::DataEnd, Address(P.End));
  setField(P.IsXdp ? xdpmd::DataMeta : skbuff::DataMeta, Address(P.Meta));
  if (!P.IsXdp)
    setField(skbuff::Len, size());
}

} // namespace bpfcc

#include "Packets.h"

#include <random>

using namespace bpfcc;

namespace {
class Generator {
public:
  PacketBytes next() {
    Bytes.clear();
    put({2, 0, 0, 0, 0, uint8_t(pick(4)), 2, 0, 0, 0, 1, uint8_t(pick(4))});
    for (unsigned Tags = pick(8) < 6 ? 0 : 1 + pick(2); Tags; --Tags) {
      put16(pick(2) ? 0x8100 : 0x88a8);
      put16(pick(4096));
    }
    switch (pick(8)) {
    case 0:
      arp();
      break;
    case 1:
    case 2:
    case 3:
      ipv6();
      break;
    default:
      ipv4();
    }
    if (pick(4) == 0)
      damage();
    return Bytes;
  }

private:
  unsigned pick(unsigned Below) { return unsigned(Random() % Below); }
  void put(std::initializer_list<uint8_t> L) {
    Bytes.insert(Bytes.end(), L.begin(), L.end());
  }
  void put16(unsigned V) { put({uint8_t(V >> 8), uint8_t(V)}); }
  void put32(uint32_t V) { put16(V >> 16), put16(V & 0xffff); }
  void putRandom(unsigned Size) {
    while (Size--)
      put({uint8_t(Random())});
  }

  void arp() {
    put16(0x0806);
    put({0, 1, 8, 0, 6, 4, 0, uint8_t(1 + pick(2))});
    putRandom(20);
  }

  /// Ports and addresses come from small sets, so that maps see keys again.
  void transport(unsigned Protocol, unsigned Payload) {
    static const unsigned Ports[] = {22, 53, 80, 443, 4789, 8080, 40000, 65535};
    if (Protocol == 6) {
      put16(Ports[pick(8)]), put16(Ports[pick(8)]);
      put32(uint32_t(Random())), put32(uint32_t(Random()));
      put({0x50, uint8_t(pick(64))});
      put16(pick(65536)), put16(pick(65536)), put16(0);
    } else if (Protocol == 17) {
      put16(Ports[pick(8)]), put16(Ports[pick(8)]);
      put16(8 + Payload), put16(pick(65536));
    } else {
      put({uint8_t(pick(2) ? 8 : 0), 0});
      put16(pick(65536)), put16(pick(65536)), put16(pick(65536));
    }
    putRandom(Payload);
  }
  static unsigned headerSize(unsigned Protocol) {
    return Protocol == 6 ? 20 : 8;
  }

  void ipv4() {
    static const unsigned Protocols[] = {6, 6, 17, 17, 1, 47};
    unsigned Protocol = Protocols[pick(6)],
             Payload = pick(3) ? pick(64) : pick(1200);
    put16(0x0800);
    size_t Start = Bytes.size();
    unsigned Options = pick(6) ? 0 : 4 * (1 + pick(3));
    put({uint8_t(0x45 + Options / 4), uint8_t(pick(256))});
    put16(20 + Options + headerSize(Protocol) + Payload);
    put16(pick(65536)), put16(pick(8) ? 0x4000 : pick(65536));
    put({uint8_t(1 + pick(255)), uint8_t(Protocol)});
    put16(0);
    put({10, 0, uint8_t(pick(2)), uint8_t(1 + pick(8))});
    put({192, 168, uint8_t(pick(4)), uint8_t(pick(16))});
    putRandom(Options);
    uint32_t Sum = 0;
    for (size_t I = Start; I < Bytes.size(); I += 2)
      Sum += Bytes[I] << 8 | Bytes[I + 1];
    Sum = (Sum & 0xffff) + (Sum >> 16);
    Sum = ~((Sum & 0xffff) + (Sum >> 16));
    Bytes[Start + 10] = uint8_t(Sum >> 8), Bytes[Start + 11] = uint8_t(Sum);
    transport(Protocol, Payload);
  }

  void ipv6() {
    static const unsigned Protocols[] = {6, 17, 58};
    unsigned Protocol = Protocols[pick(3)], Payload = pick(200);
    put16(0x86dd);
    put32(0x60000000 | pick(1 << 20));
    put16(headerSize(Protocol) + Payload);
    put({uint8_t(Protocol), uint8_t(1 + pick(255))});
    for (unsigned Side = 0; Side < 2; ++Side)
      put({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, uint8_t(pick(2)),
           uint8_t(pick(8))});
    transport(Protocol, Payload);
  }

  void damage() {
    constexpr unsigned Least = 14;
    switch (pick(3)) {
    case 0:
      Bytes.resize(Least + pick(unsigned(Bytes.size()) - Least + 1));
      break;
    case 1:
      for (unsigned N = 0; N < 4; ++N)
        Bytes[12 + pick(unsigned(Bytes.size()) - 12)] = uint8_t(Random());
      break;
    default:
      Bytes.resize(Least);
      putRandom(pick(100));
    }
  }

  std::mt19937_64 Random{20};
  PacketBytes Bytes;
};
} // namespace

std::vector<PacketBytes> bpfcc::generatePackets(unsigned Count) {
  Generator G;
  std::vector<PacketBytes> Result(Count);
  for (PacketBytes &P : Result)
    P = G.next();
  return Result;
}

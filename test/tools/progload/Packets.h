#ifndef BPFCC_TEST_TOOLS_PROGLOAD_PACKETS_H
#define BPFCC_TEST_TOOLS_PROGLOAD_PACKETS_H

#include <cstdint>
#include <vector>

namespace bpfcc {

using PacketBytes = std::vector<uint8_t>;

/// \p Count Ethernet frames, the same for every call: IPv4 and IPv6 with TCP,
/// UDP and ICMP, up to two VLAN tags, ARP; one in four is damaged (cut short,
/// wrong lengths, random bytes). None is shorter than an Ethernet header,
/// which the kernel refuses to run a program on.
std::vector<PacketBytes> generatePackets(unsigned Count);

} // namespace bpfcc

#endif

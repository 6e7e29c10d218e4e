"""Frames of Ethernet, layer by layer, with right checksums.

Addresses are text, everything else is bytes in network order. Each function
takes what is inside and gives it with its header in front.
"""
import ipaddress
import struct

ETH_IPV4, ETH_ARP, ETH_IPV6, ETH_LLDP = 0x0800, 0x0806, 0x86DD, 0x88CC
ICMP, IGMP, TCP, UDP, FRAGMENT, ICMPV6, VRRP = 1, 2, 6, 17, 44, 58, 112
CUSTOMER_TAG, SERVICE_TAG = 0x8100, 0x88A8
SHORTEST_FRAME = 60  # what a sender pads to; the check sequence is not seen
DONT_FRAGMENT, MORE_FRAGMENTS = 0x4000, 0x2000


def checksum(data):
    """The Internet checksum, RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def address(text):
    return ipaddress.ip_address(text).packed


def is_v6(text):
    return ":" in text


def ethernet(source, destination, kind, payload, tags=()):
    """TAGS are (CUSTOMER_TAG or SERVICE_TAG, VLAN number), the outer first."""
    header = mac(destination) + mac(source)
    for tag, vlan in tags:
        header += struct.pack(">HH", tag, vlan)
    return (header + struct.pack(">H", kind) + payload).ljust(
        SHORTEST_FRAME, b"\0")


def ipv4(source, destination, protocol, payload, ident=0, ttl=64,
         fragment=DONT_FRAGMENT, tos=0, options=b""):
    """FRAGMENT holds the flags and the offset in units of 8 bytes."""
    header = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, tos,
                         20 + len(options) + len(payload), ident, fragment,
                         ttl, protocol, 0)
    header += address(source) + address(destination) + options
    return (header[:10] + struct.pack(">H", checksum(header)) + header[12:] +
            payload)


def ipv6(source, destination, protocol, payload, hops=64, flow=0):
    return (struct.pack(">IHBB", 6 << 28 | flow, len(payload), protocol, hops)
            + address(source) + address(destination) + payload)


def pseudo_header(source, destination, protocol, length):
    """What the checksums of TCP, UDP and ICMPv6 also cover."""
    tail = (">IxxxB" if is_v6(source) else ">xBH")
    numbers = ((length, protocol) if is_v6(source) else (protocol, length))
    return address(source) + address(destination) + struct.pack(tail, *numbers)


def transport_checksum(source, destination, protocol, segment):
    return checksum(
        pseudo_header(source, destination, protocol, len(segment)) + segment)


def tcp(source, destination, source_port, destination_port, sequence,
        acknowledged, flags, window, options=b"", payload=b""):
    offset = (20 + len(options)) // 4 << 4
    segment = struct.pack(">HHIIBBHHH", source_port, destination_port,
                          sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF,
                          offset, flags, window, 0, 0) + options + payload
    total = transport_checksum(source, destination, TCP, segment)
    return segment[:16] + struct.pack(">H", total) + segment[18:]


def udp(source, destination, source_port, destination_port, payload):
    header = struct.pack(">HHHH", source_port, destination_port,
                         8 + len(payload), 0)
    total = transport_checksum(source, destination, UDP, header + payload)
    # Zero would say that there is no checksum (RFC 768).
    return header[:6] + struct.pack(">H", total or 0xFFFF) + payload


def icmp(kind, code, rest, payload=b""):
    """REST are the 4 bytes after the checksum."""
    message = struct.pack(">BBH", kind, code, 0) + rest + payload
    return message[:2] + struct.pack(">H", checksum(message)) + message[4:]


def icmpv6(source, destination, kind, code, rest, payload=b""):
    message = struct.pack(">BBH", kind, code, 0) + rest + payload
    total = transport_checksum(source, destination, ICMPV6, message)
    return message[:2] + struct.pack(">H", total) + message[4:]


def arp(operation, source_mac, source, target_mac, target):
    return struct.pack(">HHBBH", 1, ETH_IPV4, 6, 4, operation) + mac(
        source_mac) + address(source) + mac(target_mac) + address(target)


def dns_name(name):
    return b"".join(
        bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def dns_query(ident, name, kind):
    return struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + dns_name(
        name) + struct.pack(">HH", kind, 1)


def dns_answer(ident, name, kind, records, ttl=300):
    """No RECORDS (bytes each): no such name."""
    code = 0x8180 if records else 0x8183
    message = struct.pack(">HHHHHH", ident, code, 1, len(records), 0, 0)
    message += dns_name(name) + struct.pack(">HH", kind, 1)
    for record in records:  # 0xc00c points back to the name in the question
        message += struct.pack(">HHHIH", 0xC00C, kind, 1, ttl, len(record))
        message += record
    return message

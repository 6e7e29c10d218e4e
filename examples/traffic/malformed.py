"""Frames with something wrong, one kind after the other; every reader of
packets must get past them."""
import struct

import packets
from packets import CUSTOMER_TAG, ETH_IPV4, ETH_IPV6, TCP, UDP
from scenes import udp_frame


def with_bytes(frame, at, data):
    return frame[:at] + data + frame[at + len(data):]


def with_header(frame, at, data):
    """The same inside the IPv4 header, with its checksum put right."""
    frame = with_bytes(with_bytes(frame, at, data), 24, b"\0\0")
    return with_bytes(frame, 24,
                      struct.pack(">H", packets.checksum(frame[14:34])))


def kinds(net):
    """The frames of every kind; what is after Ethernet starts at byte 14."""
    random = net.random
    client, site = random.pick(net.clients), random.pick(net.sites)
    good = udp_frame(client, site, 40000, 53,
                     packets.dns_query(1, "www.example.com", 1))

    def raw(kind, payload, tags=()):
        return packets.ethernet(client.mac, site.mac, kind, payload, tags)

    segment = packets.tcp(client.v4, site.v4, 40000, 80, 1, 0, 2, 512)
    short_offset = segment[:12] + b"\x30" + segment[13:]
    options = bytes([TCP]) + bytes(7)
    return [
        good[:60 - random.between(0, 22)],  # cut inside IPv4 or UDP
        good[:14],  # nothing after the type
        good[:13],  # not even the type
        raw(ETH_IPV4, b"", ((CUSTOMER_TAG, 7), ))[:16],  # cut inside the tag
        with_header(good, 14, b"\x44"),  # header of 16 bytes
        with_header(good, 14, b"\x4f"),  # header of 60 bytes, not options
        with_header(good, 14, b"\x65"),  # version 6 with IPv4's type
        with_header(good, 16, b"\x05\xdc"),  # 1500 bytes, which are not there
        with_header(good, 16, b"\0\x08"),  # shorter than its own header
        with_bytes(good, 24, random.data(2)),  # wrong IPv4 checksum
        with_bytes(good, 40, random.data(2)),  # wrong UDP checksum
        with_bytes(good, 38, b"\0\x04"),  # UDP shorter than its header
        with_header(good, 22, b"\0"),  # lived too long
        with_header(good, 26, packets.address(site.v4)),  # to its own sender
        raw(ETH_IPV4, client.packet(site, TCP, segment[:11])),  # cut TCP
        raw(ETH_IPV4, client.packet(site, TCP, short_offset)),
        raw(ETH_IPV4, client.packet(site, 255, random.data(20))),
        raw(ETH_IPV4, client.packet(site, UDP, random.data(24),
                                    fragment=0x1FFF)),  # past 65535 bytes
        raw(ETH_IPV6, packets.ipv6(client.v6, site.v6, 0, options)),  # cut
        raw(ETH_IPV6, packets.ipv6(client.v6, site.v6, 59, b""))[:40],
        raw(ETH_IPV4, good[14:], ((CUSTOMER_TAG, 1), ) * 4),  # tags in tags
        raw(0x9999, random.data(46)),  # a type that nobody knows
        raw(packets.ETH_ARP, struct.pack(">HHBBH", 1, ETH_IPV4, 200, 4, 1)),
    ]


def malformed(net, start):
    return [(start + 7 * n, frame) for n, frame in enumerate(kinds(net))]

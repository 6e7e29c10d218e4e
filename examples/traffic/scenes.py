"""What happens in the network: each scene gives a list of (microseconds,
frame), starting at START."""
import struct

import packets
from network import BROADCAST, OFFICE_VLAN, Host
from packets import ICMP, ICMPV6, UDP
from tcp import SYN, Connection, RST, ACK

A, AAAA, MX = 1, 28, 15
ALL_ROUTERS = Host("33:33:00:00:00:02", "224.0.0.2", "ff02::2")
MDNS = Host("01:00:5e:00:00:fb", "224.0.0.251", "ff02::fb")
NAMES = ("www.example.com", "mail.example.net", "cdn.example.org",
         "updates.example.com", "a.very.long.name.of.a.host.example.net")


def text(head, size):
    """SIZE bytes that start with HEAD and go on like a page."""
    line = b"<tr><td>bytes</td><td>on the wire</td></tr>\r\n"
    return (head + line * (size // len(line) + 1))[:size]


def udp_frame(source, target, source_port, target_port, payload, version=4,
              tags=None, **fields):
    datagram = packets.udp(source.address(version), target.address(version),
                           source_port, target_port, payload)
    return source.frame(
        target, source.packet(target, UDP, datagram, version, **fields),
        version, tags)


# Connections


def browse(net, start, version=4, pages=2):
    """A page over HTTP: the request, the answer in several segments."""
    random = net.random
    if random.chance(50):
        client, server = random.pick(net.clients), random.pick(net.sites)
    else:
        client, server = random.pick(net.visitors), net.web
    c = Connection(net, start, client, server, 80, version)
    c.open(lost_syn=random.chance(3))
    for _ in range(random.between(1, pages)):
        size = random.pick((90, 160, 240, 400, 1600))
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
        c.ask(text(b"GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n",
                   random.between(70, 140)), text(head, size))
    return c.reset(c.server) if random.chance(6) else c.close()


def record(random, kind, size):
    """A record of TLS 1.2 or 1.3: what is inside looks random."""
    return struct.pack(">BHH", kind, 0x0303, size) + random.data(size)


def secure(net, start, version=4):
    random = net.random
    client = random.pick(net.clients + net.branch)
    c = Connection(net, start, client, random.pick(net.sites), 443, version)
    c.open(lost_syn=random.chance(2))
    c.ask(record(random, 22, random.between(180, 220)),
          record(random, 22, random.between(110, 140)) +
          record(random, 23, random.between(200, 400)))
    for _ in range(random.between(1, 3)):
        c.ask(record(random, 23, random.between(30, 90)),
              record(random, 23, random.between(40, 200)))
    return c.close(c.server if random.chance(30) else c.client)


def shell(net, start):
    """Keys and their echoes over SSH."""
    random = net.random
    c = Connection(net, start, random.pick(net.clients), net.files, 22)
    c.open()
    c.ask(b"SSH-2.0-OpenSSH_9.2\r\n", b"SSH-2.0-OpenSSH_9.2\r\n")
    for _ in range(random.between(12, 40)):
        c.wait(random.between(60000, 400000))
        c.ask(random.data(36), random.data(random.pick((36, 36, 36, 84, 196))))
    return c.close()


def letter(net, start):
    random = net.random
    c = Connection(net, start, random.pick(net.sites), net.mail, 25)
    c.open()
    c.send(c.server, b"220 mail.example.com ESMTP\r\n")
    for ask, answer in ((b"EHLO mx.example.net", b"250-SIZE 10240000"),
                        (b"MAIL FROM:<a@example.net>", b"250 2.1.0 Ok"),
                        (b"RCPT TO:<b@example.com>", b"250 2.1.5 Ok"),
                        (b"DATA", b"354 End data with <CR><LF>.<CR><LF>")):
        c.ask(ask + b"\r\n", answer + b"\r\n")
    c.ask(text(b"Subject: hello\r\n\r\n", random.between(300, 800)),
          b"250 2.0.0 Ok: queued\r\n")
    c.ask(b"QUIT\r\n", b"221 2.0.0 Bye\r\n")
    return c.close(c.server)


def download(net, start):
    """Full segments; one of them gets lost and is sent again."""
    random = net.random
    c = Connection(net, start, random.pick(net.clients), random.pick(net.sites),
                   80)
    c.open()
    segments = random.between(6, 10)
    size = segments * c.segment_size - random.between(1, 900)
    c.ask(text(b"GET /file.tar HTTP/1.1\r\nHost: cdn.example.org\r\n", 120),
          random.data(size), lost=random.between(1, segments - 1))
    return c.close()


def keepalive(net, start):
    """An idle connection: probes of one byte that was sent already."""
    random = net.random
    c = Connection(net, start, random.pick(net.clients), net.files, 445)
    c.open()
    for _ in range(random.between(2, 4)):
        c.wait(15000000)
        c.emit(c.client, ACK, b"\0", sequence=c.client.next - 1 & 0xFFFFFFFF)
        c.cross()
        c.emit(c.server, ACK)
    return c.reset()


# Datagrams


def resolve(net, start, version=4):
    random = net.random
    if random.chance(15):
        client, server, tags = random.pick(net.branch), net.dns, None
    else:
        client, server, tags = random.pick(net.clients), net.dns, OFFICE_VLAN
    name = random.pick(NAMES)
    if random.chance(40):
        name = f"h{random.between(1, 999)}.{name}"
    port, ident = random.between(32768, 60999), random.bits() & 0xFFFF
    kind = random.pick((A, A, AAAA, MX))
    if kind == MX:
        records = [b"\0\12" + packets.dns_name("mx.example.net")]
    else:
        hosts = [random.pick(net.sites) for _ in range(random.between(0, 3))]
        records = [
            packets.address(host.v4 if kind == A else host.v6)
            for host in hosts
        ]
    return [(start,
             udp_frame(client, server, port, 53,
                       packets.dns_query(ident, name, kind), version, tags)),
            (start + random.between(180, 45000),
             udp_frame(server, client, 53, port,
                       packets.dns_answer(ident, name, kind, records), version,
                       tags))]


def clock(net, start):
    random = net.random
    client, server = random.pick(net.clients), random.pick(net.sites)
    ask = struct.pack(">BBBb", 0x23, 0, 6, -20) + random.data(44)
    answer = struct.pack(">BBBb", 0x24, 2, 6, -23) + random.data(44)
    return [(start, udp_frame(client, server, 123, 123, ask, tos=0xB8)),
            (start + random.between(4000, 40000),
             udp_frame(server, client, 123, 123, answer))]


def quic(net, start):
    """Connection set-up in full datagrams, then short ones."""
    random = net.random
    client, server = random.pick(net.clients), random.pick(net.sites)
    port = random.between(32768, 60999)
    hello = b"\xc3\0\0\0\1\x08" + random.data(1194)
    frames = [(start, udp_frame(client, server, port, 443, hello)),
              (start + 21000, udp_frame(server, client, 443, port,
                                        b"\xc1\0\0\0\1\0" + random.data(1194)))]
    now = start + 22000
    for _ in range(random.between(4, 14)):
        short = b"\x41" + random.data(random.between(25, 180))
        if random.chance(50):
            frames.append((now, udp_frame(client, server, port, 443, short)))
        else:
            frames.append((now, udp_frame(server, client, 443, port, short)))
        now += random.between(80, 30000)
    return frames


def logs(net, start):
    random = net.random
    source = random.pick((net.web, net.mail, net.dns))
    line = b"<%d>Nov 24 12:%02d:%02d srv app[%d]: request served\n" % (
        random.between(8, 191), random.between(0, 59), random.between(0, 59),
        random.between(300, 9000))
    return [(start, udp_frame(source, net.files, 514, 514, line))]


def discover(net, start):
    """What hosts shout: DHCP, mDNS over both versions, IGMP, VRRP."""
    random = net.random
    host = random.pick(net.clients)
    boot = struct.pack(">BBBBIHH", 1, 1, 6, 0, random.bits(), 0, 0)
    boot += bytes(16) + packets.mac(host.mac) + bytes(202)
    boot += bytes.fromhex("63825363350101370401031c06ff")
    asker = Host(host.mac, "0.0.0.0", "::", ttl=64)
    service = packets.dns_query(0, "_ipp._tcp.local", 12)
    join = packets.icmp(0x16, 0, packets.address("224.0.0.251"))
    advert = struct.pack(">BBBBHH", 0x21, 7, 100, 1, 0x0001, 0)
    advert += packets.address("10.1.0.1")
    advert = advert[:6] + struct.pack(">H", packets.checksum(advert)) + advert[8:]
    vrrp = Host("01:00:5e:00:00:12", "224.0.0.18", "ff02::12")
    return [
        (start, udp_frame(asker, BROADCAST, 68, 67, boot, fragment=0)),
        (start + 900, udp_frame(host, MDNS, 5353, 5353, service, ttl=255)),
        (start + 950, udp_frame(host, Host("33:33:00:00:00:fb", "", MDNS.v6),
                                5353, 5353, service, 6)),
        (start + 1200, host.frame(MDNS, host.packet(
            MDNS, packets.IGMP, join, ttl=1, options=b"\x94\4\0\0"))),
        (start + 1900, net.router.frame(vrrp, net.router.packet(
            vrrp, packets.VRRP, advert, ttl=255))),
    ]


# Control messages


def ping(net, start, version=4):
    random = net.random
    source = random.pick(net.clients)
    target = random.pick(net.sites + [net.web, net.dns])
    ident, now, frames = random.bits() & 0xFFFF, start, []
    for number in range(1, random.between(3, 7)):
        body = struct.pack(">QQ", 1700000000 + now // 1000000,
                           now % 1000000) + bytes(range(16, 56))
        for end, other, late in ((source, target, 0),
                                 (target, source, random.between(200, 30000))):
            rest = struct.pack(">HH", ident, number)
            if version == 6:
                kind = 129 if late else 128
                message = packets.icmpv6(end.v6, other.v6, kind, 0, rest, body)
                packet = end.packet(other, ICMPV6, message, 6)
            else:
                message = packets.icmp(0 if late else 8, 0, rest, body)
                packet = end.packet(other, ICMP, message)
            frames.append((now + late, end.frame(other, packet, version)))
        now += 1000000
    return frames


def trace(net, start):
    """Datagrams with a growing TTL; the routers and the target answer."""
    random = net.random
    source, target = random.pick(net.clients), random.pick(net.sites)
    frames, now = [], start
    for hops in range(1, 9):
        datagram = packets.udp(source.v4, target.v4, 45000, 33433 + hops,
                               bytes(32))
        packet = source.packet(target, UDP, datagram, ttl=hops)
        frames.append((now, source.frame(target, packet)))
        last = hops == 8
        hop = target if last else net.internet(f"192.0.2.{hops}", "::")
        message = packets.icmp(3 if last else 11, 3 if last else 0, bytes(4),
                               packet[:28])
        now += random.between(900, 9000)
        frames.append((now, hop.frame(source, hop.packet(
            source, ICMP, message, tos=0xC0))))
        now += 200
    return frames


def find_neighbour(net, start):
    """ARP, a request to all and the answer."""
    random = net.random
    asker, target = random.pick(net.clients), net.router
    if random.chance(40):
        asker, target = target, asker
    nobody = "00:00:00:00:00:00"
    ask = packets.arp(1, asker.mac, asker.v4, nobody, target.v4)
    answer = packets.arp(2, target.mac, target.v4, asker.mac, asker.v4)
    frames = [(start, packets.ethernet(asker.mac, BROADCAST.mac,
                                       packets.ETH_ARP, ask)),
              (start + random.between(30, 700),
               packets.ethernet(target.mac, asker.mac, packets.ETH_ARP,
                                answer))]
    return frames[:1] if random.chance(10) else frames


def find_neighbour6(net, start):
    """Neighbour solicitation and advertisement, RFC 4861."""
    random = net.random
    asker, target = random.pick(net.clients), net.router
    if random.chance(40):
        asker, target = target, asker
    wanted = packets.address(target.v6)
    group = Host("33:33:ff:%02x:%02x:%02x" % tuple(wanted[13:]), "",
                 "ff02::1:ff%02x:%02x%02x" % tuple(wanted[13:]))
    ask = packets.icmpv6(asker.v6, group.v6, 135, 0, bytes(4),
                         wanted + b"\1\1" + packets.mac(asker.mac))
    answer = packets.icmpv6(target.v6, asker.v6, 136, 0, b"\x60\0\0\0",
                            wanted + b"\2\1" + packets.mac(target.mac))
    first = packets.ipv6(asker.v6, group.v6, ICMPV6, ask, hops=255)
    second = packets.ipv6(target.v6, asker.v6, ICMPV6, answer, hops=255)
    return [(start, asker.frame(group, first, 6)),
            (start + random.between(30, 700), target.frame(asker, second, 6))]


def find_router(net, start):
    """Router solicitation and advertisement; multicast listener report."""
    host, router = net.random.pick(net.clients), net.router
    ask = packets.icmpv6(host.v6, ALL_ROUTERS.v6, 133, 0, bytes(4),
                         b"\1\1" + packets.mac(host.mac))
    prefix = struct.pack(">BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0)
    prefix += packets.address("2001:db8:1::")
    offer = packets.icmpv6(router.v6, "ff02::1", 134, 0,
                           struct.pack(">BBH", 64, 0, 1800),
                           bytes(8) + prefix)
    everyone = Host("33:33:00:00:00:01", "", "ff02::1")
    listeners = Host("33:33:00:00:00:16", "", "ff02::16")
    report = packets.icmpv6(host.v6, listeners.v6, 143, 0, b"\0\0\0\1",
                            b"\4\0\0\0" + packets.address("ff02::fb"))
    # The router alert sits in a hop-by-hop header in front (RFC 3810).
    report = packets.ipv6(host.v6, listeners.v6, 0,
                          bytes([ICMPV6]) + b"\0\5\2\0\0\1\0" + report, hops=1)
    return [
        (start, host.frame(ALL_ROUTERS, packets.ipv6(
            host.v6, ALL_ROUTERS.v6, ICMPV6, ask, hops=255), 6)),
        (start + 700, router.frame(everyone, packets.ipv6(
            router.v6, everyone.v6, ICMPV6, offer, hops=255), 6)),
        (start + 1500, host.frame(listeners, report, 6)),
    ]


def switch(net, start):
    """The switch itself: spanning tree (IEEE 802.3 with a length), LLDP."""
    source = "02:00:5e:50:00:01"
    tree = bytes.fromhex("424203" "0000000000" "8000" "02005e500001"
                         "00000000" "8000" "02005e500001" "8001"
                         "0000" "1400" "0200" "0f00")
    lldp = bytes.fromhex("0207" "04" "02005e500001" "0403" "05" "6531"
                         "0602" "0078" "0a06") + b"switch" + b"\0\0"
    return [(start, packets.ethernet(source, "01:80:c2:00:00:00", len(tree),
                                     tree)),
            (start + 40, packets.ethernet(source, "01:80:c2:00:00:0e",
                                          packets.ETH_LLDP, lldp))]


# Fragments


def fragments(net, start):
    """One datagram in three fragments, the last at times ahead of the rest."""
    random = net.random
    source, target = random.pick(net.branch), net.files
    port = random.between(32768, 60999)
    datagram = packets.udp(source.v4, target.v4, port, 2049,
                           random.data(random.between(600, 1300)))
    ident, step, pieces = random.bits() & 0xFFFF, 512, []
    for at in range(0, len(datagram), step):
        more = packets.MORE_FRAGMENTS if at + step < len(datagram) else 0
        packet = packets.ipv4(source.v4, target.v4, UDP,
                              datagram[at:at + step], ident=ident,
                              fragment=more | at // 8, ttl=source.ttl)
        pieces.append(source.frame(target, packet))
    if random.chance(20):
        pieces.reverse()
    return [(start + 40 * n, piece) for n, piece in enumerate(pieces)]


def fragments6(net, start):
    random = net.random
    source, target = random.pick(net.clients), random.pick(net.sites)
    datagram = packets.udp(source.v6, target.v6, 50000, 4500,
                           random.data(random.between(600, 900)))
    ident, step, frames = random.bits(), 512, []
    for at in range(0, len(datagram), step):
        more = at + step < len(datagram)
        header = struct.pack(">BBHI", UDP, 0, at | more, ident)
        packet = packets.ipv6(source.v6, target.v6, packets.FRAGMENT,
                              header + datagram[at:at + step])
        frames.append((start + at // 10, source.frame(target, packet, 6)))
    return frames


# Unwanted


def scan(net, start):
    """A port scan. Closed ports answer with a reset."""
    random = net.random
    source = random.pick(net.scanners)
    target = random.pick((net.web, net.mail, net.files))
    first, now, frames = random.between(1, 2000), start, []
    for port in range(first, first + random.between(20, 50)):
        c = Connection(net, now, source, target, port)
        c.timestamps = False
        c.emit(c.client, SYN, extra=b"\2\4\5\xb4")
        if random.chance(60):
            c.wait(random.between(40, 200))
            c.emit(c.server, RST | ACK)
        frames += c.frames
        now += random.between(900, 30000)
    return frames


def spam(net, start):
    c = Connection(net, start, net.spammer, net.mail, 25)
    c.open()
    c.send(c.server, b"220 mail.example.com ESMTP\r\n")
    c.ask(b"EHLO bulk.example.net\r\n", b"250-SIZE 10240000\r\n")
    c.ask(b"MAIL FROM:<win@example.net>\r\n", b"554 5.7.1 Blocked\r\n")
    return c.reset(c.server)


def reflection(net, start):
    """Answers that nobody asked for: amplified DNS and NTP."""
    random = net.random
    frames, now = [], start
    for _ in range(random.between(10, 25)):
        source = random.pick(net.reflectors)
        port = random.pick((53, 123))
        if port == 53:
            body = packets.dns_answer(
                random.bits() & 0xFFFF, "example.org", 16,
                [b"\x7f" + b"x" * 127 for _ in range(random.between(1, 2))])
        else:
            body = b"\xd7\0\3\x2a" + random.data(100)
        frames.append((now, udp_frame(source, net.web, port,
                                      random.between(1024, 65535), body)))
        now += random.between(100, 4000)
    return frames


def spoofed(net, start):
    """Pings and SYNs from addresses that cannot come from outside."""
    random = net.random
    source = random.pick(net.spoofed)
    if random.chance(50):
        c = Connection(net, start, source, net.web, 80)
        c.emit(c.client, SYN, extra=b"\2\4\5\xb4")
        return c.frames
    message = packets.icmp(8, 0, random.data(4), random.data(56))
    return [(start, source.frame(net.web, source.packet(
        net.web, ICMP, message)))]

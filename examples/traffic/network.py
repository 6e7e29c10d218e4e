"""The network that the traffic comes from: a small company's, seen at the
mirror port of its switch. All addresses are private or set aside for
documentation (RFC 5737, RFC 3849), all MAC addresses are locally assigned.
"""
import packets
from packets import CUSTOMER_TAG, SERVICE_TAG


class Random:
    """xorshift64* (Vigna, 2016): the same numbers under every Python."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        x = self.state
        x ^= x >> 12
        x ^= x << 25 & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D & 0xFFFFFFFFFFFFFFFF) >> 32

    def between(self, low, high):
        """Both ends are included."""
        return low + self.bits() % (high - low + 1)

    def pick(self, choices):
        return choices[self.bits() % len(choices)]

    def chance(self, percent):
        return self.bits() % 100 < percent

    def data(self, size):
        words = [self.bits().to_bytes(4, "big") for _ in range(-(-size // 4))]
        return b"".join(words)[:size]


class Host:
    """TTL is what is left of it at the switch. Hosts of the Internet show the
    router's MAC address."""

    def __init__(self, mac, v4, v6, ttl=64, timestamps=True, tags=()):
        self.mac = mac
        self.v4 = v4
        self.v6 = v6
        self.ttl = ttl
        self.timestamps = timestamps  # of TCP, RFC 7323
        self.tags = tags
        self.ident = 0

    def address(self, version):
        return self.v6 if version == 6 else self.v4

    def packet(self, to, protocol, payload, version=4, **fields):
        if version == 6:
            return packets.ipv6(self.v6, to.v6, protocol, payload,
                                hops=self.ttl)
        self.ident = (self.ident + 1) & 0xFFFF
        fields.setdefault("ttl", self.ttl)
        return packets.ipv4(self.v4, to.v4, protocol, payload,
                            ident=self.ident, **fields)

    def frame(self, to, packet, version=4, tags=None):
        kind = packets.ETH_IPV6 if version == 6 else packets.ETH_IPV4
        return packets.ethernet(self.mac, to.mac, kind, packet,
                                self.tags or to.tags if tags is None else tags)


OFFICE_VLAN = ((CUSTOMER_TAG, 20), )
BRANCH_TUNNEL = ((SERVICE_TAG, 300), (CUSTOMER_TAG, 40))
BROADCAST = Host("ff:ff:ff:ff:ff:ff", "255.255.255.255", "ff02::1")


class Network:

    def __init__(self, seed):
        self.random = Random(seed)
        self.router = Host("02:00:5e:10:00:01", "10.1.0.1", "2001:db8:1::1")
        self.clients = [
            Host(f"02:00:5e:20:00:{n:02x}", f"10.1.0.{n}", f"2001:db8:1::{n:x}",
                 ttl=128 if n % 3 == 0 else 64, timestamps=n % 3 != 0)
            for n in range(10, 26)
        ]
        self.web, self.mail, self.dns, self.files = [
            Host(f"02:00:5e:30:00:{n:02x}", f"10.1.20.{n}",
                 f"2001:db8:1:20::{n:x}", tags=OFFICE_VLAN)
            for n in (5, 25, 53, 80)
        ]
        self.branch = [
            Host(f"02:00:5e:40:00:{n:02x}", f"10.2.0.{n}", f"2001:db8:2::{n:x}",
                 ttl=63, tags=BRANCH_TUNNEL) for n in range(30, 36)
        ]
        self.sites = [
            self.internet(f"203.0.113.{n}", f"2001:db8:cafe::{n:x}")
            for n in range(16, 40)
        ]
        self.visitors = [
            self.internet(f"192.0.2.{n}", f"2001:db8:f00d::{n:x}")
            for n in range(20, 60)
        ]
        self.scanners = [
            self.internet(f"198.51.100.{n}", f"2001:db8:bad::{n:x}")
            for n in (7, 23, 77, 130, 131, 200)
        ]
        self.spammer = self.internet("203.0.113.66", "2001:db8:bad::66")
        self.reflectors = [
            self.internet(f"192.0.2.{n}", f"2001:db8:bad:2::{n:x}")
            for n in range(193, 225)
        ]
        self.spoofed = [
            self.internet(f"100.{n}.7.9", f"2001:db8:bad:3::{n:x}")
            for n in range(64, 76)
        ]

    def internet(self, v4, v6):
        left = self.random.pick((64, 128, 255)) - self.random.between(6, 18)
        return Host(self.router.mac, v4, v6, ttl=left,
                    timestamps=self.random.chance(80))

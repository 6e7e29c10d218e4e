"""TCP connections as a tap between both ends sees them."""
import struct

import packets

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
NO_OPERATION = b"\1"
SACK_PERMITTED = b"\4\2"


class End:

    def __init__(self, host, port, random):
        self.host = host
        self.port = port
        self.next = random.bits()  # the sequence number of the next byte
        self.clock = random.bits()  # of the timestamps, in milliseconds
        self.echo = 0
        self.window = random.pick((501, 502, 1026, 2053))


class Connection:
    """Collects (microseconds, frame) in FRAMES. The tap is near the switch,
    half of ROUND_TRIP away from each end."""

    def __init__(self, network, start, client, server, port, version=4,
                 tags=None):
        random = network.random
        self.random = random
        self.now = start
        self.version = version
        self.tags = tags
        self.client = End(client, random.between(32768, 60999), random)
        self.server = End(server, port, random)
        self.round_trip = random.between(400, 40000)
        self.timestamps = client.timestamps and server.timestamps
        self.segment_size = 1460 if version == 4 else 1440
        if self.timestamps:
            self.segment_size -= 12
        self.frames = []

    def other(self, end):
        return self.server if end is self.client else self.client

    def wait(self, microseconds):
        self.now += microseconds

    def cross(self):
        self.wait(self.round_trip // 2 + self.random.between(5, 300))

    def options(self, end, flags, extra):
        options = extra
        if self.timestamps:
            clock = end.clock + self.now // 1000 & 0xFFFFFFFF
            if not flags & SYN:
                options = NO_OPERATION * 2 + options
            options += struct.pack(">BBII", 8, 10, clock, end.echo)
            self.other(end).echo = clock
        return options + NO_OPERATION * (-len(options) % 4)

    def emit(self, end, flags, payload=b"", sequence=None, extra=b""):
        """One segment from END. With SEQUENCE it is sent once more."""
        to = self.other(end)
        acknowledged = to.next if flags & ACK else 0
        segment = packets.tcp(
            end.host.address(self.version), to.host.address(self.version),
            end.port, to.port, end.next if sequence is None else sequence,
            acknowledged, flags, 64240 if flags & SYN else end.window,
            self.options(end, flags, extra), payload)
        packet = end.host.packet(to.host, packets.TCP, segment, self.version)
        self.frames.append(
            (self.now, end.host.frame(to.host, packet, self.version,
                                      self.tags)))
        if sequence is None:
            end.next += len(payload) + bool(flags & (SYN | FIN))
            end.next &= 0xFFFFFFFF

    def open(self, lost_syn=False):
        size = 1460 if self.version == 4 else 1440
        first = struct.pack(">BBH", 2, 4, size) + SACK_PERMITTED
        scale = NO_OPERATION + b"\3\3\7"
        if lost_syn:  # dropped behind the tap: sent again after a second
            self.emit(self.client, SYN, sequence=self.client.next,
                      extra=first + scale)
            self.wait(1000000)
        self.emit(self.client, SYN, extra=first + scale)
        self.cross()
        self.emit(self.server, SYN | ACK, extra=first + scale)
        self.cross()
        self.emit(self.client, ACK)
        return self

    def send(self, end, data, lost=None):
        """DATA in segments, every second one acknowledged. The segment number
        LOST gets lost behind the tap and is sent again: after three duplicate
        acknowledgements, or after a timeout if too little follows."""
        to = self.other(end)
        size = self.segment_size
        pieces = [data[at:at + size] for at in range(0, len(data), size)]
        hole = None
        duplicates = unacknowledged = 0
        for number, piece in enumerate(pieces):
            self.wait(self.random.between(12, 130))
            flags = ACK | PSH if number == len(pieces) - 1 else ACK
            sequence = end.next
            self.emit(end, flags, piece)
            if number == lost:
                hole = (sequence, piece, flags)
            elif hole and duplicates < 3:
                self.wait(self.random.between(20, 90))
                self.duplicate_ack(to, hole[0], sequence)
                duplicates += 1
            elif not hole:
                unacknowledged += 1
                if unacknowledged == 2:
                    self.wait(self.random.between(20, 90))
                    self.emit(to, ACK)
                    unacknowledged = 0
        if hole:
            self.wait(204000 if duplicates < 3 else self.round_trip)
            self.emit(end, hole[2], hole[1], sequence=hole[0])
        if hole or unacknowledged:
            self.cross()
            self.emit(to, ACK)
        return self

    def duplicate_ack(self, to, hole, after):
        end = self.other(to)
        newest = end.next
        selective = NO_OPERATION * (0 if self.timestamps else 2)
        selective += struct.pack(">BBII", 5, 10, after, newest)
        end.next = hole  # what TO still waits for
        self.emit(to, ACK, extra=selective)
        end.next = newest

    def ask(self, data, answer, think=0, lost=None):
        self.wait(self.random.between(50, 900))
        self.send(self.client, data)
        self.wait(think or self.random.between(300, 9000))
        return self.send(self.server, answer, lost)

    def close(self, first=None):
        first = first or self.client
        self.wait(self.random.between(100, 5000))
        self.emit(first, FIN | ACK)
        self.cross()
        self.emit(self.other(first), FIN | ACK)
        self.cross()
        self.emit(first, ACK)
        return self.frames

    def reset(self, end=None):
        self.wait(self.random.between(100, 5000))
        self.emit(end or self.client, RST | ACK)
        return self.frames

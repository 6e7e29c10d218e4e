"""Just enough ELF to count the instruction slots of an object."""
import struct


def slots(path):
    """8-byte slots in the executable sections; None if PATH is not 64-bit ELF."""
    data = open(path, "rb").read()
    if data[:5] != b"\x7fELF\x02":
        return None
    order = "<" if data[5] == 1 else ">"
    (offset,) = struct.unpack_from(order + "Q", data, 0x28)
    size, count = struct.unpack_from(order + "HH", data, 0x3A)
    total = 0
    for i in range(count):
        _, kind, flags, _, _, length = struct.unpack_from(
            order + "IIQQQQ", data, offset + i * size)
        if kind == 1 and flags & 4:
            total += length // 8
    return total

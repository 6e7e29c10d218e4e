"""Writes BTF in which union `deep` holds two unnamed unions, each of which holds
two, and so on: python3 nested.py OUT"""

import struct
import sys

DEPTH = 32
STRINGS = b"\0int\0deep\0x\0"


def name(text):
    return STRINGS.index(b"\0" + text + b"\0") + 1


types = struct.pack("<IIII", name(b"int"), 1 << 24, 4, 32)
for n in range(DEPTH):
    members = [(0, n + 1, 0)] * 2 if n else [(name(b"x"), 1, 0)]
    own = name(b"deep") if n + 1 == DEPTH else 0
    types += struct.pack("<III", own, 5 << 24 | len(members), 4)
    types += b"".join(struct.pack("<III", *m) for m in members)
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(types),
                          len(types), len(STRINGS)))
    out.write(types + STRINGS)

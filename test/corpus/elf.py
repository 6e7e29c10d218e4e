"""Just enough ELF to compare objects: sections, symbols, relocations."""
import collections
import struct

Section = collections.namedtuple("Section", "name kind flags offset size link info align")
Symbol = collections.namedtuple("Symbol", "name binding kind visibility section value size")
Relocation = collections.namedtuple("Relocation", "offset kind symbol")

SHT_PROGBITS, SHT_SYMTAB, SHT_NOBITS, SHT_REL = 1, 2, 8, 9
SHF_EXECINSTR = 4
STT_SECTION, STT_FILE = 3, 4
SHN_UNDEF, SHN_LORESERVE = 0, 0xFF00


def cut_string(data, at):
    return data[at:data.index(b"\0", at)].decode(errors="replace")


class Object:
    """A relocatable file. Sections and symbols keep the file's order."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = data = file.read()
        if data[:5] != b"\x7fELF\x02":
            raise ValueError(f"{path} is not 64-bit ELF")
        self.order = "<" if data[5] == 1 else ">"
        (start,) = struct.unpack_from(self.order + "Q", data, 0x28)
        size, count, names = struct.unpack_from(self.order + "HHH", data, 0x3A)
        raw = [struct.unpack_from(self.order + "IIQQQQIIQQ", data, start + i * size)
               for i in range(count)]
        table = raw[names][4]
        self.sections = [Section(cut_string(data, table + name), kind, flags, offset, length,
                                 link, info, align)
                         for name, kind, flags, _, offset, length, link, info, align, _ in raw]
        self.symbols = [s for section in self.sections if section.kind == SHT_SYMTAB
                        for s in self.read_symbols(section)]

    def read_symbols(self, section):
        names = self.sections[section.link].offset
        for at in range(section.offset, section.offset + section.size, 24):
            name, info, other, index, value, size = struct.unpack_from(
                self.order + "IBBHQQ", self.data, at)
            yield Symbol(cut_string(self.data, names + name), info >> 4, info & 15, other & 3,
                         index, value, size)

    def section_named(self, name):
        """None if there is none."""
        return next((s for s in self.sections if s.name == name), None)

    def bytes_of(self, section):
        if section.kind == SHT_NOBITS:
            return bytes(section.size)
        return self.data[section.offset:section.offset + section.size]

    def relocations(self):
        """(section that is relocated, Relocation), in the file's order."""
        for section in self.sections:
            if section.kind != SHT_REL:
                continue
            for at in range(section.offset, section.offset + section.size, 16):
                offset, info = struct.unpack_from(self.order + "QQ", self.data, at)
                yield (self.sections[section.info],
                       Relocation(offset, info & 0xFFFFFFFF, self.symbols[info >> 32]))


def slots(path):
    """8-byte slots in the executable sections; None if PATH is not 64-bit ELF."""
    try:
        sections = Object(path).sections
    except ValueError:
        return None
    return sum(s.size // 8 for s in sections
               if s.kind == SHT_PROGBITS and s.flags & SHF_EXECINSTR)

"""BTF as text that does not depend on the numbers of types and strings.

Documentation/bpf/btf.rst describes the format."""
import collections
import struct

import elf

KINDS = ("VOID INT PTR ARRAY STRUCT UNION ENUM FWD TYPEDEF VOLATILE CONST RESTRICT FUNC"
         " FUNC_PROTO VAR DATASEC FLOAT DECL_TAG TYPE_TAG ENUM64").split()
# Words behind a type's header: (fixed, for each of `vlen`).
WORDS = {"INT": (1, 0), "ARRAY": (3, 0), "STRUCT": (0, 3), "UNION": (0, 3), "ENUM": (0, 2),
         "FUNC_PROTO": (0, 2), "VAR": (1, 0), "DATASEC": (0, 3), "DECL_TAG": (1, 0),
         "ENUM64": (0, 3)}
LINKAGE = ("static", "global", "extern")
SPELLED_BY_NAME = {"STRUCT", "UNION", "ENUM", "ENUM64", "FWD", "TYPEDEF", "INT", "FLOAT"}
RELOCATIONS = ("byte_off byte_sz field_exists signed lshift_u64 rshift_u64 local_type_id"
               " target_type_id type_exists type_size enumval_exists enumval_value"
               " type_matches").split()

Type = collections.namedtuple("Type", "kind name vlen flag size words")
Function = collections.namedtuple("Function", "section offset text")
Line = collections.namedtuple("Line", "section offset file source line column")
Core = collections.namedtuple("Core", "section offset kind type access")


class Btf:
    """`.BTF` and `.BTF.ext` of an object. Raises ValueError if there is none."""

    def __init__(self, obj):
        self.order = obj.order
        section = obj.section_named(".BTF")
        if section is None:
            raise ValueError("no .BTF")
        self.data = obj.bytes_of(section)
        magic, _, _, header, at, length, strings, _ = self.unpack("HBBIIIII", 0)
        if magic != 0xEB9F:
            raise ValueError("bad magic of .BTF")
        self.strings = header + strings
        # Clang leaves the places of variables to relocations.
        self.moved = {r.offset: r.symbol.value for s, r in obj.relocations() if s is section}
        self.types = [Type("VOID", "", 0, 0, 0, ())]
        self.spelled = {0: "void"}
        at, end = header + at, header + at + length
        while at < end:
            at = self.read_type(at)
        self.functions, self.lines, self.relocations = [], [], []
        ext = obj.section_named(".BTF.ext")
        if ext is not None:
            self.read_ext(obj.bytes_of(ext))

    def unpack(self, form, at, data=None):
        return struct.unpack_from(self.order + form, self.data if data is None else data, at)

    def string(self, at):
        return elf.cut_string(self.data, self.strings + at)

    def read_type(self, at):
        name, info, size = self.unpack("III", at)
        kind, count = KINDS[info >> 24 & 31], info & 0xFFFF
        fixed, each = WORDS.get(kind, (0, 0))
        length = fixed + each * count
        words = tuple(word + self.moved.get(at + 12 + 4 * i, 0)
                      for i, word in enumerate(self.unpack(f"{length}I", at + 12)))
        self.types.append(Type(kind, self.string(name), count, info >> 31, size, words))
        return at + 12 + 4 * length

    def triples(self, t):
        return [t.words[i:i + 3] for i in range(0, len(t.words), 3)]

    def pairs(self, t):
        return [t.words[i:i + 2] for i in range(0, len(t.words), 2)]

    def spell(self, number):
        """A type as another refers to it."""
        if number not in self.spelled:
            self.spelled[number] = "..."  # cycles go through named types only
            t = self.types[number]
            if t.kind in SPELLED_BY_NAME and t.name:
                which = ("struct ", "union ")[t.flag] if t.kind == "FWD" else ""
                self.spelled[number] = f"{t.kind.lower()} {which}{t.name}"
            else:
                self.spelled[number] = self.describe(t)
        return self.spelled[number]

    def describe(self, t):
        """Everything that a type says, on one line."""
        kind, name, refer = t.kind, t.name, self.spell
        if kind in ("STRUCT", "UNION"):
            members = [f"{self.string(n)} {refer(m)} @"
                       + (f"{o & 0xFFFFFF}:{o >> 24}" if t.flag else str(o))
                       for n, m, o in self.triples(t)]
            return f"{kind} {name} size {t.size} {{{'; '.join(members)}}}"
        if kind == "ENUM":
            values = [f"{self.string(n)}={v}" for n, v in self.pairs(t)]
            return f"ENUM {name} size {t.size} signed {t.flag} {values}"
        if kind == "ENUM64":
            values = [f"{self.string(n)}={hi << 32 | lo}" for n, lo, hi in self.triples(t)]
            return f"ENUM64 {name} size {t.size} signed {t.flag} {values}"
        if kind == "INT":
            word = t.words[0]
            return (f"INT {name} size {t.size} bits {word & 0xFF} offset {word >> 16 & 0xFF}"
                    f" encoding {word >> 24}")
        if kind == "FLOAT":
            return f"FLOAT {name} size {t.size}"
        if kind == "FWD":
            return f"FWD {('struct', 'union')[t.flag]} {name}"
        if kind == "ARRAY":
            return f"ARRAY {refer(t.words[0])}[{t.words[2]}] by {refer(t.words[1])}"
        if kind == "FUNC_PROTO":
            params = [f"{self.string(n)} {refer(p)}" for n, p in self.pairs(t)]
            return f"FUNC_PROTO {refer(t.size)} ({', '.join(params)})"
        if kind == "FUNC":
            return f"FUNC {LINKAGE[t.vlen]} {name} {refer(t.size)}"
        if kind == "VAR":
            return f"VAR {LINKAGE[t.words[0]]} {name} {refer(t.size)}"
        if kind == "DATASEC":
            inside = [f"{self.types[v].kind} {self.types[v].name} @{at} {size}"
                      for v, at, size in self.triples(t)]
            return f"DATASEC {name} size {t.size} {sorted(inside)}"
        if kind == "DECL_TAG":
            return f"DECL_TAG {name} of {refer(t.size)} #{t.words[0]} flag {t.flag}"
        return f"{kind} {name} {refer(t.size)}" + (" flag 1" if t.flag else "")

    def describe_all(self):
        """How often each type is there. One without a name that nothing refers
        to says nothing."""
        used = set()
        for t in self.types:
            if t.kind not in ("INT", "FLOAT", "FWD", "ENUM", "ENUM64", "ARRAY", "STRUCT",
                              "UNION", "DATASEC"):
                used.add(t.size)
            if t.kind in ("STRUCT", "UNION"):
                used.update(m for _, m, _ in self.triples(t))
            if t.kind == "FUNC_PROTO":
                used.update(p for _, p in self.pairs(t))
            if t.kind == "ARRAY":
                used.update(t.words[:2])
        return collections.Counter(self.describe(t) for i, t in enumerate(self.types)
                                   if i and (t.name or i in used))

    def read_ext(self, data):
        _, _, _, header = self.unpack("HBBI", 0, data)
        names = self.unpack("IIIIII" if header >= 32 else "IIII", 8, data)
        func, func_size, line, line_size = names[:4]
        for section, r in self.records(data, header + func, func_size):
            self.functions.append(Function(section, r[0], self.describe(self.types[r[1]])))
        for section, r in self.records(data, header + line, line_size):
            self.lines.append(Line(section, r[0], self.string(r[1]), self.string(r[2]),
                                   r[3] >> 10, r[3] & 1023))
        if header >= 32:
            for section, r in self.records(data, header + names[4], names[5]):
                kind = RELOCATIONS[r[3]] if r[3] < len(RELOCATIONS) else str(r[3])
                self.relocations.append(Core(section, r[0], kind, self.spell(r[1]),
                                             self.string(r[2])))

    def records(self, data, at, length):
        if not length:
            return
        end = at + length
        (size,) = self.unpack("I", at, data)
        at += 4
        while at < end:
            name, count = self.unpack("II", at, data)
            at += 8
            for _ in range(count):
                yield self.string(name), self.unpack(f"{size // 4}I", at, data)
                at += size

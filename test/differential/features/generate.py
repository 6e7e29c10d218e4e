"""Random C programs about what csmith's leave out: wide and overflowing
arithmetic, fields of bits, packed structures, structures by value, many arguments,
memory functions, byte orders, atomic operations, switches, callbacks.

What a program computes does not depend on the compiler. Expressions have no side
effects, so calls and atomic operations are statements of their own; bytes are
read as a number only in little-endian order; loops count to constants, and call
nothing that loops again more than a few times."""
import random

UNSIGNED, SIGNED = ("u8", "u16", "u32", "u64"), ("s8", "s16", "s32", "s64")
WIDE = ("u128", "s128")
NARROW = UNSIGNED + SIGNED
BITS = {t: int(t[1:]) for t in NARROW + WIDE}

HEADER = """#include "program.h"

typedef __int128 s128;
typedef unsigned __int128 u128;
typedef u16 __attribute__((aligned(1), may_alias)) any16;
typedef u32 __attribute__((aligned(1), may_alias)) any32;
typedef u64 __attribute__((aligned(1), may_alias)) any64;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LITTLE(bits, x) __builtin_bswap##bits(x)
#else
#define LITTLE(bits, x) (x)
#endif
#ifdef ON_HOST
#define CPU 4
#else
#define CPU __BPF_CPU_VERSION__
#endif

#ifdef ON_HOST
static long bpf_loop(u32 n, long (*step)(u32, void *), void *context, u64 flags) {
  u32 i = 0;
  while (i < n && !step(i++, context))
    ;
  return i;
}
#else
static long (*bpf_loop)(u32, long (*)(u32, void *), void *, u64) = (void *)181;
#endif

STATIC void add128(u128 value) {
  add((u64)value);
  add((u64)(value >> 64));
}
static u8 bytes[96], others[64];
static u32 a32[4];
static u64 a64[4];
"""


class Struct:
    """A structure: its name and fields (name, type, bits or None)."""

    def __init__(self, r, number):
        self.name = f"struct s{number}"
        self.fields = []
        for i in range(r.randint(1, 6)):
            kind = r.choice(NARROW)
            bits = r.randint(1, BITS[kind]) if r.random() < 0.6 else None
            self.fields.append((f"f{i}", kind, bits))
        self.packed = " __attribute__((packed))" if r.random() < 0.5 else ""

    def declaration(self):
        lines = [f"  {kind} {name}" + (f" : {bits}" if bits else "") + ";"
                 for name, kind, bits in self.fields]
        return "\n".join([self.name + " {", *lines, "}" + self.packed + ";"])


class Program:
    def __init__(self, seed):
        self.r = random.Random(seed)
        r = self.r
        self.structs = [Struct(r, i) for i in range(r.randint(1, 3))]
        self.arrays = [(f"g{i}", r.choice(NARROW * 2 + WIDE)) for i in range(3)]
        self.functions = []  # name, result type, argument types
        self.values = []  # readable here: text, type
        self.targets = []  # assignable: text, type, a field of bits
        self.objects = []  # whole structures: text, struct
        self.result = None  # of the function that is made
        self.loops = self.calls = self.names = 0

    # Expressions: text whose C type need not be the one asked for, until cast.

    def constant(self, kind):
        r, bits = self.r, min(BITS[kind], 64)
        value = r.choice([r.getrandbits(4), r.getrandbits(bits), 1 << r.randrange(bits),
                          (1 << r.randrange(bits)) - 1, (1 << bits) - 1])
        return f"({kind}){value:#x}u" + ("ll" if value >> 32 else "")

    def index(self, limit):
        return f"[{self.expr('u32', 1)} % {limit}]" if self.r.random() < 0.5 \
            else f"[{self.r.randrange(limit)}]"

    def leaf(self, kind):
        r, choice = self.r, self.r.random()
        if choice < 0.2 or not self.values:
            return self.constant(kind)
        if choice < 0.75:
            text, own = r.choice(self.values)  # a field's width is no type in Clang
            return f"({kind})({own}){text}"
        if choice < 0.85:
            name, own = r.choice(self.arrays)
            return f"({kind}){name}{self.index(8)}"
        if choice < 0.95:
            bits = r.choice((16, 32, 64))
            at = self.expr("u32", 0) + " % 88" if r.random() < 0.5 else r.randrange(88)
            sign = r.choice("us")
            return f"({kind})({sign}{bits})LITTLE({bits}, *(any{bits} *)(bytes + {at}))"
        return f"({kind})(s8)bytes[{self.expr('u8', 0)} % 96]"

    def expr(self, kind, depth):
        if depth <= 0 or self.r.random() < 0.1:
            return self.leaf(kind)
        make = self.r.choice((self.binary,) * 5 + (self.shift,) * 2 + (
            self.through, self.compare, self.select, self.swap, self.overflow, self.high,
            self.count, self.divide, self.rotate, self.unary))
        return f"({kind}){make(kind, depth - 1)}"

    def binary(self, kind, d):
        return f"({self.expr(kind, d)} {self.r.choice('+-*&|^')} {self.expr(kind, d)})"

    def unary(self, kind, d):
        return f"({self.r.choice('-~!')}{self.expr(kind, d)})"

    def shift(self, kind, d):
        r = self.r
        by = r.randrange(BITS[kind]) if r.random() < 0.5 else \
            f"({self.expr('u32', d)} & {BITS[kind] - 1})"
        return f"({self.expr(kind, d)} {r.choice(('<<', '>>'))} {by})"

    def rotate(self, kind, d):
        kind = "u" + kind[1:]
        x, mask = self.expr(kind, 0), BITS[kind] - 1
        by = self.expr("u32", 0) if self.r.random() < 0.5 else str(self.r.randrange(mask))
        return f"({x} << ({by} & {mask}) | {x} >> (-({by}) & {mask}))"

    def through(self, kind, d):
        other = self.r.choice(NARROW + WIDE)
        return f"({other}){self.expr(other, d)}"

    def compare(self, kind, d):
        other = self.r.choice(NARROW + WIDE)
        op = self.r.choice(("<", "<=", ">", ">=", "==", "!="))
        return f"({self.expr(other, d)} {op} {self.expr(other, d)})"

    def select(self, kind, d):
        return f"({self.compare(kind, d)} ? {self.expr(kind, d)} : {self.expr(kind, d)})"

    def swap(self, kind, d):
        bits = self.r.choice((16, 32, 64))
        return f"__builtin_bswap{bits}({self.expr(f'u{bits}', d)})"

    def count(self, kind, d):
        name = self.r.choice(("popcountll", "clzll", "ctzll", "ffsll", "parityll", "popcount",
                              "clz", "ctz"))
        bits = 64 if name.endswith("ll") else 32
        some = {"clz": " | 1", "ctz": f" | 1ull << {bits - 1}"}.get(name[:3], "")
        return f"__builtin_{name}({self.expr(f'u{bits}', d)}{some})"

    def divide(self, kind, d):
        """Neither by zero nor the least number by -1."""
        op, r = self.r.choice("/%"), self.r
        if r.random() < 0.4:
            return f"({self.expr(kind, d)} {op} ({kind}){r.choice((2, 3, 5, 7, 10, 16, 100))})"
        if kind in WIDE and d > 0:
            kind = "u64"
        by = f"({self.expr(kind, d)} | 1)" if kind[0] == "u" else \
            f"(({self.expr(kind, d)} & 0x3f) + 2)"
        return f"({self.expr(kind, d)} {op} {by})"

    def high(self, kind, d):
        sign = self.r.choice("us")
        x, y = (self.expr(f"{sign}64", d) for _ in range(2))
        return f"(({sign}128){x} * {y} >> {self.r.choice((64, 64, 32, 1, 127))})"

    def overflow(self, kind, d):
        op = self.r.choice(("add", "sub", "mul"))
        x, y, to = (self.r.choice(NARROW + WIDE) for _ in range(3))
        if self.r.random() < 0.5:
            x = y = to
        return (f"({{ {to} r_; u32 o_ = __builtin_{op}_overflow({self.expr(x, d)}, "
                f"{self.expr(y, d)}, &r_); r_ ^ ({to})(o_ << 3); }})")

    # Statements: lists of lines.

    def name(self):
        self.names += 1
        return f"v{self.names}"

    def block(self, count, depth):
        lines = []
        for _ in range(count):
            makers = [self.assign] * 4 + [self.fields, self.fields, self.memory, self.atomic,
                                          self.put, self.whole]
            if depth > 0:
                makers += [self.branch, self.choose, self.choose, self.walk]
                if self.result:
                    makers.append(self.leave)
                if self.loops < 2:
                    makers.append(self.loop)
            if self.loops == 0 and self.calls < 3:
                makers += [self.call] * 3
            lines += self.r.choice(makers)(depth)
        return ["  " + l if not l.startswith("#") else l for l in lines]

    def assign(self, depth):
        text, kind = self.r.choice(self.targets)
        op = self.r.choice(("=", "=", "+=", "^=", "-=", "*=", "|=", "&="))
        return [f"{text} {op} {self.expr(kind, 3)};"]

    def put(self, depth):
        r = self.r
        if r.random() < 0.5:
            name, kind = r.choice(self.arrays)
            return [f"{name}{self.index(8)} {r.choice(('=', '+=', '^='))} {self.expr(kind, 2)};"]
        bits = r.choice((16, 32, 64))
        return [f"*(any{bits} *)(bytes + {self.expr('u32', 1)} % 88) = "
                f"LITTLE({bits}, {self.expr(f'u{bits}', 2)});"]

    def fields(self, depth):
        text, struct = self.r.choice(self.objects)
        lines = []
        for name, kind, bits in self.r.sample(struct.fields, min(2, len(struct.fields))):
            op = self.r.choice(("=", "+=", "^=", "|=", "-="))
            lines.append(f"{text}.{name} {op} {self.expr(kind, 2)};")
        return lines

    def whole(self, depth):
        text, struct = self.r.choice(self.objects)
        other = self.r.choice([t for t, s in self.objects if s is struct])
        return [f"{text} = {other};"] if other != text else []

    def memory(self, depth):
        r = self.r
        size = r.randint(0, 33) if r.random() < 0.6 else f"({self.expr('u32', 1)} & 31)"
        to, at = r.randrange(32), r.randrange(31)
        target, _ = r.choice(self.targets)
        kind = r.choice(("cpy", "move", "set", "cmp", "equal"))
        if kind == "cpy":
            a, b = r.sample(("bytes", "others"), 2)
            return [f"__builtin_memcpy({a} + {to}, {b} + {at}, {size});"]
        if kind == "move":
            return [f"__builtin_memmove(bytes + {to}, bytes + {at}, {size});"]
        if kind == "set":
            return [f"__builtin_memset(others + {at}, {self.expr('u8', 1)}, {size});"]
        result = f"__builtin_memcmp(bytes + {to}, others + {at}, {size})"
        return [f"{target} ^= {result} {'== 0' if kind == 'equal' else '< 0'};"]

    def atomic(self, depth):
        """One operation, and what it does where a CPU version lacks it."""
        r, old = self.r, self.name()
        bits = r.choice((32, 64))
        at, new = f"a{bits}[{r.randrange(4)}]", old + "_"
        target, _ = r.choice(self.targets)
        name, op = r.choice((("add", "+"), ("sub", "-"), ("or", "|"), ("and", "&"), ("xor", "^")))
        order = r.choice(("RELAXED", "ACQUIRE", "RELEASE", "ACQ_REL", "SEQ_CST"))
        seen = r.choice((at, f"({new} * 3)", f"({new} ^ 1)"))
        change = f"{at} = {at} {op} {new};"
        needs, text, plain = r.choice((
            (1, f"__sync_fetch_and_add(&{at}, {new});", f"{at} += {new};"),
            (3, f"__atomic_fetch_{name}(&{at}, {new}, __ATOMIC_{order});", change),
            (3, f"{old} = __sync_fetch_and_{name}(&{at}, {new});", f"{old} = {at}; {change}"),
            (3, f"{old} = __atomic_fetch_{name}(&{at}, {new}, __ATOMIC_{order});",
             f"{old} = {at}; {change}"),
            (3, f"{old} = __atomic_{name}_fetch(&{at}, {new}, __ATOMIC_{order});",
             f"{change} {old} = {at};"),
            (3, f"{old} = __atomic_exchange_n(&{at}, {new}, __ATOMIC_{order});",
             f"{old} = {at}; {at} = {new};"),
            (3, f"{old} = __sync_val_compare_and_swap(&{at}, {seen}, {new});",
             f"{old} = {at}; if ({old} == {seen}) {at} = {new};"),
            (3, f"{old} = __sync_bool_compare_and_swap(&{at}, {seen}, {new});",
             f"{old} = {at} == {seen}; if ({old}) {at} = {new};"),
            (3, f"{old} = {seen}; {old} += __atomic_compare_exchange_n(&{at}, &{old}, {new}, "
             f"{r.randrange(2)}, __ATOMIC_{order}, __ATOMIC_RELAXED);",
             f"{old} = {seen}; if ({at} == {old}) {at} = {new}, {old}++; else {old} = {at};"),
            (4, f"{old} = __atomic_load_n(&{at}, __ATOMIC_ACQUIRE);", f"{old} = {at};"),
            (4, f"__atomic_store_n(&{at}, {new}, __ATOMIC_RELEASE);", f"{at} = {new};")))
        return ["{", f"  u{bits} {new} = {self.expr(f'u{bits}', 1)}, {old} = 0;",
                f"#if CPU >= {needs}", "  " + text, "#else", "  " + plain, "#endif",
                f"  {target} += {old};", "}"]

    def branch(self, depth):
        lines = [f"if ({self.compare('s32', 2)}) {{", *self.block(self.r.randint(1, 2), depth - 1)]
        if self.r.random() < 0.6:
            lines += ["} else {", *self.block(self.r.randint(1, 2), depth - 1)]
        return lines + ["}"]

    def choose(self, depth):
        """A switch: dense, sparse or with ranges; some cases fall through."""
        r, kind = self.r, self.r.choice(NARROW)
        count = r.randint(2, 9)
        if r.random() < 0.6:
            on = f"(u32)({self.expr('u' + kind[1:], 1)} % {count + 2}u)"
            labels = r.sample(range(count + 2), count)
        else:
            on = f"({kind}){self.expr(kind, 1)}"
            low = -(1 << BITS[kind] - 1) if kind[0] == "s" else 0
            pool = {low + r.getrandbits(r.randint(1, BITS[kind])) for _ in range(count)}
            labels = sorted(pool)
        lines, upper = [f"switch ({on}) {{"], None
        for label in labels:
            suffix = "" if label < 1 << 31 else "ull"
            text = f"{label}{suffix}" if label >= -(1 << 63) + 1 else "(-9223372036854775807ll - 1)"
            lines.append(f"case {text}:")
            if depth > 0 and r.random() < 0.2:
                lines += [*self.block(1, depth - 1), *["  break;"] * r.randint(0, 1)]
            elif r.random() < 0.8:
                target, own = r.choice(self.targets)
                lines.append(f"  {target} {r.choice(('=', '+=', '^='))} {self.expr(own, 1)};")
                if r.random() < 0.7:
                    lines.append("  break;")
        if r.random() < 0.6:
            lines += ["default:", *self.assign(0)]
        return lines + ["}"]

    def loop(self, depth):
        counter = self.name()
        self.loops += 1
        self.values.append((counter, "u32"))
        lines = [f"for (u32 {counter} = 0; {counter} < {self.r.randint(1, 9)}; {counter}++) {{",
                 *self.block(self.r.randint(1, 2), depth - 1)]
        if self.r.random() < 0.4:
            lines.append(f"  if ({self.compare('s32', 1)})\n    " +
                         self.r.choice(("break", "continue")) + ";")
        self.values.pop()
        self.loops -= 1
        return lines + ["}"]

    def walk(self, depth):
        """A pointer through an array, which may be left early."""
        name, kind = self.r.choice(self.arrays)
        pointer, end = self.name(), f"{name} + {self.index(9)[1:-1]}"
        self.variable(f"(*{pointer})", kind)
        self.loops += 1
        lines = [f"for ({kind} *{pointer} = {name}, *end = {end}; {pointer} < end; {pointer}++) {{"
                 , *self.block(1, 0), f"  if ({self.compare(kind, 1)})", "    break;", "}"]
        self.loops -= 1
        self.values.pop()
        self.targets.pop()
        return lines

    def leave(self, depth):
        return [f"if ({self.compare('u64', 1)})", f"  return {self.argument(self.result)};"]

    def argument(self, kind):
        if isinstance(kind, Struct):
            return self.r.choice([t for t, s in self.objects if s is kind])
        if kind == "u64 *":
            return f"&a64[{self.r.randrange(4)}]"
        return self.expr(kind, 2)

    def call(self, depth):
        r = self.r
        self.calls += 1
        if not self.functions:
            return []
        name, result, kinds, step = r.choice(self.functions)
        if step:
            target, _ = r.choice(self.targets)
            context = r.choice([t for t, s in self.objects if s is kinds[0]])
            return [f"{target} += bpf_loop({self.expr('u32', 1)} % 5, {name}, &{context}, 0);"]
        text = f"{name}({', '.join(self.argument(k) for k in kinds)})"
        if isinstance(result, Struct):
            to = r.choice([t for t, s in self.objects if s is result])
            return [f"{to} = {text};"]
        target, _ = r.choice(self.targets)
        return [f"{target} {r.choice(('=', '+=', '^='))} {text};"]

    # The whole.

    def globals_only(self):
        self.values, self.targets, self.objects = [], [], []
        for i, struct in enumerate(self.structs):
            for n in range(2):
                self.object(f"t{i}[{n}]", struct)

    def object(self, text, struct):
        self.objects.append((text, struct))
        for name, kind, _ in struct.fields:
            self.values.append((f"{text}.{name}", kind))

    def variable(self, text, kind):
        self.values.append((text, kind))
        self.targets.append((text, kind))

    def function(self, number):
        r, step = self.r, self.r.random() < 0.25
        self.globals_only()
        self.calls = 0
        name = f"f{number}"
        result = r.choice(NARROW + WIDE + tuple(self.structs) * 2)
        kinds = [r.choice(NARROW * 2 + WIDE + tuple(self.structs) * 2 + ("u64 *",))
                 for _ in range(r.choice((1, 2, 3, 4, 5, 6, 7, 9)))]
        lines, parameters = [], []
        if step:
            result, kinds = "long", [r.choice(self.structs)]
            parameters = ["u32 i", "void *context"]
            lines.append(f"  {kinds[0].name} *p = context;")
            self.values.append(("i", "u32"))
            self.object("(*p)", kinds[0])
        else:
            for i, kind in enumerate(kinds):
                spelled = kind.name if isinstance(kind, Struct) else kind
                parameters.append(f"{spelled} p{i}")
                if isinstance(kind, Struct):
                    self.object(f"p{i}", kind)
                elif kind == "u64 *":
                    self.variable(f"(*p{i})", "u64")
                else:
                    self.variable(f"p{i}", kind)
        for _ in range(r.randint(1, 5)):
            local, kind = self.name(), r.choice(NARROW * 2 + WIDE)
            volatile = "volatile " if r.random() < 0.1 else ""
            lines.append(f"  {volatile}{kind} {local} = {self.expr(kind, 2)};")
            self.variable(local, kind)
        self.result = "s32" if step else result
        lines += self.block(r.randint(2, 9), 2)
        lines.append(f"  return {self.argument(self.result) if not step else '0'};")
        self.functions.append((name, result, kinds, step))
        spelled = result.name if isinstance(result, Struct) else result
        head = f"{'static' if step else 'STATIC'} {spelled} {name}({', '.join(parameters)}) {{"
        return "\n".join([head, *lines, "}"])

    def main(self):
        self.globals_only()
        lines = ["static void program(void) {", "  for (u32 i = 0; i < sizeof(bytes); i++)",
                 "    bytes[i] = random64();", "  for (u32 i = 0; i < 8; i++) {"]
        lines += [f"    u64 n{i} = number();" for i in range(4)]
        lines += ["    a64[i % 4] = n3;", "    a32[i % 4] = n2;"]
        for name, kind in self.arrays:
            lines.append(f"    {name}[i] = ({kind})n1 * ({kind})n2;")
        for i, struct in enumerate(self.structs):
            for name, kind, _ in struct.fields:
                lines.append(f"    t{i}[i % 2].{name} = n{self.r.randrange(4)};")
        for i in range(4):
            self.variable(f"n{i}", "u64")
        self.calls, self.result = -99, None
        calls = self.functions
        for one in calls:
            self.functions = [one]
            lines += ["    " + l for l in self.call(0)]
        self.functions = calls
        for name, _ in self.arrays:
            lines.append(f"    add128({name}[n0 % 8]);")
        for text, struct in self.objects:
            lines += [f"    add((s64){text}.{name});" for name, _, _ in struct.fields]
        lines += [f"    add(n{i});" for i in range(4)]
        lines += ["    for (u32 j = 0; j < 4; j++)", "      add(a64[j] ^ a32[j] * 3ull);", "  }",
                  "  for (u32 i = 0; i < sizeof(bytes); i++)",
                  "    add(bytes[i] ^ others[i % 64] << 8);", "}"]
        return "\n".join(lines)

    def text(self):
        parts = [HEADER]
        parts += [s.declaration() + f"\nstatic {s.name} t{i}[2];"
                  for i, s in enumerate(self.structs)]
        parts += [f"static {kind} {name}[8];" for name, kind in self.arrays]
        parts += [self.function(i) for i in range(self.r.randint(2, 5))]
        parts.append(self.main())
        return "\n\n".join(parts) + "\n"


def generate(seed):
    return Program(seed).text()

"""Random C programs about what the passes of ours look for: numbers put together
from bytes, stores beside each other, copies of neighbours, keys on the stack that
hold constants, truth values in arithmetic, joins of constants that are tested again,
loops with counters.

Buffers are as the compiler sees them: globals, locals, pointers to either. What a
program computes does not depend on the compiler; a number is read from memory or
written there byte by byte, or in little-endian order."""
import random

UNSIGNED = ("u8", "u16", "u32", "u64")
BITS = {t: int(t[1:]) for t in UNSIGNED + ("s8", "s16", "s32", "s64")}
SIZE = 32  # of a buffer

HEADER = """#include "program.h"

typedef u16 __attribute__((aligned(1), may_alias)) any16;
typedef u32 __attribute__((aligned(1), may_alias)) any32;
typedef u64 __attribute__((aligned(1), may_alias)) any64;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LITTLE(bits, x) __builtin_bswap##bits(x)
#else
#define LITTLE(bits, x) (x)
#endif
#define LITTLE8

struct pair {
  u32 a;
  u16 b, c;
  u8 d[4];
};
static u8 one[32], two[32];
static volatile u8 any[32];
static struct pair pairs[2];

STATIC void look(const void *p, u32 size) {
  for (u32 i = 0; i < size; i++)
    add(((const u8 *)p)[i]);
}
STATIC void look4(const u32 *p) { add(*p); }
STATIC void look8(const u64 *p) { add(*p); }
"""


class Program:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.names = self.loops = 0
        self.values, self.buffers, self.keys = [], [], []

    def name(self):
        self.names += 1
        return f"v{self.names}"

    def number(self, limit=None):
        r = self.r
        limit = limit or r.choice((2, 8, 256, 1 << 16, 1 << 31))
        return r.choice((0, 1, r.randrange(limit), limit - 1))

    # Expressions; each is of an unsigned type, u64 unless it says so.

    def value(self, depth=1):
        r = self.r
        if depth <= 0 or r.random() < 0.3:
            return r.choice(self.values) if r.random() < 0.8 else f"{self.number()}u"
        return r.choice((self.gather, self.gather, self.truth, self.sum))(depth - 1)

    def sum(self, depth):
        return f"({self.value(depth)} {self.r.choice('+-^|&')} {self.value(depth)})"

    def test(self, depth=0):
        r = self.r
        kind = r.choice(tuple(BITS))
        right = f"({kind}){self.number()}" if r.random() < 0.7 else f"({kind}){self.value(depth)}"
        return f"({kind}){self.value(depth)} {r.choice(('==', '!=', '<', '>', '<=', '>='))} {right}"

    def truth(self, depth):
        r = self.r
        test = f"({self.test(depth)})"
        if r.random() < 0.3:
            test = f"({test} {r.choice(('&', '|', '^', '&&', '||', '=='))} ({self.test(depth)}))"
        kind = r.choice(("u8", "u16", "u32", "u64", "s32", "s64"))
        shift = r.choice(("", "", f" << {r.randrange(BITS[kind])}",
                          f" << ({self.value(0)} & {BITS[kind] - 1})"))
        sign = r.choice(("", "", "-", "!", "~"))
        if kind[0] == "s" and shift:
            kind = "u" + kind[1:]
        whole = f"(u64)(({kind})({sign}({kind}){test}){shift})"
        return f"({self.value(0)} {r.choice('+-^|')} {whole})" if r.random() < 0.6 else f"({whole})"

    def gather(self, depth):
        """A number from bytes, or wider parts, in any order of theirs."""
        r = self.r
        part = r.choice((1, 1, 1, 2, 4))
        count = r.choice([n for n in (2, 3, 4, 8) if n * part <= 8])
        kind = r.choice([t for t in ("u16", "u32", "u64") if BITS[t] >= 8 * part * count])
        buffer, at = self.place(part * count)
        order = list(range(count))
        order = r.choice((order, order[::-1], r.sample(order, count)))
        if r.random() < 0.2:
            order[r.randrange(count)] = r.randrange(count)
        terms = []
        for n, byte in enumerate(order):
            sign = "s" if r.random() < 0.05 else "u"
            shift = f" << {8 * part * n}" if n else ""
            term = f"({kind})({sign}{8 * part}){self.read(buffer, at, byte * part, part)}"
            terms.append(f"({term}{shift})")
        if r.random() < 0.2:
            terms.append(f"({kind}){self.value(0)}")
        r.random() < 0.3 and r.shuffle(terms)
        op = " | " if r.random() < 0.9 else r.choice((" + ", " ^ "))
        return f"((u64)({kind})({op.join(terms)}))"

    def place(self, size):
        """A buffer, and an index that leaves room."""
        r = self.r
        buffer = r.choice(self.buffers)
        most = SIZE - size
        if r.random() < 0.7:
            return buffer, str(r.choice((0, 0, 4, 8, 6, r.randint(0, most))) % (most + 1))
        return buffer, f"({self.value(0)} % {most + 1})"

    def read(self, buffer, at, more, size):
        if size == 1:
            return f"{buffer}[{at} + {more}]"
        return f"LITTLE({8 * size}, *(any{8 * size} *)({buffer} + {at} + {more}))"

    def write(self, buffer, at, more, size, value):
        if size == 1:
            return f"{buffer}[{at} + {more}] = {value};"
        bits = 8 * size
        return f"*(any{bits} *)({buffer} + {at} + {more}) = LITTLE({bits}, (u{bits})({value}));"

    # Statements: lists of lines.

    def block(self, count, depth):
        lines = []
        for _ in range(count):
            makers = [self.assign, self.assign, self.scatter, self.scatter, self.fill, self.copy,
                      self.neighbours, self.touch, self.overlay, self.key, self.key, self.fields]
            if depth > 0:
                makers += [self.branch, self.chain, self.chain, self.parse]
                if self.loops < 2:
                    makers += [self.count, self.count, self.turns, self.machine]
            lines += self.r.choice(makers)(depth)
        return ["  " + l for l in lines]

    def assign(self, depth):
        op = self.r.choice(("=", "+=", "^=", "-=", "|="))
        return [f"{self.r.choice(self.values)} {op} {self.value(3)};"]

    def between(self, lines):
        """Now and then something among stores that may see what they write."""
        r = self.r
        for n in range(len(lines) - 1, 0, -1):
            if r.random() < 0.1:
                lines.insert(n, r.choice((self.touch, self.overlay, self.assign))(0)[0])
        return lines

    def scatter(self, depth):
        """The parts of a number, beside each other."""
        r = self.r
        part = r.choice((1, 1, 2, 4))
        count = r.choice([n for n in (2, 3, 4, 8) if n * part <= 8])
        (buffer, at), value = self.place(part * count), self.name()
        order = list(range(count))
        places = r.choice((order, order[::-1], r.sample(order, count)))
        kind = r.choice(("u64", "u64", "s64", "u32"))
        lines = []
        for n in r.choice((order, order, r.sample(order, count))):
            shift = 8 * part * n % BITS[kind]
            lines.append(self.write(buffer, at, part * places[n], part, f"{value} >> {shift}"))
        return ["{", f"  {kind} {value} = {self.value(1)};", *self.between(lines), "}"]

    def fill(self, depth):
        r = self.r
        part = r.choice((1, 1, 2, 4))
        count = r.randint(2, 8 // part + 1)
        buffer, at = self.place(part * count)
        lines = [self.write(buffer, at, part * n, part, f"{self.number(1 << 8 * part)}u")
                 for n in range(count)]
        r.random() < 0.2 and r.shuffle(lines)
        return self.between(lines)

    def copy(self, depth):
        """Parts from one place to another, which may overlap."""
        r = self.r
        part = r.choice((1, 1, 2, 4))
        count = r.choice([n for n in (2, 3, 4, 8) if n * part <= 8])
        (to, at), (source, start) = self.place(part * count), self.place(part * count)
        order = list(range(count))
        lines = [self.write(to, at, part * n, part, self.read(source, start, part * m, part))
                 for n, m in zip(r.choice((order, order, order[::-1])),
                                 r.choice((order, order, order, order[::-1])))]
        return self.between(lines)

    def neighbours(self, depth):
        r = self.r
        first, second = r.choice(((6, 6), (4, 4), (2, 6), (3, 5), (8, 4), (1, 1)))
        (to, at), (source, start) = self.place(first + second), self.place(first + second)
        kind = "move"
        if to[0] != source[0] and "p" not in to[0] + source[0]:
            kind = "cpy"
        gap = r.choice((0, 0, 0, 1)) if first > 1 else 0
        lines = [f"__builtin_mem{kind}({to} + {at}, {source} + {start}, {first});",
                 f"__builtin_mem{kind}({to} + {at} + {first}, "
                 f"{source} + {start} + {first - gap}, {second});"]
        r.random() < 0.1 and lines.reverse()
        return self.between(lines)

    def touch(self, depth):
        r = self.r
        buffer, at = self.place(1)
        return [r.choice((f"{r.choice(self.values)} ^= {buffer}[{at}];",
                          f"any[{r.randrange(SIZE)}] = {self.value(0)};",
                          f"{r.choice(self.values)} += any[{r.randrange(SIZE)}];",
                          "__asm__ volatile(\"\" ::: \"memory\");",
                          f"look({buffer} + {at}, 1);"))]

    def overlay(self, depth):
        size = self.r.choice((1, 2, 4, 8))
        buffer, at = self.place(size)
        value = self.value(0) if self.r.random() < 0.5 else f"{self.number(1 << 8 * size)}u"
        return [self.write(buffer, at, 0, size, value)]

    def key(self, depth):
        """A constant on the stack, that some ways change, and that is looked at."""
        r = self.r
        key, kind = self.name(), r.choice(("u32", "u32", "u64"))
        start = r.choice((0, 0, 0, 1))
        lines = ["{", f"  {kind} {key} = {start};"]
        look = f"look{BITS[kind] // 8}(&{key});"
        for _ in range(r.randint(0, 3)):
            change = r.choice((f"{key} = {start};", f"{key} = {self.number()}u;", look,
                               f"{key} = {self.value(0)};", f"{key} = {self.test()};"))
            lines.append(f"  if ({self.test()})")
            lines.append("    " + change)
            if r.random() < 0.4:
                lines += ["  else", f"    {key} = {r.choice((start, self.value(0)))};"]
            r.random() < 0.3 and lines.append("  " + look)
        return lines + ["  " + look, "}"]

    def fields(self, depth):
        """A structure whose members are set one by one, as keys of maps are."""
        r, pair = self.r, self.name()
        lines = ["{", f"  struct pair {pair}" + r.choice((" = {0};", " = {0};", " = pairs[0];"))]
        for member in r.sample(("a", "b", "c", "d[0]", "d[1]", "d[2]", "d[3]"), r.randint(1, 6)):
            value = r.choice((f"{self.number(200)}", self.value(0), f"pairs[1].{member}"))
            guard = f"if ({self.test()}) " if r.random() < 0.3 else ""
            lines.append(f"  {guard}{pair}.{member} = {value};")
        seen = [f"add({pair}.a);", f"add({pair}.b);", f"look({pair}.d, 4);"]
        return lines + [f"  {r.choice(seen)}", f"  pairs[{r.randrange(2)}] = {pair};", *
                        [f"  {l}" for l in seen], f"  add({pair}.c);", "}"]

    def branch(self, depth):
        lines = [f"if ({self.test(1)}) {{", *self.block(self.r.randint(1, 2), depth - 1)]
        if self.r.random() < 0.5:
            lines += ["} else {", *self.block(1, depth - 1)]
        return lines + ["}"]

    def chain(self, depth):
        """Tests one after the other, which leave constants to be tested again."""
        r, found = self.r, self.name()
        kind = r.choice(("u8", "u32", "s32", "u64", "s8"))
        low, high = (-2 if kind[0] == "s" else 0), 5
        lines = ["{", f"  {kind} {found} = {r.randint(low, high)};"]
        for n in range(r.randint(1, 4)):
            lines.append(f"  {'else ' if n and r.random() < 0.8 else ''}if ({self.test()}) {{")
            if r.random() < 0.3:
                lines += self.block(1, 0)
            value = r.choice((str(r.randint(low, high)), self.value(0), f"({self.test()})"))
            lines += [f"    {found} = {value};", "  }"]
        for _ in range(r.randint(1, 2)):
            test = r.choice((found, f"!{found}", f"{found} == {r.randint(low, high)}",
                             f"{found} != {r.randint(low, high)}", f"{found} < {high // 2}"))
            lines += [f"  if ({test}) {{", *self.block(1, depth - 1), "  }"]
        if r.random() < 0.5:
            lines += [f"  switch ({found}) {{"]
            for label in r.sample(range(high + 1), 3):
                lines += [f"  case {label}:", f"    {r.choice(self.values)} ^= {found};",
                          *r.choice(([], ["    break;"]))]
            lines += ["  }"]
        return lines + [f"  {r.choice(self.values)} += {found};", "}"]

    def parse(self, depth):
        """Steps that each may end all that follows, with a result of its own."""
        r, result, end = self.r, self.name(), self.name()
        lines = ["{", f"  s32 {result} = {r.randint(-1, 2)}, n{end} = 0;", "  do {"]
        for _ in range(r.randint(2, 4)):
            lines.append(f"    if ({self.test(1)}) {{")
            if r.random() < 0.7:
                lines.append(f"      {result} = {r.randint(-1, 3)};")
            if r.random() < 0.3:
                lines += self.block(1, 0)
            lines += ["      break;", "    }"]
            r.random() < 0.6 and lines.append(f"    n{end} = {r.choice((1, 2, self.test()))};")
        lines += ["  } while (0);", f"  if ({result} {r.choice(('< 0', '== 0', '> 1', '!= 1'))}) {{",
                  *self.block(1, depth - 1), "  }"]
        return lines + [f"  add({result});", f"  add(n{end});", "}"]

    def count(self, depth):
        """A loop with a counter, up or down, that is left in several ways."""
        r, i = self.r, self.name()
        kind = r.choice(("u8", "u16", "u32", "s32", "u64", "s64", "s8"))
        step, turns = r.choice((1, 1, 2, 3, 5)), r.randint(1, 9)
        start = r.choice((0, 0, 1, 7, r.randint(0, 40)))
        end = start + step * turns
        test, change = f"{i} < {end - r.randrange(step)}", f"{i} += {step}"
        if r.random() < 0.3:
            test = f"{i} != {end}"
        elif r.random() < 0.4:
            start, end = end, start
            change = f"{i} -= {step}"
            test = f"{i} != {end}" if kind[0] == "u" else f"{i} > {end}"
        self.loops += 1
        self.values.append(i + "_")
        body = [f"    u64 {i}_ = {i};", *self.block(r.randint(1, 2), depth - 1)]
        if r.random() < 0.3:
            body.append(f"    if ({self.test()})\n      {r.choice(('break', 'continue'))};")
        if r.random() < 0.5:
            body.append(f"    one[{i} & 31] ^= {self.value(0)};")
        self.values.pop()
        self.loops -= 1
        after = [f"  add({i});"] if r.random() < 0.5 else []
        if r.random() < 0.7:
            return ["{", f"  {kind} {i};", f"  for ({i} = {start}; {test}; {change}) {{", *body,
                    "  }", *after, "}"]
        return ["{", f"  {kind} {i} = {start};", "  do {", *[l.replace("continue", "break")
                for l in body], f"    {change};", f"  }} while ({test});", *after, "}"]

    def turns(self, depth):
        """Values that change places on the way back."""
        r = self.r
        names = [self.name() for _ in range(r.randint(2, 4))]
        moved = names[1:] + names[:1]
        i = self.name()
        lines = ["{", "  u64 " + ", ".join(f"{n} = {self.value(0)}" for n in names) + ";",
                 f"  for (u32 {i} = 0; {i} < {r.randint(2, 6)}; {i}++) {{",
                 f"    u64 t{i} = {names[0]};"]
        for to, source in zip(names, moved[:-1]):
            lines.append(f"    {to} = {source}{r.choice(('', '', ' + 1', f' ^ t{i}'))};")
        lines += [f"    {names[-1]} = {r.choice((f't{i}', f't{i}', '0', '1'))};",
                  f"    if ({names[0]} {r.choice('<>')} {names[1]}) {{"]
        lines += [f"      {r.choice(names)} = {self.value(0)};",
                  f"      {r.choice(('continue', 'break', 'add(1)'))};", "    }"]
        if r.random() < 0.5:
            lines.append(f"    two[{r.randrange(SIZE)}] += {names[0]};")
        return lines + ["  }", *[f"  add({n});" for n in names], "}"]

    def machine(self, depth):
        """A state in a switch in a loop: a loop with several ways back and in."""
        r, state, fuel = self.r, self.name(), self.name()
        count = r.randint(2, 5)
        self.loops += 1
        lines = ["{", f"  u32 {state} = {self.value(0)} % {count}, {fuel} = {r.randint(3, 12)};",
                 f"  while ({fuel}--) {{", f"    switch ({state}) {{"]
        for n in range(count):
            lines += [f"    case {n}:", *["  " + l for l in self.block(1, 0)],
                      f"      {state} = {r.choice((r.randrange(count + 1), self.value(0)))} % "
                      f"{count + 1};"]
            lines += r.choice(([], ["      break;"], ["      continue;"]))
        self.loops -= 1
        return lines + ["    }", f"    add({state});", "  }", f"  add({fuel});", "}"]

    # The whole.

    def function(self, number):
        r = self.r
        self.values = ["a", "b", "c"]
        self.buffers = ["one", "two", "p", "here"]
        lines = [f"STATIC u64 f{number}(u8 *p, u64 a, u64 b, u64 c) {{",
                 f"  u8 here[{SIZE}] = {r.choice(('{0}', '{1, 2, 3}'))};"]
        lines += self.block(r.randint(3, 8), 2)
        return "\n".join([*lines, "  look(here, sizeof(here));",
                          f"  return {self.value(2)};", "}"])

    def text(self):
        count = self.r.randint(2, 4)
        parts = [HEADER, *[self.function(n) for n in range(count)]]
        calls = "".join(f"    add(f{n}({self.r.choice(('one', 'two', 'other'))}, x, y, z));\n"
                        for n in range(count))
        return "\n\n".join([*parts, f"""static void program(void) {{
  u8 other[{SIZE}];
  for (u32 i = 0; i < {SIZE}; i++)
    one[i] = random64(), two[i] = random64(), other[i] = random64();
  for (u32 i = 0; i < 12; i++) {{
    u64 x = number(), y = number(), z = number() & 7;
{calls}    look(other, sizeof(other));
    look(one, sizeof(one));
    look(two, sizeof(two));
    add(pairs[0].a + pairs[0].b * 3 + pairs[0].c * 5);
    look(pairs[0].d, 4);
  }}
}}
"""])


def generate(seed):
    return Program(seed).text()

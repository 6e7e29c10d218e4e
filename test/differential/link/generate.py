"""Random programs in 2 to 10 files that call each other and share variables, maps
and types."""
import random

HEADER = """\
#define SEC(Name) __attribute__((section(Name), used))
#define NOINLINE __attribute__((noinline))
typedef unsigned int u32;
typedef unsigned long long u64;
struct xdp_md { u32 data, data_end; };
struct point { int x, y; };
struct shape;
struct node { struct node *next; struct shape *of; struct point at; u64 value; };
enum mode { PLAIN, FANCY = 7 };
extern int LINUX_KERNEL_VERSION __attribute__((section(".kconfig")));
static void *(*lookup)(void *Map, const void *Key) = (void *)1;
static long (*bpf_loop)(u32 N, void *F, void *Ctx, u64 Flags) = (void *)181;
"""
SHAPE = "struct shape { enum mode mode; struct point corners[4]; struct shape *next; };\n"
MAP = """struct {{
  int (*type)[{kind}]; int (*max_entries)[{size}]; u32 *key; struct node *value;
}} map{n}"""


class Program:
    """Text of each file, and the names of its programs."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        r = self.random
        self.count = r.randint(2, 10)
        self.files = [[] for _ in range(self.count)]
        self.declared = []
        self.programs = []
        self.variables(r.randint(1, 6))
        self.maps(r.randint(0, 3))
        self.functions(r.randint(2, 12))
        self.entries(r.randint(1, 3))

    def some_file(self):
        return self.random.choice(self.files)

    def variables(self, count):
        self.names = []
        for n in range(count):
            kind = self.random.choice(["int", "u64", "short", "char"])
            const = "const volatile " if self.random.random() < 0.3 else ""
            self.declared.append(f"extern {const}{kind} var{n};")
            value = f" = {self.random.randint(1, 99)}" if const or self.random.random() < 0.5 else ""
            self.some_file().append(f"{const}{kind} var{n}{value};")
            self.names.append((f"var{n}", bool(const)))

    def maps(self, count):
        self.map_count, self.map_texts = count, []
        for n in range(count):
            text = MAP.format(kind=self.random.choice([1, 2]), size=self.random.randint(1, 9), n=n)
            self.map_texts.append((self.random.randrange(self.count), text))

    def expression(self, below, statics):
        r, terms = self.random, ["x"]
        for _ in range(r.randint(1, 4)):
            pick = r.randrange(6)
            if pick == 0 and self.names:
                terms.append(r.choice(self.names)[0])
            elif pick == 1 and below:
                terms.append(f"fun{r.choice(below)}(x + {r.randint(0, 9)})")
            elif pick == 2 and statics:
                terms.append(f"{r.choice(statics)}(x ^ {r.randint(0, 99)})")
            elif pick == 3:
                terms.append("(LINUX_KERNEL_VERSION > 5)")
            elif pick == 4 and self.map_count:
                terms.append(f"seen{r.randrange(self.map_count)}(x)")
            else:
                terms.append(str(r.randint(1, 999)))
        return f" {r.choice('+^-|')} ".join(terms)

    def functions(self, count):
        self.bodies = []
        self.statics = {}
        for n in range(count):
            home = self.random.randrange(self.count)
            own = self.statics.setdefault(home, [])
            file = self.files[home]
            if self.random.random() < 0.4:
                # One name in many files: they are not the same function.
                name = self.random.choice(["helper", "step", "mix"])
                if name not in own:
                    file.append(f"static volatile int s_{name} = {self.random.randint(1, 50)};")
                    file.append(f"static NOINLINE int {name}(int x)"
                                f" {{ return x * {self.random.randint(2, 9)} + s_{name}; }}")
                    own.append(name)
            below = [m for m in range(max(0, n - 3), n)] if n % 4 else []
            body = self.expression(below, own)
            self.declared.append(f"int fun{n}(int x);")
            weak = self.random.random() < 0.25
            kind = "__attribute__((weak)) " if weak else ""
            file.append(f"{kind}NOINLINE int fun{n}(int x) {{ return {body}; }}")
            if weak and self.random.random() < 0.6:
                other = self.files[(home + 1) % self.count]
                strong = "" if self.random.random() < 0.5 else "__attribute__((weak)) "
                other.append(f"{strong}NOINLINE int fun{n}(int x)"
                             f" {{ return x - {self.random.randint(1, 99)}; }}")
            self.bodies.append(n)

    def entries(self, count):
        for n in range(count):
            home = self.random.randrange(self.count)
            own = self.statics.get(home, [])
            text = [f'SEC("xdp") int prog{n}(struct xdp_md *ctx) {{ int x = {n + 3};']
            for name, const in self.names:
                if not const and self.random.random() < 0.3:
                    text.append(f"  {name} += {self.random.randint(1, 9)};")
            text.append(f"  x = {self.expression(self.bodies[-3:], own)};")
            if self.random.random() < 0.3:
                self.files[home].append(
                    f"static long loop{n}(u32 i, int *sum) {{ *sum += i + {n}; return 0; }}")
                text.append(f"  bpf_loop({self.random.randint(1, 20)}, loop{n}, &x, 0);")
            text.append("  return x & 3; }")
            self.files[home].append("\n".join(text))
            self.programs.append(f"prog{n}")

    def text(self, number):
        """What file NUMBER says."""
        r = random.Random(number)
        seen = [f"static NOINLINE int seen{n}(u32 x) {{ struct node *v = lookup(&map{n}, &x);"
                f" if (v) v->value += x; return v ? v->at.x + 2 : 1; }}"
                for n in range(self.map_count)]
        licence = 'char LICENSE[] SEC("license") = "GPL";\n' if number == 0 or r.random() < 0.5 else ""
        maps = [("" if home == number else "extern ") + text + ' SEC(".maps");'
                for home, text in self.map_texts]
        return (HEADER + (SHAPE if (number + self.count) % 3 else "")
                + "\n".join(self.declared + maps + seen + self.files[number])
                + "\n" + licence)

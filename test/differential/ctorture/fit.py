"""Which GCC torture tests fit BPF, decided by what the tests contain: the
front end's LLVM IR for a BPF target at the optimisation level in question.
No BPF code generator has a say, so that its failures cannot hide here."""
import re

ALLOWED_EXTERNS = ("llvm.",)
MAX_FRAMES = 8
MAX_STACK = 512

SIZES = {"ptr": 8, "half": 2, "float": 4, "double": 8, "fp128": 16}


def type_size(text, named):
    """Bytes of an LLVM type; alignment is taken as natural, which may be too
    small for a packed type by its padding, never too large."""
    text = text.strip()
    if text in SIZES:
        return SIZES[text]
    m = re.fullmatch(r"i(\d+)", text)
    if m:
        return (int(m.group(1)) + 7) // 8
    m = re.fullmatch(r"[\[<](\d+) x (.*)[\]>]", text)
    if m and text[1] != "{":
        return int(m.group(1)) * type_size(m.group(2), named)
    if text.startswith("%"):
        return type_size(named.get(text, "{}"), named)
    if text.startswith(("{", "<{")):
        return sum(type_size(t, named) for t in split_types(text.strip("<>{} ")))
    return 0


def split_types(text):
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in "{[<(") - (c in ")]>}")
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return parts + [text[start:]] if text.strip() else []


class Function:
    def __init__(self, name, header):
        self.name, self.header, self.stack = name, header, 0
        self.calls, self.reasons = set(), []


def arguments(header):
    """The parameter types between the parentheses after the name."""
    start = header.index("(", header.index("@"))
    depth = 0
    for i in range(start, len(header)):
        depth += (header[i] == "(") - (header[i] == ")")
        if depth == 0:
            return split_types(header[start + 1:i])
    return []


def read_ir(ir):
    named, functions, current = {}, {}, None
    for line in ir.splitlines():
        m = re.match(r"(%\S+) = type (.*)", line)
        if m:
            named[m.group(1)] = m.group(2)
        m = re.match(r'define .*?@("[^"]*"|[\w.$]+)\(', line)
        if m:
            current = Function(m.group(1), line)
            functions[current.name] = current
            check_header(current)
        elif line == "}":
            current = None
        elif current:
            check_line(current, line, named)
    return functions


def check_header(f):
    args = arguments(f.header)
    if "..." in [a.strip() for a in args]:
        f.reasons.append("varargs")


def check_line(f, line, named):
    # An empty template is a barrier that any target can take.
    asm = re.search(r'\basm (?:\w+ )*"([^"]*)"', line)
    code = re.sub(r'"[^"]*"', "", line)
    if re.search(r"\b(float|double|fp128|half|x86_fp80)\b", code):
        f.reasons.append("floating point")
    if "va_arg" in code or "llvm.va_" in code:
        f.reasons.append("varargs")
    if re.search(r"\bindirectbr\b", code):
        f.reasons.append("computed goto")
    if asm and asm.group(1):
        f.reasons.append("inline assembly")
    m = re.search(r"= alloca (.*?)(?:, align|$)", code)
    if m:
        if ", i" in m.group(1) or "llvm.stacksave" in code:
            f.reasons.append("variable-length arrays or alloca")
        f.stack += type_size(m.group(1), named)
    if "llvm.stacksave" in code:
        f.reasons.append("variable-length arrays or alloca")
    m = re.search(r"\bllvm\.(frameaddress|returnaddress|eh\.|trap|init\.tramp)", code)
    if m and m.group(1) != "trap":
        f.reasons.append("frame or return addresses")
    if re.search(r"\b(call|invoke)\b", code):
        # The caller makes the copy of a structure that is passed in memory.
        f.stack += sum(type_size(t, named) for t in re.findall(r"byval\(([^)]*)\)", code))
        m = re.search(r"@([\w.$]+)\(", code)
        if m:
            f.calls.add(m.group(1))
            if not m.group(1).startswith("llvm."):
                if "(..." in code.split("@")[0] and ", ..." in code.split("@")[0]:
                    f.reasons.append("varargs")
        elif not asm:
            f.reasons.append("calls through pointers")


def why_left_out(ir, entry="entry"):
    """The reasons why the module does not fit; empty if it does. Every function
    that the front end keeps must compile, so each counts, reached or not; only
    the depth of calls is asked from the entry on."""
    functions = read_ir(ir)
    reasons, deepest = [], {}

    def visit(name, path):
        """(frames, bytes of stack) of the deepest call chain from NAME."""
        if name in path:
            reasons.append("recursion")
            return 0, 0
        if name in deepest:
            return deepest[name]
        f = functions.get(name)
        if f is None:
            if not name.startswith(ALLOWED_EXTERNS):
                reasons.append(f"needs {name} of a C library or a second file")
            return 0, 0
        reasons.extend(f.reasons)
        if f.stack > MAX_STACK:
            reasons.append("more than 512 bytes of variables on the stack")
        below = [visit(c, path + (name,)) for c in sorted(f.calls)]
        deepest[name] = (1 + max([b[0] for b in below], default=0),
                         f.stack + max([b[1] for b in below], default=0))
        return deepest[name]

    frames, stack = visit(entry, ())
    for name in functions:
        visit(name, ())
    if frames > MAX_FRAMES:
        reasons.append("more than 8 nested calls")
    if stack > MAX_STACK:
        reasons.append("more than 512 bytes of variables on the stack")
    if "blockaddress(" in ir:
        reasons.append("computed goto")
    return sorted(set(reasons))

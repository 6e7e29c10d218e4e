"""The headers that a kernel build generates, made from Debian's linux-source
and linux-config packages without running kbuild.

The samples that include <linux/...> need autoconf.h (from the distribution's
.config), the asm/ wrappers that kbuild writes for generic headers, the system
call numbers, bounds.h, timeconst.h and version.h.  Nothing else of `make
prepare` is seen by a BPF program.
"""
import lzma
import os
import re
import subprocess


# Facts that kbuild asks of the compiler; the distribution used gcc.
ASKED_OF_THE_COMPILER = {
    "CONFIG_CC_IS_GCC", "CONFIG_GCC_VERSION", "CONFIG_CLANG_VERSION",
    "CONFIG_CC_HAS_NAMED_AS", "CONFIG_USE_X86_SEG_SUPPORT",
    "CONFIG_CC_HAS_ASM_INLINE", "CONFIG_CC_HAS_ASM_GOTO_OUTPUT",
    "CONFIG_CC_HAS_ASM_GOTO_TIED_OUTPUT", "CONFIG_STACK_VALIDATION",
    "CONFIG_OBJTOOL", "CONFIG_FORTIFY_SOURCE",
}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)


def autoconf(config_xz, out):
    lines = []
    for line in lzma.open(config_xz, "rt"):
        m = re.match(r"(CONFIG_\w+)=(.*)$", line)
        if not m:
            continue
        name, value = m.groups()
        if name in ASKED_OF_THE_COMPILER:
            continue
        if value == "y":
            lines.append(f"#define {name} 1")
        elif value == "m":
            lines.append(f"#define {name}_MODULE 1")
        else:
            lines.append(f"#define {name} {value}")
    lines.append("#define CONFIG_CC_IS_CLANG 1")
    lines.append("#define CONFIG_CLANG_VERSION 220000")
    write(out, "\n".join(lines) + "\n")


def wrappers(asm_dir, generic_kbuild, generated):
    """asm/X.h including asm-generic/X.h, as scripts/Makefile.asm-generic."""
    names = set()
    for kbuild, variables in (
        (os.path.join(asm_dir, "Kbuild"), "generic-y"),
        (generic_kbuild, "mandatory-y"),
    ):
        if os.path.exists(kbuild):
            for line in open(kbuild):
                m = re.match(variables + r"\s*\+=\s*(\S+)", line)
                if m:
                    names.add(m.group(1))
    for name in sorted(names):
        if not os.path.exists(os.path.join(asm_dir, name)):
            write(os.path.join(generated, name), f"#include <asm-generic/{name}>\n")


def system_calls(tree, generated):
    table = os.path.join(tree, "arch/x86/entry/syscalls/")
    header = os.path.join(tree, "scripts/syscallhdr.sh")
    jobs = [
        ("uapi/asm/unistd_32.h", "i386", "syscall_32.tbl", []),
        ("uapi/asm/unistd_64.h", "common,64", "syscall_64.tbl", []),
        ("uapi/asm/unistd_x32.h", "common,x32", "syscall_64.tbl",
         ["--offset", "__X32_SYSCALL_BIT"]),
        ("asm/unistd_32_ia32.h", "i386", "syscall_32.tbl", ["--prefix", "ia32_"]),
        ("asm/unistd_64_x32.h", "x32", "syscall_64.tbl", ["--prefix", "x32_"]),
    ]
    for out, abis, source, extra in jobs:
        path = os.path.join(generated, out)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["sh", header, "--abis", abis, "--emit-nr", *extra,
                        table + source, path], check=True)


def timeconst(hz):
    """What kernel/time/timeconst.bc computes: fixed-point reciprocals."""
    from math import gcd

    def shift_for(mul_num, mul_den, bits=32):
        s = 0
        while ((mul_num << s) + mul_den - 1) // mul_den < (1 << (bits - 1)):
            s += 1
        return s

    lines = [f"#if HZ != {hz}", "#error timeconst.h is for another HZ", "#endif"]
    for unit, name in ((1000, "MSEC"), (1000000, "USEC"), (1000000000, "NSEC")):
        for src, dst, a, b in ((f"HZ", name, unit, hz), (name, "HZ", hz, unit)):
            g = gcd(a, b)
            s = shift_for(a, b)
            mul = ((a << s) + b - 1) // b
            adj = ((1 << s) * (b - 1) // b) if b // g > 1 else 0
            if unit != 1000000000:
                lines.append(f"#define {src}_TO_{dst}_MUL32 0x{mul:x}ULL")
                lines.append(f"#define {src}_TO_{dst}_ADJ32 0x{adj:x}ULL")
                lines.append(f"#define {src}_TO_{dst}_SHR32 {s}")
            lines.append(f"#define {src}_TO_{dst}_NUM {a // g}")
            lines.append(f"#define {src}_TO_{dst}_DEN {b // g}")
    return "\n".join(lines) + "\n"


def bounds(tree, cc, flags, out):
    """kernel/bounds.c prints its constants as assembler comments."""
    text = subprocess.run(
        [cc, *flags, "-O2", "-w", "-S", "-o", "-",
         os.path.join(tree, "kernel/bounds.c")],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = []
    for m in re.finditer(r'^\s*\.ascii\s+"->(\S+) \$?(-?\w+) (.*)"', text, re.M):
        lines.append(f"#define {m.group(1)} {m.group(2)} /* {m.group(3)} */")
    if not lines:
        raise RuntimeError("kernel/bounds.c printed no constant")
    write(out, "\n".join(lines) + "\n")


def linux_include(tree):
    """kbuild's LINUXINCLUDE for x86, and the same as compiler arguments."""
    return [
        f"-I{tree}/arch/x86/include",
        f"-I{tree}/generated",
        f"-I{tree}/include",
        f"-I{tree}/arch/x86/include/uapi",
        f"-I{tree}/generated/uapi",
        f"-I{tree}/include/uapi",
        "-include", f"{tree}/include/linux/compiler-version.h",
        "-include", f"{tree}/include/linux/kconfig.h",
    ]


ASM = re.compile(
    r"\b(?:asm|__asm__|asm_inline|asm_volatile_goto|asm_goto_output)\b"
    r"(?:\s|\\\n|\b(?:volatile|__volatile__|goto|inline|__inline|_?qual)\b)*\(")


def closing(text, start):
    """Index after the parenthesis that closes the one before START; also
    whether a colon outside of strings was seen (an asm with operands)."""
    depth, i, colon = 1, start, False
    while i < len(text) and depth:
        c = text[i]
        if c == '"':
            i += 1
            while text[i] != '"':
                i += 2 if text[i] == "\\" else 1
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
        elif c == ":":
            colon = True
        i += 1
    return i, colon


def drop_host_assembly(path):
    """Empties each asm statement with operands: the BPF target refuses x86
    constraints even in functions that no program calls.  (samples/bpf builds
    for the host and translates the IR instead.)"""
    text = open(path, encoding="utf-8", errors="surrogateescape").read()
    out, at = [], 0
    for m in ASM.finditer(text):
        line = text.rfind("\n", 0, m.start()) + 1
        if m.start() < at or re.match(r"\s*#\s*define\s+$", text[line:m.start()]):
            continue
        end, colon = closing(text, m.end())
        if colon:
            out += [text[at:m.start()], 'asm volatile("")']
            at = end
    if out:
        out.append(text[at:])
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write("".join(out))


def generate(tree, config_xz, release, cc):
    gen = os.path.join(tree, "generated")
    autoconf(config_xz, os.path.join(gen, "generated/autoconf.h"))
    wrappers(os.path.join(tree, "arch/x86/include/asm"),
             os.path.join(tree, "include/asm-generic/Kbuild"),
             os.path.join(gen, "asm"))
    wrappers(os.path.join(tree, "arch/x86/include/uapi/asm"),
             os.path.join(tree, "include/uapi/asm-generic/Kbuild"),
             os.path.join(gen, "uapi/asm"))
    system_calls(tree, gen)
    major, minor = (int(x) for x in release.split("."))
    version = (f"#define LINUX_VERSION_CODE {(major << 16) + (minor << 8)}\n"
               "#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + "
               "((c) > 255 ? 255 : (c)))\n"
               f"#define LINUX_VERSION_MAJOR {major}\n"
               f"#define LINUX_VERSION_PATCHLEVEL {minor}\n"
               "#define LINUX_VERSION_SUBLEVEL 0\n")
    write(os.path.join(gen, "uapi/linux/version.h"), version)
    write(os.path.join(gen, "generated/utsrelease.h"),
          f'#define UTS_RELEASE "{release}.0"\n')
    write(os.path.join(gen, "generated/timeconst.h"), timeconst(250))
    write(os.path.join(gen, "generated/rq-offsets.h"), "")
    write(os.path.join(gen, "generated/asm-offsets.h"), "")
    write(os.path.join(gen, "generated/bounds.h"), "")
    bounds(tree, cc, [*linux_include(tree), "-D__KERNEL__",
                      "-D__GENERATING_BOUNDS_H", "-target", "x86_64-linux-gnu"],
           os.path.join(gen, "generated/bounds.h"))
    for top in ("arch/x86/include", "include/linux", "include/asm-generic",
                "include/net"):
        for folder, _, files in os.walk(os.path.join(tree, top)):
            for name in files:
                if name.endswith(".h") and name != "kbuild.h":
                    drop_host_assembly(os.path.join(folder, name))

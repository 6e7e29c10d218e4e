"""The cases of the kernel's test_verifier (tools/testing/selftests/bpf/verifier/*.c) as
objects, one each: their instructions as they are, maps and functions by name."""
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import loader

sources = loader.sources
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
STRICT_ALIGNMENT, SLEEPABLE = 1 << 1, 1 << 4
CALL, EXIT, LOAD_IMM = 0x85, 0x95, 0x18
# By program type, and where that does not say enough by attach type too.
SECTIONS = {
    0: "socket", 1: "socket", 2: "kprobe", 3: "tc", 4: "action", 5: "tracepoint", 6: "xdp",
    7: "perf_event", 8: "cgroup/skb", 9: "cgroup/sock", 10: "lwt_in", 11: "lwt_out",
    12: "lwt_xmit", 13: "sockops", 14: "sk_skb", 15: "cgroup/dev", 16: "sk_msg",
    17: "raw_tp", 18: "cgroup/connect4", 19: "lwt_seg6local", 20: "lirc_mode2",
    21: "sk_reuseport", 22: "flow_dissector", 23: "cgroup/sysctl", 24: "raw_tp.w",
    25: "cgroup/getsockopt", 30: "sk_lookup", 31: "syscall",
    (8, 1): "cgroup_skb/egress", (9, 2): "cgroup/sock_create", (9, 12): "cgroup/post_bind4",
    (9, 13): "cgroup/post_bind6", (18, 8): "cgroup/bind4", (18, 9): "cgroup/bind6",
    (18, 11): "cgroup/connect6", (18, 14): "cgroup/sendmsg4", (18, 15): "cgroup/sendmsg6",
    (18, 19): "cgroup/recvmsg4", (18, 20): "cgroup/recvmsg6", (26, 23): "tp_btf",
    (26, 24): "fentry", (26, 25): "fexit", (26, 26): "fmod_ret", (26, 28): "iter",
    (29, 27): "lsm",
}
# What sleeps has a section of its own; the loader refuses the others.
SLEEPABLE_SECTIONS = ("fentry", "fexit", "fmod_ret", "lsm", "iter", "kprobe")


class Left(Exception):
    """Why there is no object of a case."""


class Insn:
    def __init__(self, word):
        self.word, self.op = word, word & 0xff
        self.dst, self.src = word >> 8 & 15, word >> 12 & 15
        self.off = (word >> 16 & 0xffff ^ 0x8000) - 0x8000
        self.imm = (word >> 32 ^ 1 << 31) - (1 << 31)


def section(case):
    name = SECTIONS.get((case["type"], case["attach"]), SECTIONS.get(case["type"]))
    if not name:
        raise Left("no section is for its type")
    if case["flags"] & SLEEPABLE:
        if name not in SLEEPABLE_SECTIONS:
            raise Left("no section is for its type, sleepable")
        name += ".s"
    return f"{name}/{case['function']}" if case["function"] else name


def starts_of(code):
    starts = {0}
    for i, insn in enumerate(code):
        if (insn.op, insn.src) in ((CALL, 1), (LOAD_IMM, 4)):
            if not 0 <= i + 1 + insn.imm < len(code):
                raise Left("a call leads out of the program")
            starts.add(i + 1 + insn.imm)
    return sorted(starts)


def assembly(case):
    """Lines of assembly; the names of the maps that they use."""
    code = [Insn(w) for w in case["code"]]
    if case["kfuncs"]:
        raise Left("kernel functions are called by number")
    if len(code) > 20000:
        raise Left("too large for an assembler")
    maps = {i: name for name, places in case["maps"].items() for i in places}
    starts = starts_of(code)
    owner = [max(s for s in starts if s <= i) for i in range(len(code))]
    name = lambda start: f"sub_{start}" if start else "prog"
    lines, skip = [], False
    for i, insn in enumerate(code):
        if i in starts:
            where = '.text,"ax"' if i else f'"{section(case)}","ax"'
            lines += [f".section {where},@progbits"] + ([] if i else [".globl prog"])
            lines += [f".type {name(i)},@function", f"{name(i)}:"]
        if not skip:
            lines.append(one(code, i, maps, owner, name))
            skip = lines[-1].endswith(" ll")
        else:
            skip = False
        if i + 1 in starts or i + 1 == len(code):
            lines.append(f".size {name(owner[i])}, .-{name(owner[i])}")
    return lines, sorted(set(maps.values()))


def one(code, i, maps, owner, name):
    insn = code[i]
    if insn.op & 7 in (5, 6) and insn.op not in (CALL, EXIT) and len(set(owner)) > 1:
        target = i + 1 + (insn.imm if insn.op == 6 else insn.off)
        if not 0 <= target < len(code) or owner[target] != owner[i]:
            raise Left("a jump leads to another function")
    if insn.op == CALL and insn.src == 1:
        if insn.off:
            raise Left("a call has what an assembler does not write")
        return f"call {name(i + 1 + insn.imm)}"
    if insn.op == LOAD_IMM and insn.src == 4:
        return f"r{insn.dst} = {name(i + 1 + insn.imm)} ll"
    if i not in maps:
        return f".8byte {insn.word}"
    second = code[i + 1] if i + 1 < len(code) else Insn(0xff)
    if insn.op != LOAD_IMM or insn.src not in (1, 2) or insn.off or second.word & 0xffffffff:
        raise Left("a map's address is written wrong")
    if insn.src == 1 and not second.imm:
        return f"r{insn.dst} = {maps[i]} ll"
    if maps[i] != "map_array_48b" or not 0 <= second.imm < 48 or insn.src == 1:
        raise Left("a map's address is written wrong")
    return f"r{insn.dst} = value48+{second.imm} ll"


def read(release, folder):
    """The cases of the tree of RELEASE."""
    _, tree = sources.locked(lambda cache: (None, sources.extract(cache, release)))
    tests = os.path.join(tree, "tools/testing/selftests/bpf")
    include = os.path.join(folder, "include", "verifier")
    os.makedirs(include, exist_ok=True)
    with open(os.path.join(include, "tests.h"), "w") as out:
        out.writelines(f'#include "{os.path.join(tests, "verifier", f)}"\n'
                       for f in sorted(os.listdir(os.path.join(tests, "verifier")))
                       if f.endswith(".c"))
    binary = os.path.join(folder, "dump")
    tools = os.path.join(tree, "tools")
    loader.checked(["gcc", "-w", "-Du32=__u32", "-Du64=__u64", "-include", "linux/types.h",
                    "-include", "stdlib.h", f"-I{os.path.dirname(include)}", f"-I{tests}",
                    f"-I{tools}/include/uapi", f"-I{tools}/include", f"-I{tools}/lib",
                    f"-I{tree}/libbpf-include", os.path.join(FOLDER, "dump.c"),
                    "-o", binary, "-no-pie", "-lbpf", "-lelf", "-lz",
                    "-Wl,--unresolved-symbols=ignore-all"])
    text = subprocess.run([binary], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in text.decode(errors="replace").splitlines()]


def make(case, path, compiler):
    """The object of CASE in PATH; raises Left if there is none."""
    lines, used = assembly(case)
    text = "".join(f'asm({json.dumps(line + chr(10))});\n' for line in lines)
    subprocess.run(["nice", compiler, "-target", "bpf", "-O1", "-g", "-w", "-include",
                    os.path.join(FOLDER, "maps.h"), *(f"-DUSE_{m}" for m in used),
                    "-c", "-x", "c", "-", "-o", path], input=text.encode(), check=True)


def objects(release, folder, compiler="clang-22", jobs=2):
    """The cases of a kernel's tree: (case, path of its object or None, why there is none)."""
    cases = read(release, folder)

    def build(numbered):
        number, case = numbered
        path = os.path.join(folder, f"case{number:04}.o")
        try:
            if not os.path.exists(path):
                make(case, path, compiler)
        except Left as e:
            return case, None, str(e)
        return case, path, ""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(build, enumerate(cases)))

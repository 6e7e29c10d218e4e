"""The corpus: samples/bpf of two kernels and the BPF selftests of one, taken
from Debian's linux-source packages, with the arguments that compile each."""
import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys

import kernelheaders

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KERNELS = ("6.1", "6.12")
GROUPS = ("samples", "selftests")
HOST_HEADERS = ["-idirafter", "/usr/local/include",
                "-idirafter", "/usr/include/x86_64-linux-gnu",
                "-idirafter", "/usr/include"]
WANTED = ("samples/bpf", "tools/lib/bpf", "tools/include", "tools/arch/x86/include",
          "tools/bpf/resolve_btfids", "tools/testing/selftests/bpf", "include",
          "arch/x86/include", "arch/x86/entry/syscalls", "scripts/bpf_doc.py",
          "scripts/syscallhdr.sh", "kernel/bounds.c")
BTF = "/sys/kernel/btf/vmlinux"
COMMON = ["-target", "bpf", "-O2", "-g", "-mcpu=v3", "-w", "-c"]
TIMEOUT = 60


class Unavailable(Exception):
    """Why the corpus cannot be made on this machine."""


class Source:
    def __init__(self, name, path, args):
        self.name, self.path, self.args = name, path, args


def cache_folder():
    return os.environ.get("BPFCC_CORPUS", os.path.join(ROOT, "build", "corpus"))


def extract(cache, release):
    tree = os.path.join(cache, f"linux-source-{release}")
    if os.path.exists(os.path.join(tree, ".complete")):
        return tree
    archive = f"/usr/src/linux-source-{release}.tar.xz"
    config = f"/usr/src/linux-config-{release}/config.amd64_none_amd64.xz"
    for need in (archive, config):
        if not os.path.exists(need):
            raise Unavailable(f"{need} is missing (package linux-source-{release})")
    shutil.rmtree(tree, ignore_errors=True)
    top = f"linux-source-{release}"
    subprocess.run(["tar", "xJf", archive, "-C", cache,
                    *(f"{top}/{w}" for w in WANTED)], check=True)
    kernelheaders.generate(tree, config, release, "clang-22")
    bpf = os.path.join(tree, "libbpf-include", "bpf")
    os.makedirs(bpf)
    for header in glob.glob(os.path.join(tree, "tools/lib/bpf/*.h")):
        shutil.copy(header, bpf)
    with open(os.path.join(bpf, "bpf_helper_defs.h"), "w") as out:
        subprocess.run(["python3", os.path.join(tree, "scripts/bpf_doc.py"), "--header",
                        "--file", os.path.join(tree, "tools/include/uapi/linux/bpf.h")],
                       stdout=out, check=True)
    numbers = system_call_numbers(tree)
    with open(os.path.join(tree, "generated", "syscall_nrs.h"), "w") as out:
        out.write(numbers)
    open(os.path.join(tree, ".complete"), "w").close()
    return tree


def system_call_numbers(tree):
    """syscall_nrs.h, which the samples' Makefile makes from syscall_nrs.c."""
    text = open(os.path.join(tree, "generated/uapi/asm/unistd_64.h")).read()
    lines = []
    for name in ("write", "read", "mmap"):
        number = re.search(rf"#define __NR_{name} (\d+)", text).group(1)
        lines.append(f"#define SYS__NR_{name} {number}\n")
    return "".join(lines)


def make_vmlinux(cache):
    vmlinux = os.path.join(cache, "vmlinux")
    if not os.path.exists(os.path.join(vmlinux, "vmlinux.h")):
        if not os.path.exists(BTF):
            raise Unavailable(f"{BTF} is missing: no vmlinux.h")
        os.makedirs(vmlinux, exist_ok=True)
        text = subprocess.run(
            ["/usr/sbin/bpftool", "btf", "dump", "file", BTF, "format", "c"],
            stdout=subprocess.PIPE, check=True).stdout
        with open(os.path.join(vmlinux, "vmlinux.h"), "wb") as out:
            out.write(text)
    return vmlinux


def locked(action):
    """What ACTION(cache folder) gives, one process at a time."""
    cache = cache_folder()
    os.makedirs(cache, exist_ok=True)
    with open(os.path.join(cache, ".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return action(cache)


def vmlinux_folder():
    """The folder of vmlinux.h."""
    return locked(make_vmlinux)


def prepare():
    """Makes the corpus in the cache folder; returns its list of Sources."""
    vmlinux, trees = locked(
        lambda cache: (make_vmlinux(cache),
                       {release: extract(cache, release) for release in KERNELS}))
    result = []
    for release, tree in trees.items():
        result += samples(release, tree, vmlinux)
    return result + selftests("6.12", trees["6.12"], vmlinux)


def samples(release, tree, vmlinux):
    bpf_c = ["-D__TARGET_ARCH_x86", f"-I{vmlinux}", f"-I{tree}/generated",
             f"-I{tree}/include", f"-I{tree}/samples/bpf", f"-I{tree}/tools/include",
             f"-I{tree}/libbpf-include", *HOST_HEADERS]
    kern_c = [*kernelheaders.linux_include(tree), f"-I{tree}/tools/testing/selftests/bpf",
              f"-I{tree}/libbpf-include", f"-I{tree}/samples/bpf", f"-I{vmlinux}",
              *HOST_HEADERS, "-D__x86_64__", "-D__KERNEL__", "-D__BPF_TRACING__",
              "-D__TARGET_ARCH_x86", "-fno-asynchronous-unwind-tables"]
    result = []
    for path in sorted(glob.glob(f"{tree}/samples/bpf/*.c")):
        base = os.path.basename(path)
        if base.endswith("_user.c") or "SEC(" not in open(path).read():
            continue
        args = bpf_c if base.endswith(".bpf.c") else kern_c
        result.append(Source(f"samples-{release}/{base}", path, args))
    return result


def selftests(release, tree, vmlinux):
    folder = f"{tree}/tools/testing/selftests/bpf"
    args = ["-std=gnu11", "-fno-strict-aliasing", "-D__TARGET_ARCH_x86",
            "-mlittle-endian", "-DENABLE_ATOMICS_TESTS", f"-I{vmlinux}",
            f"-I{tree}/libbpf-include", f"-I{folder}", f"-I{folder}/progs",
            f"-I{tree}/tools/include/uapi", *HOST_HEADERS]
    return [Source(f"selftests-{release}/{os.path.basename(path)}", path, args)
            for path in sorted(glob.glob(f"{folder}/progs/*.c"))]


def chosen(corpus, match):
    """The Sources that CORPUS names: examples, a group of the corpus (samples,
    samples-6.1, samples-6.12, selftests-6.12), or C files and folders of such that
    need no flags."""
    if corpus == "examples":
        found = plain_sources(glob.glob(os.path.join(ROOT, "examples", "*", "*.bpf.c")))
    elif os.path.isdir(corpus):
        found = plain_sources(glob.glob(os.path.join(corpus, "*.c")))
    elif os.path.isfile(corpus):
        found = plain_sources([corpus])
    elif corpus.startswith(GROUPS):
        found = [s for s in prepare() if s.name.startswith(corpus)]
    else:
        sys.exit(f"{corpus} is neither a file, a folder nor a corpus")
    return [s for s in found if re.search(match, s.name)]


def plain_sources(paths):
    args = ["-D__TARGET_ARCH_x86", *HOST_HEADERS]
    return [Source(os.path.basename(p), os.path.abspath(p), args)
            for p in sorted(paths)]


def compile_one(compiler, source, output, extra=()):
    """Returns (category, first error line); category is ok, error, crash or timeout."""
    try:
        r = subprocess.run(
            ["nice", compiler, *COMMON, *source.args, *extra, source.path, "-o", output],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT,
            cwd=os.path.dirname(source.path))
    except subprocess.TimeoutExpired:
        return outcome(None, "")
    return outcome(r.returncode, r.stdout.decode(errors="replace"))


def outcome(status, text):
    """compile_one()'s answer for a compiler's exit status, None if it took too long,
    and what it said."""
    if status is None:
        return "timeout", f"longer than {TIMEOUT} s"
    if status == 0:
        return "ok", ""
    lines = [l for l in text.splitlines() if "error:" in l] or text.splitlines() or [""]
    message = re.sub(r"\S*/linux-source-[\d.]+/", "", lines[0]).strip()[:200]
    # Status 1 is the user's error, for both compilers; anything else is a bug.
    return ("error" if status == 1 else "crash"), message

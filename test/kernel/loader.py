"""Builds loader/ with libbpf of linux-source-6.12: Debian's own libbpf is older
than the selftests."""
import glob
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "corpus"))
import sources

LIBBPF_FLAGS = ["-O2", "-w", "-D_GNU_SOURCE", "-D_LARGEFILE64_SOURCE",
                "-D_FILE_OFFSET_BITS=64"]
FLAGS = ["-std=c++20", "-O2", "-Wall", "-Wextra", "-Werror", "-fno-exceptions",
         "-Wl,--wrap=syscall"]


def work_folder():
    """Where kernels and tools are kept."""
    return os.environ.get("BPFCC_KERNELS", os.path.join(ROOT, "build", "kernels"))


def is_newer(output, inputs):
    return os.path.exists(output) and \
        all(os.path.getmtime(i) <= os.path.getmtime(output) for i in inputs)


def checked(command):
    r = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if r.returncode:
        raise sources.Unavailable(
            f"{command[0]} fails: {r.stdout.decode(errors='replace')[-2000:]}")


def build_libbpf(tree, folder):
    library = os.path.join(folder, "libbpf.a")
    if os.path.exists(library):
        return library
    include = [f"-I{tree}/tools/{i}" for i in ("include", "include/uapi", "lib/bpf")]

    def one(path):
        output = os.path.join(folder, os.path.basename(path) + ".o")
        checked(["clang-22", *LIBBPF_FLAGS, *include, "-c", path, "-o", output])
        return output
    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(one, sorted(glob.glob(f"{tree}/tools/lib/bpf/*.c"))))
    checked(["ar", "rcs", library + ".new", *objects])
    os.rename(library + ".new", library)
    return library


def build():
    """The path of the loader; Unavailable says why there is none."""
    tree = sources.locked(lambda cache: sources.extract(cache, "6.12"))
    folder = os.path.join(work_folder(), "loader")
    os.makedirs(folder, exist_ok=True)
    library = build_libbpf(tree, folder)
    parts = sorted(glob.glob(os.path.join(HERE, "loader", "*.cpp")))
    headers = glob.glob(os.path.join(HERE, "loader", "*.h"))
    output = os.path.join(folder, "loader")
    if not is_newer(output, [library, *parts, *headers]):
        new = f"{output}.{os.getpid()}"
        checked(["clang++-22", *FLAGS, f"-I{tree}/libbpf-include",
                 f"-I{tree}/tools/include/uapi", *parts, library, "-lelf", "-lz", "-o", new])
        os.rename(new, output)
    return output

"""The compilers, each with the options that make one column of a table."""
import os
import shutil

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BPFCC = os.path.join(ROOT, "build", "release", "bin", "bpfcc")
CLANG = ["-target", "bpf", "-O2", "-g", "-w", "-c"]
GCC = ["-O2", "-gbtf", "-w", "-c"]
MISALIGNED = ["-Xclang", "-target-feature", "-Xclang", "+allows-misaligned-mem-access"]


class Column:
    """PEER is the name of the column that an honest reader compares this one with."""

    def __init__(self, name, program, options, package, peer=None):
        self.name, self.program, self.options = name, program, options
        self.package, self.peer = package, peer

    def missing(self):
        """Why there is no such compiler here, or None."""
        if shutil.which(self.program):
            return None
        return f"{self.program} is not installed ({self.package})"

    def command(self, source, output):
        return [self.program, *self.options, *source.args, source.path, "-o", output]


def columns(bpfcc):
    clang, debian = "clang-22", "package clang-22"
    ours = "scripts/build release"
    return [
        Column("clang v3", clang, [*CLANG, "-mcpu=v3"], debian),
        Column("clang v4", clang, [*CLANG, "-mcpu=v4"], debian),
        Column("clang v4 wide", clang, [*CLANG, "-mcpu=v4", *MISALIGNED], debian),
        Column("gcc v3", "bpf-gcc", [*GCC, "-mcpu=v3"], "package gcc-bpf", "clang v3"),
        Column("bpfcc v3", bpfcc, [*CLANG, "-mcpu=v3"], ours, "clang v3"),
        Column("bpfcc v4", bpfcc, [*CLANG, "-mcpu=v4"], ours, "clang v4"),
        Column("bpfcc 6.12", bpfcc, [*CLANG, "-mcpu=v4", "-mkernel=6.12"], ours,
               "clang v4 wide"),
    ]

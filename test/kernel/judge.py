"""Verdicts of this machine's kernel or of one in qemu."""
import collections
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import kernels
import loader
import vm

Unavailable = loader.sources.Unavailable
KERNELS = ("this", *kernels.SERIES)
COLUMNS = ("file", "program", "section", "type", "verdict", "errno", "slots", "processed",
           "states", "peak_states", "jited", "stack", "expected", "messages", "reason")
Row = collections.namedtuple("Row", COLUMNS)
# An object of a verifier test has hundreds of programs; emulated, that is a minute.
OBJECTS_PER_MACHINE = 100
SECONDS_PER_MACHINE = 3000


def parse(text):
    return [Row(*line.split("\t")) for line in text.splitlines()[1:]]


def ask(binary, objects, kernel, limit):
    with tempfile.TemporaryDirectory() as folder:
        listing = os.path.join(folder, "objects")
        with open(listing, "w") as out:
            out.writelines(o + "\n" for o in objects)
        command = [binary, "--limit", str(limit), "--list", listing]
        if kernel:
            folders = {os.path.dirname(o) for o in objects}
            return parse(vm.run(kernel, command, {folder, os.path.dirname(binary)} | folders,
                                SECONDS_PER_MACHINE))
        r = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        return parse(r.stdout.decode(errors="replace"))


def verdicts(objects, kernel="this", limit=60, jobs=2):
    """A Row for each program, in the order of OBJECTS; LIMIT is in seconds, for each."""
    if os.geteuid() != 0:
        raise Unavailable("needs root")
    objects = [os.path.realpath(o) for o in objects]
    folder = None
    if kernel != "this":
        missing = kernels.missing_tool()
        if missing:
            raise Unavailable(missing)
        folder = kernels.prepare(kernel)
    binary = os.path.realpath(loader.build())
    parts = [objects[i:i + OBJECTS_PER_MACHINE]
             for i in range(0, len(objects), OBJECTS_PER_MACHINE)]
    with ThreadPoolExecutor(jobs) as pool:
        done = list(pool.map(lambda p: ask(binary, p, folder, limit), parts))
    return [row for part in done for row in part]

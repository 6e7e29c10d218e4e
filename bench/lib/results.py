"""What each compiler made of each file, and what a kernel says of it."""
import os
import statistics
from concurrent.futures import ThreadPoolExecutor

import elf
import judge
import measure
import ratios
import sources


class Made:
    """One file from one compiler."""

    def __init__(self, path, runs):
        self.path = path
        self.category, self.message = sources.outcome(runs[-1].status, runs[-1].text)
        self.slots = elf.slots(path) if self.ok else None
        self.passed = 1000 * statistics.median(r.passed for r in runs)
        self.worked = 1000 * statistics.median(r.worked for r in runs)
        self.memory = max(r.memory for r in runs) / 1024
        self.programs = {}  # those that load: name to judge.Row

    @property
    def ok(self):
        return self.category == "ok"


class Measure:
    """A figure of a file; OF takes Made, or judge.Row if it is one of programs."""

    def __init__(self, name, of, of_programs=False, decimals=0):
        self.name, self.of, self.of_programs = name, of, of_programs
        self.decimals = decimals

    def value(self, made):
        """None if there is none."""
        if not made.ok:
            return None
        if not self.of_programs:
            return self.of(made)
        return sum(map(self.of, made.programs.values())) if made.programs else None

    def pair(self, theirs, ours):
        """Both figures of what both compiled, or of the programs that load from both;
        None if there is nothing of that."""
        if not (theirs.ok and ours.ok):
            return None
        if not self.of_programs:
            return self.of(theirs), self.of(ours)
        both = theirs.programs.keys() & ours.programs.keys()
        if not both:
            return None
        return (sum(self.of(theirs.programs[p]) for p in both),
                sum(self.of(ours.programs[p]) for p in both))


MEASURES = [
    Measure("slots", lambda m: m.slots),
    Measure("processed instructions", lambda r: int(r.processed), of_programs=True),
    Measure("peak states", lambda r: int(r.peak_states), of_programs=True),
    Measure("bytes of machine code", lambda r: int(r.jited), of_programs=True),
    Measure("ms that passed", lambda m: m.passed, decimals=1),
    Measure("ms of processor time", lambda m: m.worked, decimals=1),
    Measure("MiB of memory", lambda m: m.memory, decimals=1),
]


class Results:
    """FILES, COLUMNS, and what was MADE: a dictionary of file and column names."""

    def __init__(self, files, columns, made):
        self.files, self.columns, self.made = files, columns, made

    def ratios(self, measure, theirs, ours):
        """Of two columns, by name: the names of files, and Ratios of the same order."""
        found = [(f.name, measure.pair(self.made[f.name, theirs], self.made[f.name, ours]))
                 for f in self.files]
        found = [(name, pair) for name, pair in found if pair]
        return [name for name, _ in found], ratios.Ratios(pair for _, pair in found)


def compile_all(files, columns, folder, runs, jobs):
    """With RUNS runs of all compilers by turns, so that what else the machine does
    meets all of them."""
    def one(source):
        paths, taken = {}, {c.name: [] for c in columns}
        for c in columns:
            place = os.path.join(folder, c.name.replace(" ", "-"))
            os.makedirs(place, exist_ok=True)
            paths[c.name] = os.path.join(place, source.name.replace("/", "_") + ".o")
        for _ in range(runs):
            for c in columns:
                taken[c.name].append(measure.run(
                    c.command(source, paths[c.name]), os.path.dirname(source.path),
                    sources.TIMEOUT))
        return {(source.name, c.name): Made(paths[c.name], taken[c.name]) for c in columns}
    made = {}
    with ThreadPoolExecutor(jobs) as pool:
        for part in pool.map(one, files):
            made.update(part)
    return Results(files, columns, made)


def judge_all(results, kernel, limit, jobs):
    """Notes what KERNEL says; judge.Unavailable says why it cannot."""
    by_path = {os.path.realpath(m.path): m for m in results.made.values() if m.ok}
    for row in judge.verdicts(list(by_path), kernel, limit, jobs):
        if row.verdict == "ok":
            by_path[row.file].programs[row.program] = row

"""Results as text and as a table with tabs."""
from results import MEASURES

ABOVE = 1.05


def number(value, decimals):
    return "-" if value is None else f"{value:,.{decimals}f}"


def lines(cells, left=1):
    """CELLS, rows of text, as lines; LEFT columns lean to the left."""
    widths = [max(map(len, column)) for column in zip(*cells)]
    for row in cells:
        yield "  ".join(c.ljust(w) if i < left else c.rjust(w)
                        for i, (c, w) in enumerate(zip(row, widths))).rstrip()


def measured(results):
    """The measures that have figures."""
    return [m for m in MEASURES if any(m.value(made) for made in results.made.values())]


def references(results):
    """The columns that others are compared with."""
    return [c.name for c in results.columns if c.peer is None]


def totals(results, measure):
    """A row for each column: files, sum, and ratios to each reference."""
    head = ["", "files", "sum"]
    for name in references(results):
        head += [f"to {name}: sum", "mean"]
    rows = [head]
    for column in results.columns:
        values = [measure.value(results.made[f.name, column.name]) for f in results.files]
        values = [v for v in values if v is not None]
        row = [column.name, str(len(values)), number(sum(values), measure.decimals)]
        for name in references(results):
            _, r = results.ratios(measure, name, column.name)
            row += [f"{r.of_sums:.4f}", f"{r.mean:.4f}"] if r.each else ["-", "-"]
        rows.append(row)
    return rows


def extremes(results, measure):
    """For each column with a peer: (column, files with their ratios, lowest first)."""
    for column in results.columns:
        if column.peer and any(c.name == column.peer for c in results.columns):
            names, r = results.ratios(measure, column.peer, column.name)
            each = sorted((b / a, name, a, b) for name, (a, b) in zip(names, r.pairs)
                          if a and b)
            if each:
                yield column, each


def extreme_lines(measure, column, each):
    def say(entry):
        ratio, name, a, b = entry
        return (f"{name} {ratio:.3f} ({number(a, measure.decimals)} to "
                f"{number(b, measure.decimals)})")
    above = [e for e in reversed(each) if e[0] > ABOVE]
    yield (f"{column.name} to {column.peer}: best {say(each[0])}, worst {say(each[-1])}; "
           f"{len(above)} of {len(each)} above {ABOVE}")
    for entry in above:
        yield f"  above  {say(entry)}"


def files_table(results, measure):
    rows = [["", *(c.name for c in results.columns)]]
    for f in results.files:
        rows.append([f.name, *(number(measure.value(results.made[f.name, c.name]),
                                      measure.decimals) for c in results.columns)])
    return rows


def failures(results):
    """What a column with a peer does not compile and the peer does."""
    for column in results.columns:
        for f in results.files:
            made = results.made[f.name, column.name]
            if not made.ok and column.peer and results.made[f.name, column.peer].ok:
                yield column.name, f.name, f"{made.category}: {made.message}"


def print_text(results, with_files):
    for measure in measured(results):
        print(f"\n{measure.name}")
        if with_files:
            print("\n".join(lines(files_table(results, measure))) + "\n")
        print("\n".join(lines(totals(results, measure))))
        for column, each in extremes(results, measure):
            print("\n".join(extreme_lines(measure, column, each)))


def write_tsv(path, results):
    with open(path, "w") as out:
        out.write("\t".join(["file", "column", "result", *(m.name for m in MEASURES),
                             "message"]) + "\n")
        for (name, column), made in results.made.items():
            values = [m.value(made) for m in MEASURES]
            out.write("\t".join([name, column, made.category,
                                 *("" if v is None else f"{v:.{m.decimals}f}"
                                   for m, v in zip(MEASURES, values)), made.message]) + "\n")

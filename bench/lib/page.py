"""Results as one page of HTML with plots in SVG, which needs nothing else."""
import html
import math

import report
from results import MEASURES

STYLE = """
body { font: 14px/1.4 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }
table { border-collapse: collapse; margin: 1em 0 }
td, th { padding: 2px 8px; text-align: right; border-bottom: 1px solid #ddd }
td:first-child, th:first-child { text-align: left }
svg { background: #fafafa; border: 1px solid #ddd; margin: 0 1em 1em 0 }
"""
COLOURS = ("#c22", "#26c", "#282", "#929")
WIDTH, HEIGHT, EDGE = 460, 240, 36


def table(rows):
    def line(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"
    return "<table>" + line(rows[0], "th") + "".join(line(r, "td") for r in rows[1:]) + \
        "</table>"


def text(x, y, words, anchor="middle", colour="#333"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" '
            f'fill="{colour}">{html.escape(words)}</text>')


def line(x1, y1, x2, y2, colour="#bbb"):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"/>')


def frame(title, parts):
    return (f'<svg width="{WIDTH}" height="{HEIGHT}" role="img">' +
            text(WIDTH / 2, 14, title) + "".join(parts) + "</svg>")


def legend(names):
    return [text(EDGE + 8, EDGE + 14 * i, name, "start", COLOURS[i % len(COLOURS)])
            for i, name in enumerate(names)]


def sorted_curves(series):
    """SERIES: (name, ratios) each. The ratios from the lowest to the highest, on a
    logarithmic scale that has 1 in the middle."""
    most = max([1.1] + [max(r, 1 / r) for _, each in series for r in each])

    def y(ratio):
        return HEIGHT / 2 - math.log(ratio) / math.log(most) * (HEIGHT / 2 - EDGE)
    parts = [line(EDGE, y(v), WIDTH - 8, y(v)) + text(EDGE - 4, y(v) + 4, f"{v:.2f}", "end")
             for v in (1 / most, 1, most)]
    for i, (_, each) in enumerate(series):
        step = (WIDTH - 8 - EDGE) / max(len(each) - 1, 1)
        points = " ".join(f"{EDGE + j * step:.1f},{y(r):.1f}"
                          for j, r in enumerate(sorted(each)))
        parts.append(f'<polyline points="{points}" fill="none" stroke-width="1.5" '
                     f'stroke="{COLOURS[i % len(COLOURS)]}"/>')
    return frame("ratio of each file, sorted", parts + legend([n for n, _ in series]))


def histogram(series):
    """How many files have a ratio in each twentieth from 0.5 to 1.5 and beyond."""
    low, high, width = 0.5, 1.5, 0.05
    bins = round((high - low) / width)

    def place(ratio):
        return min(max(math.floor((ratio - low) / width + 1e-9), 0), bins - 1)
    counts = [[sum(place(r) == b for r in each) for b in range(bins)] for _, each in series]
    most = max([1] + [c for row in counts for c in row])
    step = (WIDTH - 8 - EDGE) / bins
    bar = step / (len(series) + 0.5)
    bottom = HEIGHT - EDGE + 12
    parts = [line(EDGE, bottom, WIDTH - 8, bottom)]
    for tick in (0.5, 0.75, 1.0, 1.25, 1.5):
        x = EDGE + (tick - low) / width * step
        parts.append(line(x, bottom, x, bottom + 4) + text(x, bottom + 16, f"{tick:.2f}"))
    for i, row in enumerate(counts):
        for b, count in enumerate(row):
            tall = count / most * (bottom - EDGE)
            parts.append(f'<rect x="{EDGE + b * step + i * bar:.1f}" '
                         f'y="{bottom - tall:.1f}" width="{bar:.1f}" height="{tall:.1f}" '
                         f'fill="{COLOURS[i % len(COLOURS)]}"/>')
    parts.append(text(EDGE - 4, EDGE + 4, str(most), "end"))
    return frame("files by ratio", parts)


def section(results, measure):
    found = list(report.extremes(results, measure))
    series = [(f"{c.name} to {c.peer}", [e[0] for e in each]) for c, each in found]
    parts = [f"<h2>{html.escape(measure.name)}</h2>", table(report.totals(results, measure))]
    if series:
        parts += [sorted_curves(series), histogram(series)]
    for column, each in found:
        first, *above = report.extreme_lines(measure, column, each)
        parts.append(f"<details><summary>{html.escape(first)}</summary><ul>" +
                     "".join(f"<li>{html.escape(a.strip())}</li>" for a in above) +
                     "</ul></details>")
    parts.append("<details><summary>each file</summary>" +
                 table(report.files_table(results, measure)) + "</details>")
    return "\n".join(parts)


def write(path, title, notes, results):
    body = [f"<h1>{html.escape(title)}</h1>", "<ul>",
            *(f"<li>{html.escape(n)}</li>" for n in notes), "</ul>"]
    body += [section(results, m) for m in MEASURES if m in report.measured(results)]
    with open(path, "w") as out:
        out.write(f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
                  f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>\n" +
                  "\n".join(body) + "\n</body></html>\n")

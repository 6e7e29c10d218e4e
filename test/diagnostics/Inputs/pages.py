"""Tries the programs of docs/codes: pages.py ROOT SCRATCH [CODE...]

Every row of support/diagnostics.def has a page. Compiling its wrong.c prints one
finding, of that code, and compiling its right.c none; options stand behind the
name, `// wrong.c: -mkernel=5.15`. A page with a console block has its commands run
instead, and one of them prints the code. A page that says that no small program
shows it needs another test that names the code.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

ROOT, SCRATCH = sys.argv[1:3]
FINDING = re.compile(r"(?:error|warning|note): .*\[(BPF\d{4})[],]")


def run(folder, command):
    done = subprocess.run(command, shell=True, cwd=folder, text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def blocks(page, language):
    return re.findall(r"^```%s\n(.*?)^```" % language, page, re.MULTILINE | re.DOTALL)


def compile_one(folder, name, options):
    return run(folder, f"bpfcc {options} -c {name} -o {name}.o")


def named_elsewhere(code, name):
    word = re.compile(r"\bBPF%s\b|DiagCode::%s\b" % (code[3:], name))
    for path in glob.glob(os.path.join(ROOT, "test", "**"), recursive=True):
        if os.path.isfile(path) and word.search(open(path, errors="replace").read()):
            return True
    return False


def errors_of(code, name, page):
    folder = os.path.join(SCRATCH, code)
    os.makedirs(folder)
    if not page.startswith(f"# {code}: "):
        yield f"the first line is not `# {code}: title`"
    options = {}
    for block in blocks(page, "c"):
        first = re.match(r"// (\S+?\.c)(?:: (.*))?\n", block)
        if not first:
            yield "a program does not begin with its name"
            continue
        options[first[1]] = first[2] or ""
        with open(os.path.join(folder, first[1]), "w") as f:
            f.write(block)
    commands = [line[2:] for block in blocks(page, "console")
                for line in block.splitlines() if line.startswith("$ ")]
    if commands:
        printed = "".join(run(folder, c)[1] for c in commands)
        if code not in FINDING.findall(printed):
            yield f"the commands do not print it:\n{printed}"
    elif "wrong.c" in options:
        _, printed = compile_one(folder, "wrong.c", options["wrong.c"])
        if FINDING.findall(printed) != [code] or len(re.findall("(?:error|warning):", printed)) > 1:
            yield f"wrong.c prints:\n{printed}"
        status, printed = compile_one(folder, "right.c", options.get("right.c", ""))
        if status or printed:
            yield f"right.c prints:\n{printed}"
    elif "No small program shows it." not in " ".join(page.split()):
        yield "there is neither a program nor a command"
    elif not named_elsewhere(code, name):
        yield "no test names it"


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    table = open(os.path.join(ROOT, "support/diagnostics.def")).read()
    rows = [(f"BPF{int(number):04}", name)
            for name, number in re.findall(r"^DIAG\((\w+), (\d+)", table, re.MULTILINE)]
    pages = {os.path.basename(p)[:-3]: open(p).read()
             for p in glob.glob(os.path.join(ROOT, "docs/codes/*.md"))}
    failed = 0
    for code in sorted(set(pages) - {c for c, _ in rows} - {"README"}):
        print(f"docs/codes/{code}.md: there is no such code")
        failed += 1
    for code, name in sorted(rows):
        if sys.argv[3:] and code not in sys.argv[3:]:
            continue
        wrong = (["there is no such page"] if code not in pages
                 else list(errors_of(code, name, pages[code])))
        for text in wrong:
            print(f"docs/codes/{code}.md: {text}")
        failed += len(wrong)
    print(f"{len(rows)} codes, {failed} mistakes")
    return 1 if failed else 0


sys.exit(main())

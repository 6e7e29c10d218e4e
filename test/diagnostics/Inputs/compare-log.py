"""What `bpfcc check --explain-path` prints beside this kernel's log of the same program.

usage: compare-log.py OBJECT

The instructions must be the same, and so must the values of the registers and stack slots
that both tell. Numbers of identities are the verifier's own, and the kernel does not tell
where maps are. Status 1 with the lines that differ.
"""
import os
import re
import subprocess
import sys

LOG = re.compile(r"BEGIN PROG LOAD LOG --\n(.*?)-- END PROG LOAD LOG", re.S)
STEP = re.compile(r"(\d+: \([0-9a-f]{2}\) [^;]*?)(?: *;(.*))?$")


def steps(output):
    found = []
    for line in LOG.search(output)[1].splitlines():
        # The kernel cuts other ways out of its log, but not the ends of their lines.
        line = re.sub(r"(goto pc[+-]\d+) *\d+: .*", r"\1", line)
        if m := STEP.match(line):
            text = re.sub(r"(\(18\) r\d+ = )0x\w+", r"\g<1>...", m[1].rstrip())
            state = re.sub(r"\b((?:ref_obj_)?id|ref_id)=\d+", r"\1=N", m[2] or "")
            found.append((text, dict(re.findall(r"(R\d+|fp-\d+)=(\S+(?: 0x\w+\)\))?)", state))))
    return found


def main():
    kernel = ".".join(os.uname().release.split(".")[:2])
    if [int(n) for n in kernel.split(".")] < [6, 12]:
        print("older kernels have other logs")
        return 0
    ours = subprocess.run(["bpfcc", "check", "--explain-path", f"-mkernel={kernel}", sys.argv[1]],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    theirs = subprocess.run(["bpftool", "prog", "load", sys.argv[1], "/sys/fs/bpf/bpfcc-compare-log"],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    mine, known = steps(ours.stdout.replace("_w=", "=")), steps(theirs.stdout.replace("_w=", "="))
    wrong = [] if len(mine) == len(known) else [f"{len(mine)} steps, {len(known)} in the kernel"]
    values = 0
    for (a, left), (b, right) in zip(mine, known):
        if a != b:
            wrong.append(f"{a}\n    kernel: {b}")
        for name in left.keys() & right.keys():
            values += 1
            if left[name] != right[name]:
                wrong.append(f"{a}: {name}={left[name]}\n    kernel: {name}={right[name]}")
    print("\n".join(wrong) or f"{len(mine)} steps and {values} values agree")
    return bool(wrong)


sys.exit(main())

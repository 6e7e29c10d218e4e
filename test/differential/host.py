"""Programs that run on the host, compiled by gcc, and on the interpreter, compiled
for BPF. They end with a checksum in a variable of the section .data.status, to
which DONE is added; built with -DON_HOST they print it."""
import re
import signal
import subprocess

SECONDS = 60
HOST_SECONDS = 5
DONE = 1 << 32
FLAGS = ["-w", "-fwrapv", "-fno-strict-aliasing"]


def run(command, seconds=SECONDS, folder=None):
    """(status, output); status None after SECONDS of its own time, which does
    not depend on what else the machine does."""
    r = subprocess.run(["nice", "prlimit", f"--cpu={seconds}", *command],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder)
    late = -r.returncode in (signal.SIGXCPU, signal.SIGKILL)
    return None if late else r.returncode, r.stdout.decode(errors="replace")


def on_host(source, program, includes=()):
    """(checksum, None) or (None, why there is none)."""
    sums = []
    for level in ("O0", "O2"):
        status, text = run(["gcc", *FLAGS, f"-{level}", "-DON_HOST", *includes,
                            source, "-o", program])
        if status != 0:
            raise RuntimeError(f"gcc does not compile {source}: {text[:500]}")
        status, text = run([program], HOST_SECONDS)
        if status is None:
            return None, f"runs longer than {HOST_SECONDS} s on the host"
        if status != 0:
            return None, "stops on the host"
        sums.append(int(text, 16))
    return (sums[0], None) if sums[0] == sums[1] else (None, "gcc's levels disagree")


def on_bpf(args, source, combo, output, includes=()):
    """('ok', checksum), ('skipped', why) or ('FAIL', why)."""
    cpu, level, order = combo
    status, text = run([args.compiler, "-target", f"bpf{order}", f"-mcpu={cpu}",
                        f"-{level}", "-g", *FLAGS, *includes, "-c", source, "-o", output])
    codes = set(re.findall(r"error: .*\[(BPF\d+)\]", text))
    if status == 1 and codes == {"BPF0201"}:
        return "skipped", "more than 512 bytes of stack"
    if status != 0:
        what = "longer than the limit" if status is None else f"status {status}: {text[:400]}"
        return "FAIL", f"compiler: {what}"
    status, text = run([args.exec, output])
    if status != 0:
        return "FAIL", f"interpreter: status {status}: {text[:400]}"
    if "still running after" in text:
        return "skipped", "runs too long for the interpreter"
    m = re.fullmatch(r"returned 0x0 (0x[0-9a-f]+)\s*", text)
    return ("ok", int(m.group(1), 16)) if m else ("FAIL", text.strip()[:400])


def spell(combo):
    return "-mcpu={} -{} {}".format(*combo)

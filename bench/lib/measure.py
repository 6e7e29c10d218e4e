"""What one run of a command costs."""
import os
import subprocess
import tempfile
import threading
import time


class Run:
    """STATUS is None if it took too long; seconds that passed and of the processor,
    and KiB of memory at the peak."""

    def __init__(self, status, text, passed, worked, memory):
        self.status, self.text = status, text
        self.passed, self.worked, self.memory = passed, worked, memory


def run(command, cwd=None, limit=600):
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output,
                                 stderr=subprocess.STDOUT)
        late = threading.Event()

        def end():
            late.set()
            os.kill(child.pid, 9)
        timer = threading.Timer(limit, end)
        timer.start()
        _, status, used = os.wait4(child.pid, 0)
        passed = time.perf_counter() - start
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    return Run(None if late.is_set() else child.returncode, text, passed,
               used.ru_utime + used.ru_stime, used.ru_maxrss)

"""distcc.py FOLDER: compiles the two sources there by two workers of distcc on this
machine, and compares with what bpfcc makes of them."""
import os
import pwd
import socket
import subprocess
import sys
import time

os.chdir(sys.argv[1])
user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("distccd does not answer")


def compiled(number):
    """Waits until the worker has said that it did: that is after its answer."""
    for _ in range(100):
        if "COMPILE_OK" in open(f"worker{number}.log").read():
            return
        time.sleep(0.1)
    sys.exit(f"worker {number} has compiled nothing")


ports = [free_port() for _ in range(2)]
workers = []
try:
    for number, port in enumerate(ports):
        workers.append(subprocess.Popen(
            ["distccd", "--daemon", "--no-detach", "--listen", "127.0.0.1", "--port", str(port),
             "--allow", "127.0.0.1", "--enable-tcp-insecure", "--user", user, "--log-stderr",
             "--log-level", "info", "-j", "1"], env={**os.environ, "TMPDIR": "/tmp"}, stderr=open(f"worker{number}.log", "w")))
    for port in ports:
        answers(port)
    env = {**os.environ, "DISTCC_DIR": os.path.abspath("state"), "DISTCC_FALLBACK": "0"}
    flags = ["-O2", "-g", "-D__TARGET_ARCH_x86"]
    sent = [subprocess.Popen(["distcc", "bpfcc", *flags, "-frewrite-includes", "-c",
                              f"{name}.bpf.c", "-o", f"{name}.sent.o"],
                             env={**env, "DISTCC_HOSTS": f"127.0.0.1:{port}/1,lzo"})
            for name, port in zip(("count", "parse"), ports)]
    if any([p.wait() for p in sent]):
        sys.exit("distcc failed: " + open("worker0.log").read() + open("worker1.log").read())
    for number in range(2):
        compiled(number)
finally:
    for worker in workers:
        worker.terminate()
        worker.wait()
for name in ("count", "parse"):
    subprocess.run(["bpfcc", *flags, "-c", f"{name}.bpf.c", "-o", f"{name}.o"], check=True)
    subprocess.run(["cmp", f"{name}.o", f"{name}.sent.o"], check=True)

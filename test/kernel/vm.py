"""Runs a command as root under another kernel.

The guest sees this machine's files read-only at the same paths, through
virtiofs. qemu emulates (TCG), so that nested virtual machines do too: 5 seconds
of processor time to boot, and code at a tenth of the speed."""
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Failed(Exception):
    """The machine did not come to the end of the command."""


def start(arguments, descriptors=(), log=None):
    return subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                            pass_fds=descriptors, start_new_session=True)


def end(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def serve_files(job, visible, log):
    """Starts virtiofsd on a read-only view of /, where only the job's out/ can be
    written. Bind mounts do not follow other mounts, so VISIBLE lists folders that
    have to be there."""
    view = os.path.join(job, "view")
    os.mkdir(view)
    lines = ["set -e", f"mount --bind / {shlex.quote(view)}"]
    for folder in sorted({os.path.realpath(v) for v in visible} | {job}):
        target = shlex.quote(view + folder)
        lines += [f"mount --bind {shlex.quote(folder)} {target}",
                  f"mount -o remount,bind,ro {target}"]
    lines += [f"mount -o remount,bind,ro {shlex.quote(view)}",
              f"mount --bind {shlex.quote(job)}/out {shlex.quote(view + job)}/out"]
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(os.path.join(job, "files"))
    listener.listen(1)
    lines.append(f"exec /usr/lib/qemu/virtiofsd -f --fd={listener.fileno()} -o source="
                 f"{shlex.quote(view)},sandbox=chroot,cache=always,no_posix_lock,"
                 "no_flock,log_level=err --thread-pool-size=0")
    process = start(["unshare", "-m", "--propagation", "private", "sh", "-c",
                     "\n".join(lines)], [listener.fileno()], log)
    listener.close()
    return process


def machine(kernel, job, memory):
    command_line = ("console=ttyS0 quiet loglevel=4 panic=-1 oops=panic reboot=t nokaslr "
                    "audit=0 tsc=reliable no_timer_check random.trust_cpu=on "
                    "cryptomgr.notests 8250.nr_uarts=1 lsm=landlock,lockdown,yama,bpf "
                    f"bpfcc.job={job}")
    # Calibrating the clock against an emulated timer fails on a busy host.
    rate = re.search(r"bogomips\s*:\s*([\d.]+)", open("/proc/cpuinfo").read())
    if rate:
        command_line += f" tsc_early_khz={int(float(rate.group(1)) * 500)}"
    return ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
            "-no-reboot", "-global", "virtio-mmio.force-legacy=false",
            "-M", "microvm,memory-backend=memory,rtc=on", "-accel", "tcg",
            "-cpu", "max,la57=off", "-m", f"{memory}M",
            "-object", f"memory-backend-memfd,id=memory,size={memory}M,share=on",
            "-kernel", os.path.join(kernel, "vmlinuz"),
            "-initrd", os.path.join(kernel, "initrd.cpio"), "-append", command_line,
            "-serial", f"file:{job}/console",
            "-chardev", f"socket,id=files,path={job}/files",
            "-device", "vhost-user-fs-device,chardev=files,tag=host,queue-size=1024",
            "-device", "virtio-rng-device"]


def tail(path):
    try:
        with open(path, errors="replace") as f:
            return f.read()[-2000:]
    except FileNotFoundError:
        return ""


def run(kernel, command, visible=(), limit=600, memory=1024):
    """What COMMAND printed on standard output, under the kernel in folder KERNEL."""
    job = os.path.realpath(tempfile.mkdtemp(prefix="bpfcc-vm-"))
    os.mkdir(os.path.join(job, "out"))
    with open(os.path.join(job, "job.sh"), "w") as f:
        f.write("exec " + " ".join(map(shlex.quote, command)) + "\n")
    log = open(os.path.join(job, "log"), "w")
    files = serve_files(job, visible, log)
    qemu = None
    try:
        qemu = start(machine(kernel, job, memory), log=log)
        deadline = time.monotonic() + limit
        while qemu.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        status = tail(os.path.join(job, "out", "status")).strip()
        if status != "0":
            what = f"ends with status {status}" if status else \
                "does not end in time" if qemu.poll() is None else "does not end"
            raise Failed(f"under {os.path.basename(kernel)}, {command[0]} {what}\n" +
                         tail(os.path.join(job, "out", "stderr")) +
                         tail(os.path.join(job, "log")) +
                         tail(os.path.join(job, "console")))
        with open(os.path.join(job, "out", "stdout"), errors="replace") as f:
            return f.read()
    finally:
        for process in (qemu, files):
            if process:
                end(process)
        log.close()
        shutil.rmtree(job)

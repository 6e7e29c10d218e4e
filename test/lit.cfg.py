import os
import re
import shutil
import subprocess
import sys

import lit.formats

config.name = "bpfcc"
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".c", ".mir", ".s", ".test", ".ll"]
config.excludes = ["Inputs", "corpus", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(os.path.dirname(config.bpfcc_bin), "test", "out")
config.environment["PATH"] = os.pathsep.join(
    [config.bpfcc_bin, config.llvm_tools, os.environ["PATH"]])
config.environment["BPFCC_CACHE"] = os.path.join(config.test_exec_root, "cache")
config.substitutions.append(("%root", config.source_root))
if os.geteuid() == 0:
    config.available_features.add("root")
def can_call_bpf():
    # Not by bpftool: its lists fail while others' maps come and go.
    doctor = subprocess.run([os.path.join(config.bpfcc_bin, "bpfcc"), "doctor"],
                            capture_output=True, text=True, check=False)
    return re.search(r"ok +bpf\(2\)", doctor.stdout)


if (os.geteuid() == 0 and os.path.exists("/sys/kernel/btf/vmlinux")
        and os.path.ismount("/sys/fs/bpf") and shutil.which("bpftool") and can_call_bpf()):
    config.available_features.add("bpf")
    if [int(n) for n in re.findall(r"\d+", os.uname().release)[:2]] >= [6, 6]:
        config.available_features.add("bpf-v4")
for chroot in ("chroot", "unshare --user --map-root-user chroot"):
    if subprocess.run(f"{chroot} / true", shell=True, capture_output=True, check=False).returncode == 0:
        config.available_features.add("chroot")
        config.substitutions.append(("%{chroot}", chroot))
        break
if shutil.which("go") and os.path.isdir("/usr/share/gocode/src/github.com/cilium/ebpf"):
    config.available_features.add("go")
if subprocess.run("rustc --version", shell=True, capture_output=True, check=False).returncode == 0:
    config.available_features.add("rust")
if shutil.which("distccd"):
    config.available_features.add("distcc")
if shutil.which("chromium"):
    config.available_features.add("chromium")
if shutil.which("bazel"):
    config.available_features.add("bazel")
if config.bpfcc_bin == os.path.join(config.source_root, "build/release/bin"):
    config.available_features.add("release-preset")
cgroups = [line.split()[1] for line in open("/proc/mounts") if line.split()[2] == "cgroup2"]
if cgroups and "bpf" in config.available_features and os.access(cgroups[0], os.W_OK):
    config.available_features.add("cgroup2")
    config.substitutions.append(("%{cgroup2}", cgroups[0]))
config.substitutions.append(("%python", sys.executable))

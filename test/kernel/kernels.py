"""Debian's kernels of other versions, made ready to boot in qemu: the newest
linux-image package of a series, unpacked, never installed."""
import glob
import lzma
import os
import re
import shutil
import subprocess
import tempfile

from loader import checked, sources, work_folder

# The meta package that depends on the newest kernel of the series.
SERIES = {"6.1": "linux-image-cloud-amd64", "6.12": "linux-image-6.12-cloud-amd64"}
# What the guest needs to see this machine's files, and kfuncs that live in modules.
BOOT_MODULES = ("virtio_mmio", "virtiofs")
KFUNC_MODULES = ("nf_nat", "nf_flow_table", "xfrm_interface", "fou")
TOOLS = ("busybox", "cpio", "depmod", "qemu-system-x86_64")


def missing_tool():
    """What a virtual machine needs and this machine lacks, or None."""
    path = os.environ["PATH"] + ":/sbin:/usr/sbin"
    for tool in TOOLS:
        if not shutil.which(tool, path=path):
            return f"{tool} is missing (scripts/setup --peers)"
    if not os.path.exists("/usr/lib/qemu/virtiofsd"):
        return "/usr/lib/qemu/virtiofsd is missing (scripts/setup --peers)"
    return None


def package_of(series):
    text = subprocess.run(["apt-cache", "depends", SERIES[series]], check=False,
                          stdout=subprocess.PIPE).stdout.decode()
    found = re.search(r"Depends: (linux-image-\S+)", text)
    if not found:
        raise sources.Unavailable(f"apt knows no package {SERIES[series]}")
    return found.group(1)


def module_order(modules, wanted):
    """The files of the wanted modules, each after those that it needs."""
    needs = {}
    for line in open(os.path.join(modules, "modules.dep")):
        module, _, rest = line.partition(":")
        needs[module] = rest.split()
    order = []
    for name in wanted:
        pattern = re.compile("(^|/)" + name.replace("_", "[-_]") + r"\.ko")
        for module in filter(pattern.search, needs):
            for part in [*reversed(needs[module]), module]:
                if part not in order:
                    order.append(part)
    return order


def make_initrd(folder, modules):
    with tempfile.TemporaryDirectory() as root:
        for name in ("bin", "m", "dev", "proc", "host"):
            os.mkdir(os.path.join(root, name))
        shutil.copy(shutil.which("busybox"), os.path.join(root, "bin"))
        shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "init.sh"),
                    os.path.join(root, "init"))
        os.chmod(os.path.join(root, "init"), 0o755)
        for i, path in enumerate(module_order(modules, BOOT_MODULES + KFUNC_MODULES)):
            base = os.path.basename(path)
            data = open(os.path.join(modules, path), "rb").read()
            if base.endswith(".xz"):
                base, data = base[:-3], lzma.decompress(data)
            with open(os.path.join(root, "m", f"{i:02}-{base}"), "wb") as out:
                out.write(data)
        names = "\n".join(os.path.relpath(p, root) for p in
                          [root, *sorted(glob.glob(root + "/**", recursive=True))])
        archive = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root,
                                 input=names.encode(), stdout=subprocess.PIPE,
                                 check=True).stdout
    with open(os.path.join(folder, "initrd.cpio"), "wb") as out:
        out.write(archive)


def folder_of(series):
    return os.path.join(work_folder(), f"linux-{series}")


def prepare(series):
    """The folder with vmlinuz and initrd.cpio; Unavailable says why there is none."""
    folder = folder_of(series)
    init = os.path.join(os.path.dirname(os.path.abspath(__file__)), "init.sh")
    initrd = os.path.join(folder, "initrd.cpio")
    if os.path.exists(initrd) and os.path.getmtime(initrd) >= os.path.getmtime(init):
        return folder
    os.makedirs(folder, exist_ok=True)
    tree = os.path.join(folder, "tree")
    if not os.path.exists(tree):
        package = package_of(series)
        with tempfile.TemporaryDirectory() as download:
            r = subprocess.run(["apt-get", "download", "-q", package], cwd=download,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            files = glob.glob(os.path.join(download, "*.deb"))
            if not files:
                raise sources.Unavailable(
                    f"cannot download {package}: {r.stdout.decode()[-300:].strip()}")
            checked(["dpkg-deb", "-x", files[0], tree + ".new"])
        os.rename(tree + ".new", tree)
    version = os.listdir(os.path.join(tree, "lib/modules"))[0]
    checked(["env", f"PATH={os.environ['PATH']}:/sbin:/usr/sbin", "depmod", "-b", tree,
             version])
    shutil.copy(os.path.join(tree, "boot", f"vmlinuz-{version}"),
                os.path.join(folder, "vmlinuz"))
    make_initrd(folder, os.path.join(tree, "lib/modules", version))
    return folder

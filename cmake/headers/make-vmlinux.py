#!/usr/bin/env python3
"""Writes vmlinux.h for one architecture.

The C declarations come from kernel BTF: the running kernel's if it is of the
wanted architecture and has BTF, else the kernel image in Debian's cloud kernel
package (armmp for arm), fetched with apt-get download.
"""

import argparse
import bz2
import gzip
import lzma
import os
import shutil
import subprocess
import sys
import tempfile

PACKAGES = {
    "x86": ("amd64", "linux-image-cloud-amd64"),
    "arm64": ("arm64", "linux-image-cloud-arm64"),
    "arm": ("armhf", "linux-image-armmp"),
}
RUNNING = "/sys/kernel/btf/vmlinux"


def fail(text):
    sys.exit(f"make-vmlinux: {text}")


def bpftool():
    found = shutil.which("bpftool", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    return found or fail("bpftool is missing (package bpftool)")


def dump(btf, output):
    text = subprocess.run(
        [bpftool(), "btf", "dump", "file", btf, "format", "c"],
        check=True, stdout=subprocess.PIPE).stdout
    os.makedirs(os.path.dirname(output) or ".", exist_ok=True)
    with open(output + ".new", "wb") as out:
        out.write(text)
    os.replace(output + ".new", output)


def unpack_all(image):
    """Yields every payload in a kernel image that looks compressed."""
    yield image
    for magic, opener in (
            (b"\x1f\x8b\x08", lambda d: gzip.zlib.decompressobj(31).decompress(d)),
            (b"\xfd7zXZ\x00", lambda d: lzma.LZMADecompressor().decompress(d)),
            (b"\x5d\x00\x00", lambda d: lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(d)),
            (b"BZh", lambda d: bz2.BZ2Decompressor().decompress(d)),
            (b"\x28\xb5\x2f\xfd", unzstd)):
        at = image.find(magic)
        while at >= 0:
            try:
                yield opener(image[at:])
            except (OSError, EOFError, lzma.LZMAError, gzip.zlib.error, ValueError):
                pass
            at = image.find(magic, at + 1)


def unzstd(data):
    run = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    if not run.stdout:
        raise ValueError("not zstd")
    return run.stdout


def newest(candidates):
    version = lambda deb: subprocess.run(
        ["dpkg-deb", "-f", deb, "Version"], check=True, text=True,
        stdout=subprocess.PIPE).stdout
    return max(candidates, key=version)


def apt_download(package, folder):
    subprocess.run(["apt-get", "-qq", "download", package], cwd=folder, check=True)
    return newest([os.path.join(folder, n) for n in os.listdir(folder)
                   if n.startswith(package.split(":")[0] + "_")])


def image_package(meta, deb_arch):
    """The real package behind the meta package, from its dependencies."""
    run = subprocess.run(["apt-cache", "depends", f"{meta}:{deb_arch}"],
                         check=True, text=True, stdout=subprocess.PIPE)
    for line in run.stdout.splitlines():
        word = line.split("Depends:")[-1].strip()
        if "Depends:" in line and word.startswith("linux-image-"):
            return word if ":" in word else f"{word}:{deb_arch}"
    fail(f"cannot find the kernel image behind {meta}:{deb_arch}")


def from_package(arch, objcopy, output):
    deb_arch, meta = PACKAGES[arch]
    with tempfile.TemporaryDirectory() as folder:
        deb = apt_download(image_package(meta, deb_arch), folder)
        root = os.path.join(folder, "root")
        subprocess.run(["dpkg-deb", "-x", deb, root], check=True)
        boot = os.path.join(root, "boot")
        images = [n for n in sorted(os.listdir(boot)) if n.startswith("vmlinu")]
        if not images:
            fail(f"{deb} has no kernel image")
        with open(os.path.join(boot, images[0]), "rb") as f:
            image = f.read()
        elf, btf = os.path.join(folder, "vmlinux"), os.path.join(folder, "btf")
        for payload in unpack_all(image):
            at = payload.find(b"\x9f\xeb\x01\x00")
            if at < 0:
                continue
            if payload.startswith(b"\x7fELF"):
                with open(elf, "wb") as f:
                    f.write(payload)
                subprocess.run([objcopy, f"--dump-section=.BTF={btf}", elf,
                                os.devnull], check=True)
            elif not raw_btf(payload, btf):
                continue
            dump(btf, output)
            return
        fail(f"{deb} has no BTF")


def raw_btf(payload, output):
    """Finds the .BTF blob in an image without section headers (arm64, arm)."""
    at = payload.find(b"\x9f\xeb\x01\x00")
    while at >= 0:
        word = lambda i: int.from_bytes(payload[at + i:at + i + 4], "little")
        size = word(4) + max(word(8) + word(12), word(16) + word(20))
        strings = at + word(4) + word(16)
        if (word(4) == 24 and size > 100000 and at + size <= len(payload)
                and payload[strings] == 0):
            with open(output, "wb") as f:
                f.write(payload[at:at + size])
            return True
        at = payload.find(b"\x9f\xeb\x01\x00", at + 1)
    return False


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--arch", required=True, choices=sorted(PACKAGES))
    args.add_argument("--host", required=True)
    args.add_argument("--objcopy", required=True)
    args.add_argument("--output", required=True)
    args = args.parse_args()
    if args.arch == args.host and os.path.exists(RUNNING):
        dump(RUNNING, args.output)
    else:
        from_package(args.arch, args.objcopy, args.output)


if __name__ == "__main__":
    main()

"""Rules for BPF objects.

bpf_library(name, srcs, hdrs, deps, copts)   objects and headers for others
bpf_object(name, srcs, hdrs, deps, copts, mkernel, arch)   one linked object, NAME.bpf.o
bpf_skeleton(name, object, struct_name, light)   NAME.skel.h, for cc_* rules to depend on
bpfcc_local(name = "bpfcc")   in WORKSPACE: the bpfcc of the PATH, or of $BPFCC
"""

BpfInfo = provider(fields = {
    "objects": "depset of compiled sources, for links",
    "headers": "depset of headers, for compilations",
})

# What Bazel calls a machine, where it is not what everybody does.
_MACHINES = {"k8": "x86_64", "piii": "x86", "ppc": "ppc64le", "darwin": "x86_64"}

def _arch(ctx):
    cpu = ctx.attr.arch or ctx.var["TARGET_CPU"]
    return _MACHINES.get(cpu, cpu)

def _compile_all(ctx):
    headers = depset(
        ctx.files.hdrs,
        transitive = [dep[BpfInfo].headers for dep in ctx.attr.deps],
    )
    folders = depset([h.dirname for h in headers.to_list()])
    objects = []
    for source in ctx.files.srcs:
        if source.extension != "c":
            continue
        out = ctx.actions.declare_file("%s.parts/%s.o" % (ctx.label.name, source.basename[:-2]))
        args = ctx.actions.args()
        args.add("--arch=" + _arch(ctx))
        args.add_all(["-O2", "-g", "--no-cache", "-iquote", "."])
        args.add_all(folders, before_each = "-iquote")
        if ctx.attr.mkernel:
            args.add("-mkernel=" + ",".join(ctx.attr.mkernel))
        args.add_all(ctx.attr.copts)
        args.add_all(["-c", source, "-o", out])
        ctx.actions.run(
            executable = ctx.executable.bpfcc,
            arguments = [args],
            inputs = depset(ctx.files.srcs, transitive = [headers]),
            outputs = [out],
            mnemonic = "BpfCompile",
            progress_message = "Compiling %s for BPF" % source.short_path,
        )
        objects.append(out)
    return BpfInfo(
        objects = depset(objects, transitive = [dep[BpfInfo].objects for dep in ctx.attr.deps]),
        headers = headers,
    )

def _library(ctx):
    info = _compile_all(ctx)
    return [info, DefaultInfo(files = info.objects)]

def _object(ctx):
    info = _compile_all(ctx)
    out = ctx.actions.declare_file(ctx.label.name + ".bpf.o")
    args = ctx.actions.args()
    args.add_all(info.objects)
    args.add_all(["-o", out])
    ctx.actions.run(
        executable = ctx.executable.bpfcc,
        arguments = [args],
        inputs = info.objects,
        outputs = [out],
        mnemonic = "BpfLink",
    )
    return [DefaultInfo(files = depset([out])), info]

_BPFCC = attr.label(default = "@bpfcc//:bpfcc", executable = True, cfg = "exec", allow_files = True)

_ATTRS = {
    "srcs": attr.label_list(allow_files = [".c", ".h"]),
    "hdrs": attr.label_list(allow_files = [".h"]),
    "deps": attr.label_list(providers = [BpfInfo]),
    "copts": attr.string_list(),
    "mkernel": attr.string_list(doc = "the kernels that it must suit, as 6.1"),
    "arch": attr.string(doc = "the machine, by any usual name; default: the target's"),
    "bpfcc": _BPFCC,
}

bpf_library = rule(implementation = _library, attrs = _ATTRS)
bpf_object = rule(implementation = _object, attrs = _ATTRS)

def _skeleton(ctx):
    out = ctx.actions.declare_file(ctx.label.name + (".lskel.h" if ctx.attr.light else ".skel.h"))
    args = ctx.actions.args()
    args.add_all(["gen", "skeleton", ctx.file.object])
    if ctx.attr.struct_name:
        args.add_all(["name", ctx.attr.struct_name])
    if ctx.attr.light:
        args.add("--light")
    args.add_all(["-o", out])
    ctx.actions.run(
        executable = ctx.executable.bpfcc,
        arguments = [args],
        inputs = [ctx.file.object],
        outputs = [out],
        mnemonic = "BpfSkeleton",
    )
    context = cc_common.create_compilation_context(
        headers = depset([out]),
        includes = depset([out.dirname]),
    )
    return [DefaultInfo(files = depset([out])), CcInfo(compilation_context = context)]

bpf_skeleton = rule(
    implementation = _skeleton,
    attrs = {
        "object": attr.label(allow_single_file = [".o"], mandatory = True),
        "struct_name": attr.string(),
        "light": attr.bool(),
        "bpfcc": _BPFCC,
    },
)

def _bpfcc_local(repository_ctx):
    path = repository_ctx.os.environ.get("BPFCC") or repository_ctx.which("bpfcc")
    if not path:
        fail("no bpfcc in the PATH; BPFCC=/path/to/bpfcc names one")
    repository_ctx.symlink(path, "bpfcc")
    repository_ctx.file("BUILD.bazel", 'exports_files(["bpfcc"], visibility = ["//visibility:public"])\n')

bpfcc_local = repository_rule(
    implementation = _bpfcc_local,
    environ = ["BPFCC", "PATH"],
    local = True,
)

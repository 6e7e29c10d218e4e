#ifndef BPFCC_TOOLS_GEN_GEN_H
#define BPFCC_TOOLS_GEN_GEN_H

#include "tools/gen/Model.h"

namespace bpfcc::gen {

/// A C and C++ header through which a program in user space opens, loads and
/// attaches the object by libbpf, with the names and types that
/// `bpftool gen skeleton` gives.
llvm::Expected<std::string> skeleton(const Model &M);

/// A header that loads the object without libbpf, by a program that libbpf
/// makes here; as `bpftool gen skeleton -L`.
llvm::Expected<std::string> lightSkeleton(const Model &M);

/// A header through which a library reaches the part of a linked object that
/// is its own; as `bpftool gen subskeleton`.
llvm::Expected<std::string> subskeleton(const Model &M);

/// Programs, maps, variables and types as JSON.
llvm::Expected<std::string> json(const Model &M);

/// Go for github.com/cilium/ebpf, of package \p Package.
llvm::Expected<std::string> go(const Model &M, llvm::StringRef Package);

/// A module of Rust for aya and libbpf-rs.
llvm::Expected<std::string> rust(const Model &M);

/// vmlinux.h of the types in \p File: raw BTF as /sys/kernel/btf/vmlinux, or an
/// ELF file that has it.
llvm::Expected<std::string> vmlinux(llvm::StringRef File);

/// A raw .BTF section of those types of \p KernelBtf, a file as vmlinux() takes
/// it, that the CO-RE relocations of the \p Objects rest on.
llvm::Expected<std::string> minCoreBtf(llvm::StringRef KernelBtf,
                                       llvm::ArrayRef<std::string> Objects);

} // namespace bpfcc::gen

#endif

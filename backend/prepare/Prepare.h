#ifndef BPFCC_BACKEND_PREPARE_PREPARE_H
#define BPFCC_BACKEND_PREPARE_PREPARE_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

struct PrepareOptions {
  unsigned Cpu = 3;        ///< ISA level, 1 to 5 as in isa.def
  bool Misaligned = false; ///< packets and map values may be accessed so
  unsigned Level = 2;      ///< 0 to 3, as in -O2
};

/// Rewrites \p M, in place, into the part of LLVM IR that select takes:
///
///  * values are i1, i8, i16, i32, i64 and pointers, and nothing else (other
///    widths, i128, vectors and aggregates as SSA values are gone);
///  * terminators are br, ret, unreachable and callbr; no switch, no
///    indirectbr, no invoke;
///  * no select, and no icmp used as a value other than by a br or by and, or,
///    xor of i1: both are made of branches and phis;
///  * sdiv and srem only at i32 and i64 and only at ISA level 4;
///  * loads, stores and atomics of the widths above, each no wider than what
///    its address may be accessed with (see AccessWidth.h); accesses in the
///    stack and through `volatile` keep their width where it is aligned;
///  * intrinsics: bswap.i16/i32/i64, and bpf_* that are instructions;
///    debug records stay, everything else is expanded;
///  * calls with at most 5 arguments, each in one register; no byval, no sret,
///    no varargs; allocas of constant size in the entry block.
///
/// Errors (joined, each at its source line) say what cannot be done.
llvm::Error prepare(llvm::Module &M, const PrepareOptions &Options);

/// Whether \p M is valid and as prepare() promises. Each error is a bug of
/// ours, at the line where it shows.
llvm::Error checkPrepared(const llvm::Module &M, const PrepareOptions &Options);

} // namespace bpfcc

#endif

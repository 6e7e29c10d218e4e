#ifndef BPFCC_BACKEND_PREPARE_PASSES_H
#define BPFCC_BACKEND_PREPARE_PASSES_H

#include "backend/prepare/Prepare.h"

// The steps of prepare(), in order. Each file opens with what its step needs
// and gives.

namespace bpfcc {

/// What no step can turn into BPF: floating point, variable arguments, ...
/// Errors are joined, each at its source line.
llvm::Error diagnose(llvm::Function &F);

/// Stack objects that live at different times share memory.
void shareStack(llvm::Function &F);

/// memcpy, memmove, memset, memcmp and bcmp of constant size.
llvm::Error expandMemoryCalls(llvm::Function &F);

/// Intrinsics that are no instruction: drops hints, computes the others.
llvm::Error expandIntrinsics(llvm::Function &F);

/// Signed division below ISA level 4.
void expandSignedDivision(llvm::Function &F);

/// switch -> tree of compares.
void lowerSwitches(llvm::Function &F);

/// `br (a && b)` -> two branches; `br !a` -> `br a` with its ways swapped.
void splitBranches(llvm::Function &F);

/// select -> branch and phi.
void lowerSelects(llvm::Function &F);

/// icmp used as a value -> branch and phi of constants.
void materialiseCompares(llvm::Function &F);

} // namespace bpfcc

#endif

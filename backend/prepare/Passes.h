#ifndef BPFCC_BACKEND_PREPARE_PASSES_H
#define BPFCC_BACKEND_PREPARE_PASSES_H

#include "backend/prepare/Prepare.h"

// The steps of prepare(), in order. Each file opens with what its step needs
// and gives.

namespace bpfcc {

/// What no step can turn into BPF: floating point, variable arguments, ...
/// Errors are joined, each at its source line; floating point once for each
/// function of the source, where it is first used.
llvm::Error diagnose(llvm::Module &M);

/// Structures, odd integers and results of several registers in signatures.
llvm::Error rewriteSignatures(llvm::Module &M);

/// Marks loads and stores of memory that takes accesses of any width. With
/// \p Misaligned they also say that they are aligned, and so do calls.
void markAccesses(llvm::Module &M, bool Misaligned);

/// Local variables that are not in the entry block.
llvm::Error collectAllocas(llvm::Function &F);

/// Stack objects that live at different times share memory.
void shareStack(llvm::Function &F);

/// Objects that hold the same constant and are only read -> one of them.
void shareKeys(llvm::Function &F);

/// Vector arithmetic -> arithmetic of the elements.
void scalariseVectors(llvm::Function &F);

/// Copies of what stands beside each other -> one copy.
void joinCopies(llvm::Function &F);

/// memcpy, memmove, memset, memcmp and bcmp.
void expandMemoryCalls(llvm::Function &F);

/// Calls of other functions of <string.h>, and of memory functions that are
/// not expanded in place.
void inlineLibrary(llvm::Module &M);

/// Intrinsics that are no instruction: drops hints, computes the others.
llvm::Error expandIntrinsics(llvm::Function &F);

/// switch -> tree of compares.
void lowerSwitches(llvm::Function &F);

/// Division of more than 64 bits -> a loop.
void expandWideDivision(llvm::Function &F);

/// Structures, vectors and integers that fit no register -> their pieces.
llvm::Error splitValues(llvm::Function &F);

/// Loads and stores that their address is not aligned for.
void narrowAccesses(llvm::Function &F);

/// Numbers put together from parts in memory -> one wide load.
void mergeLoads(llvm::Function &F);

/// Branches that test a loop's old counter -> branches that test the new one.
void testNextCounters(llvm::Function &F);

/// Stores beside each other -> one wide store.
void mergeAccesses(llvm::Function &F);

/// Signed division below ISA level 4; from there on that of i8 and i16.
void expandSignedDivision(llvm::Function &F, unsigned Cpu);

/// `br (a && b)` -> two branches; `br !a` -> `br a` with its ways swapped.
void splitBranches(llvm::Function &F);

/// Stores of constants that are there already -> nothing.
void skipStoredConstants(llvm::Function &F);

/// Joins of truth values -> a compare of the joined values.
void comparePhis(llvm::Function &F);

/// Joins that only lead to another join -> phis of that one.
void joinPhis(llvm::Function &F);

/// Sums of a number and a truth value -> selects.
void foldTruths(llvm::Function &F);

/// icmp used as a value -> the sign of a difference, where that is as short.
void computeTruths(llvm::Function &F, unsigned Cpu);

/// select -> branch and phi.
void lowerSelects(llvm::Function &F);

/// icmp used as a value -> branch and phi of constants.
void materialiseCompares(llvm::Function &F);

/// Ways that bring a constant to a branch on it -> ways to where it leads.
void threadBranches(llvm::Function &F);

/// A function's accesses of the variables of one section start from one of
/// them.
void shareSections(llvm::Module &M);

} // namespace bpfcc

#endif

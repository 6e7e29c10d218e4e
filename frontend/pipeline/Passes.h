#ifndef BPFCC_FRONTEND_PIPELINE_PASSES_H
#define BPFCC_FRONTEND_PIPELINE_PASSES_H

#include "llvm/IR/PassManager.h"

// Our own IR passes. Each file opens with what its pass needs and gives.

namespace bpfcc {

/// Keeps the names of parameters for BTF.
struct ParameterNamesPass : llvm::PassInfoMixin<ParameterNamesPass> {
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
};

/// Drops what static functions take and give in vain.
struct DeadArgumentsPass : llvm::PassInfoMixin<DeadArgumentsPass> {
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &);
};

/// Keeps LLVM from computing an address before the check of its index.
struct GuardIndexesPass : llvm::PassInfoMixin<GuardIndexesPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &);
};

/// Takes out what GuardIndexesPass put in.
struct DropGuardsPass : llvm::PassInfoMixin<DropGuardsPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &);
};

/// Gives every access of the context a constant offset.
struct ContextAccessPass : llvm::PassInfoMixin<ContextAccessPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &);
};

/// Computes the distance of two pointers before anything is added to it.
struct DistancesPass : llvm::PassInfoMixin<DistancesPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &);
};

/// Makes each branch compare one value of the program, not a derived one.
struct PlainBranchesPass : llvm::PassInfoMixin<PlainBranchesPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &);
};

/// Compares a value in the width in which it is used.
struct CompareWidePass : llvm::PassInfoMixin<CompareWidePass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &);
};

} // namespace bpfcc

#endif

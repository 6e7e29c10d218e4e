#ifndef BPFCC_RUNTIME_JIT_LOOPLIMITS_H
#define BPFCC_RUNTIME_JIT_LOOPLIMITS_H

#include "llvm/IR/PassManager.h"

namespace bpfcc::jit {

/// The comparison that lowered code makes where it counts: i1 (i64 left, i64
/// need), whether so many instructions may still run. It has no body, so that
/// LLVM keeps it as it is until LoopLimits.
llvm::Function *mayRun(llvm::Module &M);

/// Replaces the calls of mayRun() by comparisons, in loops by one before the
/// loop where its rounds can be bounded. Needs loops in simple form.
class LoopLimits : public llvm::PassInfoMixin<LoopLimits> {
public:
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &AM);
};

} // namespace bpfcc::jit

#endif

#ifndef BPFCC_FRONTEND_PIPELINE_PIPELINE_H
#define BPFCC_FRONTEND_PIPELINE_PIPELINE_H

#include "support/OptLevel.h"

namespace llvm {
class Module;
}

namespace bpfcc {

/// Runs LLVM's passes over \p M, as Clang emitted it, with a cost model for
/// BPF and without LLVM's BPF target. Every level, -O0 included, leaves IR
/// that the back end can take and a verifier can follow: no address of a local
/// escapes for want of promotion, always_inline functions are gone.
void optimise(llvm::Module &M, OptLevel Level);

} // namespace bpfcc

#endif

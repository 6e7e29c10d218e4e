#ifndef BPFCC_FRONTEND_PIPELINE_PIPELINE_H
#define BPFCC_FRONTEND_PIPELINE_PIPELINE_H

#include "frontend/pipeline/Care.h"
#include "support/OptLevel.h"

#include "llvm/ADT/StringSet.h"

namespace llvm {
class Module;
}

namespace bpfcc {

/// Runs LLVM's passes over \p M, as Clang emitted it, with a cost model for
/// BPF and without LLVM's BPF target. Every level, -O0 included, leaves IR
/// that the back end can take and a verifier can follow: no address of a local
/// escapes for want of promotion, always_inline functions are gone.
/// Passes of ours that \p Without names do not run: so tests see what each is
/// good for. What the programs of \p Careful reach is made with more care.
void optimise(llvm::Module &M, OptLevel Level,
              const llvm::StringSet<> &Without = {},
              const CareOf &Careful = {});

} // namespace bpfcc

#endif

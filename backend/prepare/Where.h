#ifndef BPFCC_BACKEND_PREPARE_WHERE_H
#define BPFCC_BACKEND_PREPARE_WHERE_H

#include "support/Diagnostic.h"

#include "llvm/IR/Instruction.h"

namespace bpfcc {

/// The source line that \p I comes from: its own, else that of its function.
/// Code inlined from elsewhere counts where it was written.
SourceLoc whereIs(const llvm::Instruction &I);

/// The line that defines \p F.
SourceLoc whereIs(const llvm::Function &F);

} // namespace bpfcc

#endif

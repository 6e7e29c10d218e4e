#ifndef BPFCC_TOOLS_BPFCC_RUNKERNEL_H
#define BPFCC_TOOLS_BPFCC_RUNKERNEL_H

#include "runtime/load/Program.h"
#include "tools/bpfcc/RunOptions.h"

namespace bpfcc::tools {

/// Loads and attaches O.File, waits for a signal or O.Duration, and prints the
/// maps that \p P, the same object, describes.
llvm::Error runInKernel(const RunOptions &O, const Program &P);

} // namespace bpfcc::tools

#endif

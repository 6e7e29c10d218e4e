#ifndef BPFCC_BACKEND_PREPARE_DESCRIBEHELPERS_H
#define BPFCC_BACKEND_PREPARE_DESCRIBEHELPERS_H

#include "llvm/IR/Module.h"

namespace bpfcc {

/// Tells LLVM's passes, by attributes of arguments, that helpers only read
/// keys, values and other input (helpers.def) and keep no address of it.
void describeHelpers(llvm::Module &M);

} // namespace bpfcc

#endif

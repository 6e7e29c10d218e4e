#ifndef BPFCC_RUNTIME_AOT_DIVIDE_H
#define BPFCC_RUNTIME_AOT_DIVIDE_H

#include "llvm/IR/Module.h"

namespace bpfcc::aot {

/// Makes divisions of \p M calls of functions that it adds; see Divide.cpp.
void callForDivisions(llvm::Module &M);

} // namespace bpfcc::aot

#endif

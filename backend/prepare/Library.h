#ifndef BPFCC_BACKEND_PREPARE_LIBRARY_H
#define BPFCC_BACKEND_PREPARE_LIBRARY_H

#include "llvm/IR/Module.h"

namespace bpfcc {

/// The function of <string.h> called \p Name, of type \p Ty, for calls that
/// inlineLibrary() will replace. It must be one of those in Library.cpp.
llvm::FunctionCallee libraryFunction(llvm::Module &M, llvm::StringRef Name,
                                     llvm::FunctionType &Ty);

} // namespace bpfcc

#endif

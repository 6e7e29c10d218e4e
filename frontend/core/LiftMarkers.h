#ifndef BPFCC_FRONTEND_CORE_LIFTMARKERS_H
#define BPFCC_FRONTEND_CORE_LIFTMARKERS_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

/// Turns what the passes of LLVM's BPF target made of CO-RE accesses, in
/// bitcode of clang, back into markers (Core.h). Their names end with
/// \p Suffix and a number, so that modules that are linked do not mix theirs.
/// Error: BadObject for what those passes do not make.
llvm::Error liftCoreMarkers(llvm::Module &M, llvm::StringRef Suffix);

} // namespace bpfcc

#endif

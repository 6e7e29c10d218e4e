#ifndef BPFCC_BACKEND_CODEGEN_KERNELCHECK_H
#define BPFCC_BACKEND_CODEGEN_KERNELCHECK_H

#include "backend/finish/Code.h"
#include "backend/target/KernelProfile.h"

#include "llvm/IR/Module.h"

namespace bpfcc {

/// Checks that each of \p Kernels has what the code of \p F, a function of
/// \p M, is made of: its instructions, and the kinds of its calls and
/// addresses. The level of the instruction set is not looked at: -mcpu= may ask
/// for more than a kernel's release has. Error: KernelLacks, once for each
/// feature, at the line that needs it first.
llvm::Error checkKernels(const CodeFunction &F, const llvm::Module &M,
                         llvm::ArrayRef<target::KernelProfile> Kernels);

} // namespace bpfcc

#endif

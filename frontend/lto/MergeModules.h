#ifndef BPFCC_FRONTEND_LTO_MERGEMODULES_H
#define BPFCC_FRONTEND_LTO_MERGEMODULES_H

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace bpfcc {

/// Reads bitcode that bpfcc or Clang made for BPF with -flto. What LLVM's own
/// passes for BPF made of CO-RE accesses are markers again
/// (frontend/core/Core.h);
/// \p Number tells those of several files apart. Error: BadObject for what is
/// no bitcode for BPF, or of a later LLVM.
llvm::Expected<std::unique_ptr<llvm::Module>>
readModule(llvm::StringRef Bytes, llvm::StringRef Name, size_t Number,
           llvm::LLVMContext &Context);

/// Leaves of each function in \p M that it is there, and the first use of each
/// name that is defined elsewhere: what a link checks.
void outline(llvm::Module &M);

struct MergeOptions {
  /// Functions that others than these modules call or define.
  llvm::StringSet<> Kept;
  /// -r: all functions are kept.
  bool Partial = false;
};

/// Makes one module of \p Modules, of one context and byte order, that a link
/// found nothing wrong with. Functions that are no programs, and that nobody
/// else knows, are local to it. Error: BadObject with what LLVM says.
llvm::Expected<std::unique_ptr<llvm::Module>>
mergeModules(std::vector<std::unique_ptr<llvm::Module>> Modules,
             const MergeOptions &Options);

} // namespace bpfcc

#endif

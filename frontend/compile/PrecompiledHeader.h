#ifndef BPFCC_FRONTEND_COMPILE_PRECOMPILEDHEADER_H
#define BPFCC_FRONTEND_COMPILE_PRECOMPILEDHEADER_H

#include "frontend/compile/CacheFolder.h"
#include "frontend/driver/Plan.h"

#include "clang/Frontend/CompilerInvocation.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace bpfcc {

/// Where \p J begins with `#include "vmlinux.h"`, lets \p Invocation read the
/// parsed header from \p Cache instead, and returns the files that it then
/// needs; makes it there if it was missed before. Otherwise returns \p Files
/// and changes nothing. What the compiler makes is the same, with and without.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
usePrecompiledHeader(const Job &J, clang::CompilerInvocation &Invocation,
                     const CacheFolder &Cache,
                     llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

} // namespace bpfcc

#endif

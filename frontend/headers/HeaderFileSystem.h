#ifndef BPFCC_FRONTEND_HEADERS_HEADERFILESYSTEM_H
#define BPFCC_FRONTEND_HEADERS_HEADERFILESYSTEM_H

#include "frontend/headers/HeaderPack.h"

#include "llvm/Support/VirtualFileSystem.h"

namespace bpfcc {

/// Where the headers in the box appear. Nothing of this name needs to exist on
/// disk; the same path is recorded in every object, on every machine.
inline constexpr llvm::StringLiteral HeaderRoot = "/bpfcc";

/// The pack that was linked into this program.
llvm::Expected<HeaderPack> builtinHeaders();

/// The architecture (as in `__TARGET_ARCH_x86`) of the machine that bpfcc was
/// built for.
llvm::StringRef hostTargetArch();

/// A read-only file system that shows \p Pack below HeaderRoot and nothing
/// else.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
createHeaderFileSystem(HeaderPack Pack);

/// The real file system with the headers in the box laid over it.
llvm::Expected<llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>>
createCompilerFileSystem();

/// The folders to search with `#include <...>`, in order: before the folders
/// of the system, for a target arch as in `__TARGET_ARCH_x86` ("x86").
std::vector<std::string> builtinIncludeFolders(const HeaderPack &Pack,
                                               llvm::StringRef Arch);

/// The folders of the system itself that are searched last.
std::vector<std::string> systemIncludeFolders();

} // namespace bpfcc

#endif

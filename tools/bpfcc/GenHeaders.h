#ifndef BPFCC_TOOLS_BPFCC_GENHEADERS_H
#define BPFCC_TOOLS_BPFCC_GENHEADERS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace bpfcc::tools {

/// Writes the headers in the box below \p Folder: include/, and asm/ and
/// vmlinux/ with a folder for each machine, as in __TARGET_ARCH_x86.
llvm::Error writeHeaders(llvm::StringRef Folder);

} // namespace bpfcc::tools

#endif

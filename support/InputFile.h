#ifndef BPFCC_SUPPORT_INPUTFILE_H
#define BPFCC_SUPPORT_INPUTFILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace bpfcc {

/// All of file \p Name, which may be a pipe or lie below /sys, but no device.
/// Error: CannotOpen.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readInputFile(llvm::StringRef Name);

} // namespace bpfcc

#endif

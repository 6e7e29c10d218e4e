#ifndef BPFCC_SUPPORT_OUTPUTFILE_H
#define BPFCC_SUPPORT_OUTPUTFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

/// Writes \p Bytes to the file \p Path; "-" and "" are standard output. A
/// regular file appears complete or not at all: the bytes go to a temporary
/// file beside it, which is then renamed. Devices and pipes are written in
/// place. Fails with DiagCode::CannotWrite.
llvm::Error writeOutput(llvm::StringRef Path, llvm::StringRef Bytes);

/// Writes what llvm::outs() still holds. Fails with DiagCode::CannotWrite if
/// that, or anything printed before, did not arrive.
llvm::Error flushStandardOutput();

} // namespace bpfcc

#endif

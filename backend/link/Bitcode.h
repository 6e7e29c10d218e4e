#ifndef BPFCC_BACKEND_LINK_BITCODE_H
#define BPFCC_BACKEND_LINK_BITCODE_H

#include "backend/object/Object.h"

#include "llvm/Support/Error.h"

namespace bpfcc::link {

/// Whether \p Bytes are LLVM's bitcode.
bool isBitcode(llvm::StringRef Bytes);

/// An object with the global symbols that code made of \p Bytes has or needs,
/// and no sections: those that are defined are in section 0. Error: BadObject.
llvm::Expected<Object> bitcodeSymbols(llvm::StringRef Bytes,
                                      llvm::StringRef Name);

} // namespace bpfcc::link

#endif

#ifndef BPFCC_RUNTIME_AOT_LINK_H
#define BPFCC_RUNTIME_AOT_LINK_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace bpfcc::aot {

/// Makes a shared object of the object file \p Object by lld, in this process.
/// Equal input gives equal bytes. Errors: CannotWrite for the folder of
/// temporary files; Internal for what lld says.
llvm::Expected<std::string> linkShared(llvm::StringRef Object);

} // namespace bpfcc::aot

#endif

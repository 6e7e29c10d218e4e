#ifndef BPFCC_FRONTEND_DRIVER_VARIANTS_H
#define BPFCC_FRONTEND_DRIVER_VARIANTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace bpfcc {

/// The command lines that \p Args stands for: one for each pair of what
/// `--arch=` and `--target=` list. `--arch=arm64` becomes
/// `-D__TARGET_ARCH_arm64`, and the byte order is that machine's unless
/// `--target=` names one. Where there are several, what each writes has the
/// names before its ending: `x.o` becomes `x.arm64.o`, `x.arm64.bpfeb.o`.
/// `-fplugin-arg-bpfcc-X` is `-X`: a spelling of our own options that clang and
/// clangd pass over. Error: BadOption.
llvm::Expected<std::vector<std::vector<std::string>>>
expandVariants(llvm::ArrayRef<const char *> Args);

} // namespace bpfcc

#endif

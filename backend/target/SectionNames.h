#ifndef BPFCC_BACKEND_TARGET_SECTIONNAMES_H
#define BPFCC_BACKEND_TARGET_SECTIONNAMES_H

#include "llvm/ADT/StringRef.h"

namespace bpfcc::target {

/// The name of sections.def that \p Section, which names no program type, was
/// most likely meant to be; empty if none is like it.
llvm::StringRef nearestSection(llvm::StringRef Section);

/// The same for sections of variables: `.maps`, `license`, ... Empty as well if
/// \p Section is one of them.
llvm::StringRef nearestDataSection(llvm::StringRef Section);

} // namespace bpfcc::target

#endif

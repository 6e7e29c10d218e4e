#ifndef BPFCC_TOOLS_BPFCC_EXPLAINPAGES_H
#define BPFCC_TOOLS_BPFCC_EXPLAINPAGES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace bpfcc::tools {

/// A page of docs/codes, which the build puts into the executable.
struct Page {
  llvm::StringLiteral Code; ///< `BPF0301`
  llvm::StringLiteral Text; ///< Markdown; the first line is `# BPF0301: title`
};

/// All pages, in the order of their codes.
llvm::ArrayRef<Page> pages();

} // namespace bpfcc::tools

#endif

#ifndef BPFCC_FRONTEND_COMPILE_REWRITTENSOURCE_H
#define BPFCC_FRONTEND_COMPILE_REWRITTENSOURCE_H

#include "llvm/ADT/StringRef.h"

#include <map>
#include <string>

namespace clang {
class PreprocessorOptions;
}

namespace bpfcc {

/// What `-E -frewrite-includes` puts before the source: that it is such one,
/// and the macros of the command line, so that it stands for itself.
std::string rewrittenHead(const clang::PreprocessorOptions &Options,
                          bool Misaligned);

/// A source that `-E -frewrite-includes` wrote, taken apart.
struct RewrittenSource {
  std::string Main; ///< the name of the file that was preprocessed
  bool Misaligned = false;
  /// By the names of files: their lines, as far as they were kept.
  std::map<std::string, std::string> Texts;
};

/// Whether \p Text is such a source.
bool isRewritten(llvm::StringRef Text);
RewrittenSource readRewritten(llvm::StringRef Text);

} // namespace bpfcc

#endif

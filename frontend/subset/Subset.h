#ifndef BPFCC_FRONTEND_SUBSET_SUBSET_H
#define BPFCC_FRONTEND_SUBSET_SUBSET_H

#include "support/Diagnostic.h"

#include <map>
#include <memory>

namespace clang {
class ASTConsumer;
class ASTContext;
} // namespace clang

namespace bpfcc {

/// What is wrong with a source that the C of it shows already.
struct SubsetFindings {
  std::vector<Diagnostic> Findings;
  /// A finding is about what all programs rest on: maps, the licence.
  bool AboutAll = false;
  /// Where functions of the C library are called first, by name. They are
  /// findings if nothing defines them in the end.
  std::map<std::string, SourceLoc> LibraryCalls;
};

/// Looks at what is parsed: section names that are like others, members of map
/// definitions that libbpf does not know, too many values to print. Precompiled
/// headers are not looked at. \p Findings must live as long as the result.
std::unique_ptr<clang::ASTConsumer> subsetChecks(SubsetFindings &Findings);

} // namespace bpfcc

#endif

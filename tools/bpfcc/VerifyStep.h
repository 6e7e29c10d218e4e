#ifndef BPFCC_TOOLS_BPFCC_VERIFYSTEP_H
#define BPFCC_TOOLS_BPFCC_VERIFYSTEP_H

#include "backend/object/Object.h"
#include "frontend/compile/Compile.h"
#include "tools/bpfcc/TryAgain.h"

namespace bpfcc::tools {

/// From a file name in debug information to the path that opens it.
using SourcePaths = std::map<std::string, std::string>;

/// Names the files of the diagnostics in \p E as the user does.
llvm::Error withRealPlaces(llvm::Error E, const SourcePaths &Paths);

/// What the front end knows of the sources of an object.
struct SourceInfo {
  SourcePaths Paths;
  SubsetFindings Subset;

  /// Takes the findings and paths of \p Result.
  void add(FrontEndResult &Result);
};

/// The findings of \p Findings that no object is made of.
llvm::Error errorsOf(const SubsetFindings &Findings);

/// Asks the kernels of \p Plan about the programs of \p O, compiled from
/// \p Name, and prints what they would refuse, and what the front end found, as
/// warnings; with -Werror=verify the findings are the error. Programs that
/// cannot be judged are notes. What a kernel refuses is made again by \p Again,
/// if there is such, and \p O is the result if that is accepted.
llvm::Error verifyCompiled(Object &O, llvm::StringRef Name,
                           const VerifyPlan &Plan, const SourceInfo &Sources,
                           Remake Again);

} // namespace bpfcc::tools

#endif

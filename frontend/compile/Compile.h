#ifndef BPFCC_FRONTEND_COMPILE_COMPILE_H
#define BPFCC_FRONTEND_COMPILE_COMPILE_H

#include "frontend/driver/Plan.h"
#include "frontend/subset/Subset.h"

#include <map>
#include <memory>
#include <optional>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace bpfcc {

/// A dependency file (-MD, -M) that the front end made and did not write.
struct DependencyFile {
  std::string Path; ///< "-" or "" is standard output
  std::string Text;
};

/// What the front end made of one Job.
struct FrontEndResult {
  /// The module as Clang emits it, no pass run; null for OutputKind::FrontEnd.
  std::unique_ptr<llvm::Module> Module;
  /// The text that -E prints; only then.
  std::string Text;
  bool HasText = false;
  std::vector<DependencyFile> Dependencies;
  /// From a file name in the module's debug information to the path that opens
  /// it, where the two differ.
  std::map<std::string, std::string> SourcePaths;
  /// The text of files that came inside another, written by -frewrite-includes,
  /// and what the machine takes that it was written for.
  std::map<std::string, std::string> SourceTexts;
  std::optional<bool> Misaligned;
  SubsetFindings Subset;
};

/// Runs Clang's front end in this process. Fails with AlreadyReported when
/// Clang has printed an error. No LLVM target needs to be registered.
llvm::Expected<FrontEndResult>
runFrontEnd(const Job &J, llvm::LLVMContext &Context,
            llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

} // namespace bpfcc

#endif

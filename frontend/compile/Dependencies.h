#ifndef BPFCC_FRONTEND_COMPILE_DEPENDENCIES_H
#define BPFCC_FRONTEND_COMPILE_DEPENDENCIES_H

#include "frontend/compile/Compile.h"

namespace clang {
class CompilerInstance;
class DependencyFileGenerator;
class DependencyOutputOptions;
} // namespace clang

namespace bpfcc {

/// Takes the writing of dependency files over from Clang: the text is made in
/// memory and leaves out the headers in the box, which are no files.
class DependencyOutput {
public:
  /// Empties the part of \p Options that would make Clang write the file.
  explicit DependencyOutput(clang::DependencyOutputOptions &Options);

  void attach(clang::CompilerInstance &CI);
  std::vector<DependencyFile> take();

private:
  std::shared_ptr<clang::DependencyFileGenerator> Generator;
  std::shared_ptr<std::string> Text;
  std::string Path;
};

} // namespace bpfcc

#endif

#include "frontend/compile/Dependencies.h"

#include "frontend/headers/HeaderFileSystem.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/Utils.h"

namespace bpfcc {

namespace {

class MemoryDependencies : public clang::DependencyFileGenerator {
public:
  MemoryDependencies(const clang::DependencyOutputOptions &Options,
                     std::shared_ptr<std::string> Text)
      : DependencyFileGenerator(Options), Text(std::move(Text)) {}

  void maybeAddDependency(llvm::StringRef Filename, bool FromModule,
                          bool IsSystem, bool IsModuleFile,
                          bool IsMissing) override {
    if (!Filename.starts_with(HeaderRoot))
      DependencyFileGenerator::maybeAddDependency(
          Filename, FromModule, IsSystem, IsModuleFile, IsMissing);
  }

  /// A precompiled header is of a file that the source includes itself.
  void attachToASTReader(clang::ASTReader &) override {}

  void finishedMainFile(clang::DiagnosticsEngine &) override {
    llvm::raw_string_ostream OS(*Text);
    outputDependencyFile(OS);
  }

private:
  std::shared_ptr<std::string> Text;
};

} // namespace

DependencyOutput::DependencyOutput(clang::DependencyOutputOptions &Options)
    : Path(Options.OutputFile) {
  if (Path.empty())
    return;
  Text = std::make_shared<std::string>();
  Generator = std::make_shared<MemoryDependencies>(Options, Text);
  Options.OutputFile.clear();
  Options.Targets.clear();
}

void DependencyOutput::attach(clang::CompilerInstance &CI) {
  if (Generator)
    CI.addDependencyCollector(Generator);
}

std::vector<DependencyFile> DependencyOutput::take() {
  if (!Generator)
    return {};
  return {{Path, *Text}};
}

} // namespace bpfcc

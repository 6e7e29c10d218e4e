// Clang in process: `-cc1` arguments in, an llvm::Module (or what another of
// Clang's actions prints) out. Clang runs none of its own passes; the pipeline
// folder does that with a cost model for BPF.

#include "frontend/compile/Compile.h"

#include "frontend/compile/Dependencies.h"
#include "frontend/compile/PrecompiledHeader.h"
#include "frontend/compile/RewrittenSource.h"
#include "frontend/compile/SourcePaths.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "support/Diagnostic.h"

#include "clang/CodeGen/CodeGenAction.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Frontend/Utils.h"
#include "clang/Rewrite/Frontend/Rewriters.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/xxhash.h"

namespace bpfcc {

namespace {

/// A line marker that names the bytes of all files that were read. Comments and
/// spaces are not in preprocessed text, but their lines are in BTF: who keeps
/// objects by preprocessed text, as ccache does, must see that they changed.
std::string sourceMark(const clang::SourceManager &Sources) {
  uint64_t Sum = 0; // the order of files is not known
  for (auto I = Sources.fileinfo_begin(); I != Sources.fileinfo_end(); ++I) {
    if (I->first.getName().starts_with(HeaderRoot))
      continue;
    if (auto Buffer = I->second->getBufferIfLoaded())
      Sum +=
          llvm::xxh3_64bits(llvm::arrayRefFromStringRef(Buffer->getBuffer()));
  }
  return "# 1 \"<source " + llvm::utohexstr(Sum, true, 16) + ">\"\n";
}

/// -E: prints to memory, so that the output file is written in one place.
class PrintToString : public clang::PreprocessorFrontendAction {
public:
  explicit PrintToString(std::string &Text) : Text(Text) {}
  bool hasPCHSupport() const override { return true; }

protected:
  void ExecuteAction() override {
    llvm::raw_string_ostream OS(Text);
    clang::CompilerInstance &CI = getCompilerInstance();
    clang::DoPrintPreprocessedInput(CI.getPreprocessor(), &OS,
                                    CI.getPreprocessorOutputOpts());
    const clang::PreprocessorOutputOptions &Options =
        CI.getPreprocessorOutputOpts();
    if (Options.ShowCPP && Options.ShowLineMarkers && getCurrentFile() != "-")
      OS << sourceMark(CI.getSourceManager());
  }

private:
  std::string &Text;
};

/// -E -frewrite-includes: a source that stands for itself.
class PrintRewritten : public clang::PreprocessorFrontendAction {
public:
  PrintRewritten(std::string &Text, bool Misaligned)
      : Text(Text), Misaligned(Misaligned) {}

protected:
  void ExecuteAction() override {
    clang::CompilerInstance &CI = getCompilerInstance();
    Text = rewrittenHead(CI.getPreprocessorOpts(), Misaligned);
    llvm::raw_string_ostream OS(Text);
    clang::RewriteIncludesInInput(CI.getPreprocessor(), &OS,
                                  CI.getPreprocessorOutputOpts());
  }

private:
  std::string &Text;
  bool Misaligned;
};

/// Clang's code generation, with our checks of what it parsed beside it.
class EmitAndCheck : public clang::EmitLLVMOnlyAction {
public:
  EmitAndCheck(llvm::LLVMContext &Context, SubsetFindings &Findings)
      : EmitLLVMOnlyAction(&Context), Findings(Findings) {}

protected:
  std::unique_ptr<clang::ASTConsumer>
  CreateASTConsumer(clang::CompilerInstance &CI,
                    llvm::StringRef File) override {
    auto Emit = EmitLLVMOnlyAction::CreateASTConsumer(CI, File);
    if (!Emit)
      return nullptr;
    std::vector<std::unique_ptr<clang::ASTConsumer>> Both;
    Both.push_back(subsetChecks(Findings));
    Both.push_back(std::move(Emit));
    return std::make_unique<clang::MultiplexConsumer>(std::move(Both));
  }

private:
  SubsetFindings &Findings;
};

std::unique_ptr<clang::FrontendAction>
actionFor(const clang::CompilerInvocation &Invocation, const Job &J,
          FrontEndResult &Result) {
  using namespace clang;
  switch (Invocation.getFrontendOpts().ProgramAction) {
  case frontend::PrintPreprocessedInput:
    Result.HasText = true;
    if (Invocation.getPreprocessorOutputOpts().RewriteIncludes)
      return std::make_unique<PrintRewritten>(Result.Text, J.Misaligned);
    return std::make_unique<PrintToString>(Result.Text);
  case frontend::ParseSyntaxOnly:
    return std::make_unique<SyntaxOnlyAction>();
  case frontend::RunPreprocessorOnly:
    return std::make_unique<PreprocessOnlyAction>();
  case frontend::GeneratePCH:
    return std::make_unique<GeneratePCHAction>();
  case frontend::ASTDump:
    return std::make_unique<ASTDumpAction>();
  case frontend::ASTPrint:
    return std::make_unique<ASTPrintAction>();
  case frontend::DumpTokens:
    return std::make_unique<DumpTokensAction>();
  case frontend::DumpRawTokens:
    return std::make_unique<DumpRawTokensAction>();
  case frontend::InitOnly:
    return std::make_unique<InitOnlyAction>();
  default:
    return nullptr;
  }
}

/// The headers in the box, after every folder that the user named.
llvm::Error addIncludeFolders(clang::HeaderSearchOptions &Search,
                              llvm::StringRef TargetArch) {
  auto Pack = builtinHeaders();
  if (!Pack)
    return Pack.takeError();
  auto Add = [&](llvm::StringRef Folder) {
    Search.AddPath(Folder, clang::frontend::System, /*IsFramework=*/false,
                   /*IgnoreSysRoot=*/true);
  };
  std::vector<std::string> Builtin = builtinIncludeFolders(*Pack, TargetArch);
  if (Search.UseStandardSystemIncludes)
    llvm::for_each(Builtin, Add);
  else if (Search.UseBuiltinIncludes)
    Add(Builtin.front());
  if (Search.UseStandardSystemIncludes)
    llvm::for_each(systemIncludeFolders(), Add);
  Search.UseStandardSystemIncludes = false;
  Search.UseBuiltinIncludes = false;
  return llvm::Error::success();
}

/// -mllvm options belong to LLVM's own registry, which is one for the process.
llvm::Error applyLlvmOptions(const std::vector<std::string> &Options) {
  llvm::SmallVector<const char *, 8> Args = {"bpfcc (LLVM option parsing)"};
  for (llvm::StringRef O : Options) {
    // What only LLVM's BPF code generator knows has nothing to act upon here.
    if (O.starts_with("-bpf-") || O.starts_with("-mattr=") ||
        O.starts_with("-mcpu="))
      continue;
    Args.push_back(O.data());
  }
  if (Args.size() == 1)
    return llvm::Error::success();
  if (!llvm::cl::ParseCommandLineOptions(int(Args.size()), Args.data(), "",
                                         &llvm::errs()))
    return llvm::make_error<AlreadyReported>();
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<llvm::Module>>
readIr(llvm::StringRef Path, llvm::LLVMContext &Context,
       llvm::vfs::FileSystem &Files) {
  auto Buffer = Path == "-" ? llvm::MemoryBuffer::getSTDIN()
                            : Files.getBufferForFile(Path);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, Path,
                     Buffer.getError().message());
  llvm::SMDiagnostic Problem;
  auto M = llvm::parseIR((*Buffer)->getMemBufferRef(), Problem, Context);
  if (!M) {
    Problem.print("bpfcc", llvm::errs());
    return llvm::make_error<AlreadyReported>();
  }
  return M;
}

void adjust(clang::CompilerInvocation &Invocation) {
  clang::CodeGenOptions &Gen = Invocation.getCodeGenOpts();
  Gen.DisableLLVMPasses = true;
  Gen.DisableO0ImplyOptNone = true;
  // At -O0 Clang marks what the user did not mark; that would be the user's
  // word against ours.
  if (Gen.OptimizationLevel == 0)
    Gen.setInlining(clang::CodeGenOptions::NormalInlining);
  Gen.ClearASTBeforeBackend = false;
  Invocation.getFrontendOpts().DisableFree = true;
}

/// Folders that debug information is to name instead of the real ones.
std::vector<FolderName> foldersGiven(const clang::CodeGenOptions &Gen,
                                     llvm::vfs::FileSystem &Files) {
  std::vector<FolderName> Given;
  for (const auto &[From, To] : Gen.DebugPrefixMap)
    Given.push_back({To, From});
  auto Current = Files.getCurrentWorkingDirectory();
  if (Current && Gen.DebugCompilationDir != *Current)
    Given.push_back({Gen.DebugCompilationDir, *Current});
  return Given;
}

/// A main file that -frewrite-includes wrote, also from standard input.
std::unique_ptr<llvm::MemoryBuffer>
takeRewritten(const Job &J, clang::CompilerInvocation &Invocation,
              llvm::vfs::FileSystem &Files) {
  if (!Invocation.getPreprocessorOutputOpts().RewriteIncludes)
    return nullptr;
  auto Buffer = J.Input == "-" ? llvm::MemoryBuffer::getSTDIN()
                               : Files.getBufferForFile(J.Input);
  if (!Buffer)
    return nullptr; // Clang says why
  clang::FrontendInputFile &Input = Invocation.getFrontendOpts().Inputs[0];
  Input = clang::FrontendInputFile((*Buffer)->getMemBufferRef(),
                                   Input.getKind(), Input.isSystem());
  return std::move(*Buffer);
}

/// Names the parts of \p Source as if they were files in the current folder.
void describeRewritten(const RewrittenSource &Source,
                       llvm::vfs::FileSystem &Files, FrontEndResult &Result) {
  Result.Module->setSourceFileName(Source.Main);
  Result.Misaligned = Source.Misaligned;
  Result.SourcePaths =
      makePathsPortable(*Result.Module, Source.Main, Files, /*Given=*/{});
  auto Absolute = [&](llvm::StringRef Name) {
    llvm::SmallString<256> Full(Name);
    if (!Files.makeAbsolute(Full))
      llvm::sys::path::remove_dots(Full, /*remove_dot_dot=*/true);
    return Full.str().str();
  };
  std::map<std::string, std::string> Renamed;
  for (const auto &[New, Path] : Result.SourcePaths)
    Renamed[Absolute(Path)] = New;
  for (const auto &[Name, Text] : Source.Texts) {
    auto New = Renamed.find(Absolute(Name));
    Result.SourceTexts[New == Renamed.end() ? Absolute(Name) : New->second] =
        Text;
  }
}

} // namespace

llvm::Expected<FrontEndResult>
runFrontEnd(const Job &J, llvm::LLVMContext &Context,
            llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files) {
  std::vector<const char *> Args;
  for (const std::string &A : J.Cc1Args)
    Args.push_back(A.c_str());

  // The arguments decide how their own errors are printed.
  clang::DiagnosticOptions EarlyOptions;
  clang::DiagnosticsEngine Early(
      clang::DiagnosticIDs::create(), EarlyOptions,
      new clang::TextDiagnosticPrinter(llvm::errs(), EarlyOptions));
  auto Invocation = std::make_shared<clang::CompilerInvocation>();
  if (!clang::CompilerInvocation::CreateFromArgs(*Invocation, Args, Early))
    return llvm::make_error<AlreadyReported>();
  adjust(*Invocation);
  const clang::FrontendOptions &Front = Invocation->getFrontendOpts();
  if (llvm::Error E = applyLlvmOptions(Front.LLVMArgs))
    return std::move(E);
  if (llvm::Error E =
          addIncludeFolders(Invocation->getHeaderSearchOpts(), J.TargetArch))
    return std::move(E);

  FrontEndResult Result;
  bool WantsModule = J.Kind != OutputKind::FrontEnd;
  if (WantsModule &&
      Front.Inputs[0].getKind().getLanguage() == clang::Language::LLVM_IR) {
    auto M = readIr(J.Input, Context, *Files);
    if (!M)
      return M.takeError();
    Result.Module = std::move(*M);
    return Result;
  }

  std::unique_ptr<llvm::MemoryBuffer> Main;
  if (WantsModule)
    Main = takeRewritten(J, *Invocation, *Files);
  std::unique_ptr<clang::FrontendAction> Action;
  clang::CodeGenAction *Emit = nullptr;
  if (WantsModule) {
    auto Only = std::make_unique<EmitAndCheck>(Context, Result.Subset);
    Emit = Only.get();
    Action = std::move(Only);
  } else {
    Action = actionFor(*Invocation, J, Result);
  }
  if (!Action)
    return diagError(DiagCode::BadOption, {},
                     "this kind of output is not supported");

  // What -E and its like print would show that the header was not read.
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Readable = Files;
  if (WantsModule && !Main && !J.Cache.empty())
    Readable =
        usePrecompiledHeader(J, *Invocation, CacheFolder(J.Cache), Files);
  DependencyOutput Dependencies(Invocation->getDependencyOutputOpts());
  clang::CompilerInstance CI(Invocation);
  CI.setVirtualFileSystem(Readable);
  CI.createDiagnostics();
  CI.createFileManager();
  if (CI.getCodeGenOpts().TimePasses)
    CI.createFrontendTimer();
  Dependencies.attach(CI);
  if (!CI.ExecuteAction(*Action))
    return llvm::make_error<AlreadyReported>();
  Result.Dependencies = Dependencies.take();
  if (Emit) {
    Result.Module = Emit->takeModule();
    if (!Result.Module)
      return llvm::make_error<AlreadyReported>();
    if (Main && isRewritten(Main->getBuffer())) {
      describeRewritten(readRewritten(Main->getBuffer()), *Files, Result);
      return Result;
    }
    Result.SourcePaths =
        makePathsPortable(*Result.Module, J.Input, *Files,
                          foldersGiven(Invocation->getCodeGenOpts(), *Files));
  }
  return Result;
}

} // namespace bpfcc

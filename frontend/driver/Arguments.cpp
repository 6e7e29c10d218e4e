#include "frontend/driver/Arguments.h"

#include "frontend/headers/HeaderFileSystem.h"
#include "support/Diagnostic.h"

#include "clang/Driver/Driver.h"
#include "clang/Options/Options.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"

namespace bpfcc {

using namespace clang::options;

/// Options after which Clang stops before its link step by itself.
static bool stopsBeforeLink(const llvm::opt::InputArgList &Args) {
  return Args.hasArg(OPT_c, OPT_S, OPT_E, OPT_M, OPT_MM, OPT_fsyntax_only,
                     OPT__precompile, OPT__analyze, OPT_emit_ast) ||
         Args.hasArg(OPT_emit_interface_stubs, OPT_rewrite_objc,
                     OPT_module_file_info, OPT_verify_pch,
                     OPT_print_supported_cpus);
}

llvm::Expected<CommandLine> readCommandLine(llvm::ArrayRef<const char *> Args,
                                            llvm::vfs::FileSystem &Files,
                                            llvm::BumpPtrAllocator &Memory) {
  llvm::SmallVector<const char *, 64> Expanded;
  Expanded.push_back("bpfcc");
  Expanded.append(Args.begin(), Args.end());
  if (llvm::Error E = clang::driver::expandResponseFiles(
          Expanded, /*ClangCLMode=*/false, Memory, &Files))
    return diagError(DiagCode::BadOption, {}, llvm::toString(std::move(E)));

  CommandLine Line;
  // Ours come first, so that the user's override them.
  Line.Clang = {"bpfcc", "--no-default-config", "--start-no-unused-arguments",
                "-O2", "--end-no-unused-arguments"};
  for (const char *Text : llvm::drop_begin(Expanded)) {
    llvm::StringRef Word(Text);
    if (Word.consume_front("--dump=")) {
      llvm::SmallVector<llvm::StringRef, 4> Stages;
      Word.split(Stages, ',', -1, /*KeepEmpty=*/false);
      for (llvm::StringRef Stage : Stages)
        Line.Dumps.push_back(Stage.str());
    } else if (Word == "--verify-each") {
      Line.VerifyEach = true;
    } else if (Word.consume_front("-mkernel=")) {
      Line.Kernel = Word.str();
    } else {
      Line.Clang.push_back(Text);
    }
  }

  unsigned MissingIndex = 0, MissingCount = 0;
  llvm::opt::InputArgList Parsed = clang::getDriverOptTable().ParseArgs(
      llvm::ArrayRef(Line.Clang).drop_front(), MissingIndex, MissingCount,
      llvm::opt::Visibility(ClangOption));
  Line.TargetArch = hostTargetArch().str();
  Line.DefineTargetArch = true;
  for (llvm::StringRef Macro : Parsed.getAllArgValues(OPT_D)) {
    llvm::StringRef Name = Macro.split('=').first;
    if (Name.consume_front("__TARGET_ARCH_")) {
      Line.TargetArch = Name.str();
      Line.DefineTargetArch = false;
    }
  }
  Line.WantsDwarf = Parsed.hasArg(OPT_gdwarf, OPT_gdwarf_2, OPT_gdwarf_3,
                                  OPT_gdwarf_4, OPT_gdwarf_5, OPT_gdwarf_6);
  if (!stopsBeforeLink(Parsed))
    Line.Clang.insert(Line.Clang.begin() + 1, "-c");
  return Line;
}

} // namespace bpfcc

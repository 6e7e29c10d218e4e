// bpfcc: one executable, one table of commands. What is no command is a
// compiler's command line.

#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "support/OutputFile.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/Describe.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <malloc.h>

using namespace bpfcc;
using namespace bpfcc::tools;

static int helpCommand(Arguments Args);
static int versionCommand(Arguments Args);
static int makeRulesCommand(Arguments Args);
static int completeCommand(Arguments Args);

static constexpr CommandRow Commands[] = {
    {"check", checkCommand, "check FILE.o",
     "say what a kernel's verifier would say", checkUsage},
    {"explain", explainCommand, "explain CODE", "say what a diagnostic means",
     explainUsage},
#ifdef BPFCC_HAS_RUN
    {"run", runCommand, "run FILE.o", "run a program in user space", runUsage},
    {"conformance-plugin", conformancePluginCommand, "conformance-plugin",
     "run a test of the bpf_conformance suite"},
#endif
    {"dump", dumpCommand, "dump FILE.o", "print an object in words", dumpUsage},
    {"gen", genCommand, "gen KIND FILE", "make skeletons, vmlinux.h, JSON",
     genUsage},
    {"doctor", doctorCommand, "doctor", "show what works on this machine",
     doctorUsage},
    {"help", helpCommand, "help [COMMAND]", "show this text, or a command's"},
    {"--help", helpCommand, "", ""},
    {"-h", helpCommand, "", ""},
    {"--version", versionCommand, "", ""},
    {"--complete", completeCommand, "", ""},
    {"--print-make-rules", makeRulesCommand, "", ""},
};

static void printHelp(llvm::raw_ostream &OS) {
  OS << "usage: bpfcc FILE.c -o FILE.o [options]   compile; options as "
        "clang's\n"
        "       bpfcc COMMAND [arguments]\n\n"
        "commands:\n";
  for (const CommandRow &C : Commands)
    if (*C.Synopsis)
      OS << "  " << llvm::left_justify(C.Synopsis, 26) << C.Help << '\n';
  OS << "\nA command's own --help says more, and `bpfcc help compile` of "
        "compiling.\n"
        "Exit status: 0 done, 1 wrong input, 2 a bug in bpfcc, 64 wrong "
        "command line.\n";
}

static int helpCommand(Arguments Args) {
  llvm::StringRef Of = Args.empty() ? "" : Args[0];
  if (Of == "--man") {
    printManPage(llvm::outs(), Commands);
    return ExitOk;
  }
  if (Of == "compile") {
    llvm::outs() << compileUsage();
    return ExitOk;
  }
  for (const CommandRow &C : Commands)
    if (Of == C.Name && C.Usage) {
      llvm::outs() << C.Usage();
      return ExitOk;
    }
  printHelp(llvm::outs());
  return ExitOk;
}

static int completeCommand(Arguments Args) {
  return printCompletions(Commands, Args);
}

static int versionCommand(Arguments Args) {
  if (!Args.empty() && llvm::StringRef(Args[0]) == "--json")
    return printVersionAsJson();
  llvm::outs() << "bpfcc " BPFCC_VERSION " (LLVM " BPFCC_LLVM_VERSION ")\n";
  return ExitOk;
}

/// `include $(shell bpfcc --print-make-rules)`: the file that is installed
/// beside this program.
static int makeRulesCommand(Arguments) {
  llvm::SmallString<256> Path(
      llvm::sys::path::parent_path(llvm::sys::path::parent_path(
          llvm::sys::fs::getMainExecutable(nullptr, nullptr))));
  llvm::sys::path::append(Path, "share/bpfcc/bpfcc.mk");
  if (!llvm::sys::fs::exists(Path))
    return reportErrors(llvm::errs(),
                        diagError(DiagCode::CannotOpen, {}, Path,
                                  "bpfcc was moved without its share folder"));
  llvm::outs() << Path << '\n';
  return ExitOk;
}

/// A bare word that names no file was meant as a command.
static bool looksLikeCommand(llvm::StringRef Word) {
  return llvm::all_of(Word, llvm::isAlpha) && !llvm::sys::fs::exists(Word);
}

/// One heap for the one thread that works, growing by megabytes: a compilation
/// keeps most of what it allocates, and ends soon.
static void takeMemoryInBulk() {
#ifdef __GLIBC__
  constexpr int Megabyte = 1 << 20;
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TOP_PAD, 4 * Megabyte);
  mallopt(M_TRIM_THRESHOLD, 512 * Megabyte);
  mallopt(M_MMAP_THRESHOLD, 16 * Megabyte);
#endif
}

static int run(Arguments Args) {
  if (Args.empty()) {
    printHelp(llvm::errs());
    return ExitUsage;
  }
  for (const CommandRow &C : Commands)
    if (llvm::StringRef(Args[0]) == C.Name)
      return runOnLargeStack(C.Run, Args.drop_front());
  if (isHostLink(Args))
    return hostLinkCommand(Args);
  if (!looksLikeCommand(Args[0])) {
    takeMemoryInBulk();
    return runOnLargeStack(compileCommand, Args);
  }
  llvm::errs() << "bpfcc: error: unknown command `" << Args[0]
               << "`; `bpfcc help` lists them\n";
  return ExitUsage;
}

int main(int Argc, char **Argv) {
  installCrashHandlers(Argc, Argv);
  int Status = run(Arguments(Argv + 1, size_t(Argc > 0 ? Argc - 1 : 0)));
  if (llvm::Error E = flushStandardOutput())
    Status = std::max(Status, reportErrors(llvm::errs(), std::move(E)));
  llvm::errs().clear_error(); // there is nowhere left to say so
  return Status;
}

// The command line is Clang's: its option table and its driver library read
// it, so that an option means here what it means there. The driver's answer is
// a list of `-cc1` command lines. This file turns them into Jobs:
//
//   bpfcc -c a.c -o a.o          ->  Job { a.c, Object, a.o, cc1 arguments }
//   bpfcc -save-temps -c a.c     ->  Jobs for a.i, a.bc, a.s and a.o
//
// The driver would run an assembler (`-cc1as`) last when it keeps temporary
// files; our back end writes objects itself, so that job repeats the one that
// made the assembly text, with another output.

#include "frontend/driver/Plan.h"

#include "backend/target/Machines.h"
#include "frontend/driver/Arguments.h"
#include "frontend/driver/LinkArguments.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "support/Diagnostic.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Basic/TargetOptions.h"
#include "clang/Driver/Compilation.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/DriverDiagnostic.h"
#include "clang/Driver/Job.h"
#include "clang/Driver/Tool.h"
#include "clang/Driver/ToolChain.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Options/Options.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/TargetParser/Host.h"

namespace bpfcc {

namespace {

using clang::driver::Command;

std::string valueAfter(llvm::ArrayRef<const char *> Args,
                       llvm::StringRef Option) {
  std::string Value;
  for (size_t I = 0; I + 1 < Args.size(); ++I)
    if (Args[I] == Option)
      Value = Args[I + 1];
  return Value;
}

bool has(llvm::ArrayRef<const char *> Args, llvm::StringRef Option) {
  return llvm::any_of(Args, [&](const char *A) { return A == Option; });
}

OptLevel optLevel(llvm::ArrayRef<const char *> Args) {
  OptLevel Level = OptLevel::O0;
  for (llvm::StringRef A : Args)
    Level = llvm::StringSwitch<OptLevel>(A)
                .Case("-O0", OptLevel::O0)
                .Cases({"-O", "-O1"}, OptLevel::O1)
                .Case("-O2", OptLevel::O2)
                .Cases({"-O3", "-O4", "-Ofast"}, OptLevel::O3)
                .Cases({"-Os", "-Og"}, OptLevel::Os)
                .Case("-Oz", OptLevel::Oz)
                .Default(Level);
  return Level;
}

OutputKind outputKind(llvm::ArrayRef<const char *> Args) {
  OutputKind Kind = OutputKind::FrontEnd;
  for (llvm::StringRef A : Args)
    Kind = llvm::StringSwitch<OutputKind>(A)
               .Case("-emit-obj", OutputKind::Object)
               .Case("-S", OutputKind::Assembly)
               .Case("-emit-llvm", OutputKind::LlvmText)
               .Case("-emit-llvm-bc", OutputKind::Bitcode)
               .Default(Kind);
  return Kind;
}

/// "v3" -> 3. An unknown name is left to Clang, which reports it.
unsigned cpuLevel(llvm::StringRef Name) {
  return llvm::StringSwitch<unsigned>(Name)
      .Cases({"v1", "generic"}, 1)
      .Case("v2", 2)
      .Case("v4", 4)
      .Default(3);
}

CostModel costModel(const CommandLine &Line, OptLevel Level) {
  if (Line.Verifiable)
    return CostModel::Steps;
  return Level == OptLevel::Os || Level == OptLevel::Oz ? CostModel::Slots
                                                        : CostModel::Balanced;
}

/// What code is made of bitcode in the link, which Clang's driver plans nothing
/// of.
CodeChoices choicesForLink(const CommandLine &Line) {
  CodeChoices C;
  C.Level = optLevel(Line.Clang);
  C.Model = costModel(Line, C.Level);
  C.Misaligned =
      Line.TargetArchGiven && target::takesMisaligned(Line.TargetArch);
  for (llvm::StringRef Word : Line.Clang)
    if (Word.consume_front("-mcpu="))
      C.CpuLevel = cpuLevel(Word);
  return C;
}

/// Debug information for BTF, whatever was asked for; and no key instructions,
/// so that -g does not change what is compiled.
void addDebugInfo(std::vector<std::string> &Args) {
  bool Complete = false;
  llvm::erase_if(Args, [&](llvm::StringRef A) {
    if (!A.starts_with("-debug-info-kind="))
      return A == "-gkey-instructions";
    llvm::StringRef Kind = A.substr(A.find('=') + 1);
    Complete = Kind != "line-tables-only" && Kind != "line-directives-only";
    return !Complete;
  });
  if (Complete)
    return;
  Args.push_back("-debug-info-kind=constructor");
  if (llvm::none_of(Args, [](llvm::StringRef A) {
        return A.starts_with("-dwarf-version=");
      }))
    Args.push_back("-dwarf-version=5");
}

/// Says what is wrong once: that a file is missing, and not as well that there
/// are no files.
class FirstCausePrinter : public clang::TextDiagnosticPrinter {
public:
  using TextDiagnosticPrinter::TextDiagnosticPrinter;
  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override {
    bool Follows = Info.getID() == clang::diag::err_drv_no_input_files;
    if (!Follows || getNumErrors() == 0)
      TextDiagnosticPrinter::HandleDiagnostic(Level, Info);
  }
};

/// Answers -mcpu=help: the names are Clang's.
void printCpus(clang::DiagnosticsEngine &Diags, const llvm::Triple &Target) {
  clang::TargetOptions Options;
  Options.Triple = Target.str();
  llvm::IntrusiveRefCntPtr<clang::TargetInfo> Info(
      clang::TargetInfo::CreateTargetInfo(Diags, Options));
  llvm::SmallVector<llvm::StringRef, 8> Names;
  Info->fillValidCPUList(Names);
  llvm::outs() << "Available CPUs for this target:\n\n";
  for (llvm::StringRef Name : Names)
    llvm::outs() << '\t' << Name << '\n';
}

class Planner {
public:
  explicit Planner(const CommandLine &Line) : Line(Line) {}

  llvm::Error add(const Command &C) {
    llvm::ArrayRef<const char *> Args = C.getArguments();
    if (Args.empty() || llvm::StringRef(Args[0]).starts_with("-cc1as")) {
      if (Result.empty())
        return diagError(DiagCode::BadOption, {},
                         "assembly files are not supported as input");
      Job J = Result.back();
      J.Kind = OutputKind::Object;
      J.ForLink = Line.Link.has_value();
      J.Output = valueAfter(Args, "-o");
      Result.push_back(std::move(J));
      return llvm::Error::success();
    }
    if (llvm::StringRef(Args[0]) != "-cc1")
      return diagError(DiagCode::BadOption, {},
                       llvm::Twine("this command line needs the tool `") +
                           C.getExecutable() + "`, which bpfcc does not run");
    Result.push_back(jobFor(Args.drop_front()));
    return llvm::Error::success();
  }

  std::vector<Job> take() { return std::move(Result); }

private:
  /// Clang's feature says so; else the machine that the user names.
  bool takesMisaligned(llvm::ArrayRef<const char *> Args) const {
    bool Takes =
        Line.TargetArchGiven && target::takesMisaligned(Line.TargetArch);
    for (size_t I = 0; I + 1 < Args.size(); ++I)
      if (llvm::StringRef(Args[I]) == "-target-feature") {
        llvm::StringRef Feature = Args[I + 1];
        if (Feature.drop_front() == "allows-misaligned-mem-access")
          Takes = Feature.front() == '+';
      }
    return Takes;
  }

  Job jobFor(llvm::ArrayRef<const char *> Args) const {
    Job J;
    J.Input = Args.empty() ? "-" : Args.back();
    J.Kind = outputKind(Args);
    J.ForLto = Line.Lto && J.Kind == OutputKind::Bitcode;
    J.ForLink = Line.Link && (J.ForLto || J.Kind == OutputKind::Object);
    if (!J.ForLink)
      J.Output = valueAfter(Args, "-o");
    std::string Cpu = valueAfter(Args, "-target-cpu");
    J.BigEndian =
        llvm::StringRef(valueAfter(Args, "-triple")).starts_with("bpfeb");
    J.Misaligned = takesMisaligned(Args);
    J.Level = optLevel(Args);
    J.Model = costModel(Line, J.Level);
    J.RunPasses = !J.ForLto && !has(Args, "-disable-llvm-passes");
    J.TargetArch = Line.TargetArch;
    J.Cache = Line.Cache;
    for (const char *A : Args)
      J.Cc1Args.push_back(A);
    if (Cpu == "probe") {
      Cpu = llvm::sys::detail::getHostCPUNameForBPF().str();
      J.Cc1Args.insert(J.Cc1Args.begin(), {"-target-cpu", Cpu});
      llvm::replace(J.Cc1Args, std::string("probe"), Cpu);
    }
    J.CpuLevel = Cpu.empty() ? 3 : cpuLevel(Cpu);
    // The last word of a cc1 command line is the input: ours go before it.
    auto At = J.Cc1Args.empty() ? J.Cc1Args.end() : J.Cc1Args.end() - 1;
    if (Line.DefineTargetArch)
      J.Cc1Args.insert(At, "-D__TARGET_ARCH_" + Line.TargetArch);
    std::string Input;
    if (!J.Cc1Args.empty()) {
      Input = J.Cc1Args.back();
      J.Cc1Args.pop_back();
    }
    addDebugInfo(J.Cc1Args);
    J.Cc1Args.push_back(Input);
    return J;
  }

  const CommandLine &Line;
  std::vector<Job> Result;
};

} // namespace

llvm::Expected<Plan>
planCompilation(llvm::ArrayRef<const char *> Args,
                llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files) {
  llvm::BumpPtrAllocator Memory;
  auto Line = readCommandLine(Args, *Files, Memory);
  if (!Line)
    return Line.takeError();
  Plan P;
  P.Dumps = Line->Dumps;
  P.VerifyEach = Line->VerifyEach;
  P.Kernels = Line->Kernels;
  P.Verify = Line->Verify;
  P.Link = Line->Link;
  if (P.Link)
    P.Link->Code = choicesForLink(*Line);
  if (P.Link && !hasSources(*P.Link)) {
    P.NothingToDo = Line->OnlyPrint;
    return P;
  }

  std::unique_ptr<clang::DiagnosticOptions> Options =
      clang::CreateAndPopulateDiagOpts(Line->Clang);
  clang::DiagnosticsEngine Diags(clang::DiagnosticIDs::create(), *Options,
                                 new FirstCausePrinter(llvm::errs(), *Options));
  static_cast<FirstCausePrinter *>(Diags.getClient())->setPrefix("bpfcc");
  clang::ProcessWarningOptions(Diags, *Options, *Files,
                               /*ReportDiags=*/false);

  // No program of this name is ever run; the driver looks for its resources
  // beside it, and ours are in the box.
  clang::driver::Driver Driver((HeaderRoot + "/bin/bpfcc").str(), "bpfel",
                               Diags, "bpfcc, a compiler for eBPF", Files);
  Driver.ClangExecutable = llvm::sys::fs::getMainExecutable(nullptr, nullptr);
  Driver.ResourceDir = (HeaderRoot + "/resources").str();
  Driver.setProbePrecompiled(true);
  std::unique_ptr<clang::driver::Compilation> Compilation(
      Driver.BuildCompilation(Line->Clang));

  if (!Compilation || Compilation->containsError() || Diags.hasErrorOccurred())
    return llvm::make_error<AlreadyReported>();
  const llvm::Triple &Target = Compilation->getDefaultToolChain().getTriple();
  if (!Target.isBPF())
    return withHelp(diagError(DiagCode::BadOption, {},
                              "`" + Target.str() + "` is not a BPF target"),
                    "use bpf, bpfel or bpfeb");
  if (Compilation->getArgs().hasArg(clang::options::OPT__HASH_HASH_HASH)) {
    Compilation->getJobs().Print(llvm::errs(), "\n", /*Quote=*/true);
    P.NothingToDo = true;
    return P;
  }
  if (Compilation->getArgs().hasArg(clang::options::OPT_v))
    Compilation->getJobs().Print(llvm::errs(), "\n", /*Quote=*/false);
  if (Compilation->getArgs().hasArg(clang::options::OPT_print_supported_cpus) ||
      llvm::any_of(Compilation->getJobs(), [](const Command &C) {
        return has(C.getArguments(), "-print-supported-cpus");
      })) {
    printCpus(Diags, Target);
    P.NothingToDo = true;
    return P;
  }
  Planner Jobs(*Line);
  for (const Command &C : Compilation->getJobs())
    if (llvm::Error E = Jobs.add(C))
      return std::move(E);
  P.Jobs = Jobs.take();
  auto IsSource = [](const LinkPlan::Input &I) {
    return I.Kind == LinkPlan::InputKind::Source;
  };
  auto IsForLink = [](const Job &J) { return J.ForLink; };
  if (P.Link && llvm::count_if(P.Jobs, IsForLink) !=
                    llvm::count_if(P.Link->Inputs, IsSource))
    return diagError(DiagCode::BadOption, {},
                     "not all of the inputs make objects to link");
  P.NothingToDo = P.Jobs.empty();
  return P;
}

} // namespace bpfcc

#include "frontend/driver/Arguments.h"

#include "backend/target/Machines.h"
#include "frontend/driver/Kernels.h"
#include "frontend/driver/LinkArguments.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "support/Diagnostic.h"

#include "clang/Driver/Driver.h"
#include "clang/Driver/Types.h"
#include "clang/Options/Options.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace bpfcc {

using namespace clang::options;
namespace types = clang::driver::types;

static llvm::Error badInput(const llvm::Twine &What, llvm::StringRef Help) {
  return withHelp(diagError(DiagCode::BadOption, {}, What), Help);
}

static llvm::Error checkInput(llvm::StringRef Name, types::ID Kind,
                              bool MakesObject, bool Links) {
  switch (Kind) {
  case types::TY_INVALID:
    return badInput("`" + Name + "` does not end as a source file does",
                    "`-x c` before it says that it is C");
  case types::TY_Object:
    if (Links)
      return badInput("`" + Name + "` is named as an object and is none",
                      "`-x c` before it says that it is C");
    return badInput("`" + Name + "` is an object, not a source",
                    "without -c, -S and -E, objects are linked");
  case types::TY_Asm:
  case types::TY_PP_Asm:
    if (MakesObject)
      return badInput("`" + Name + "`: assembly files are not supported",
                      "write a naked function with inline assembly in C");
    return llvm::Error::success();
  default:
    return llvm::Error::success();
  }
}

/// Clang would leave folders, objects and what it does not know to its linker.
static llvm::Error checkInputs(const llvm::opt::InputArgList &Args,
                               llvm::vfs::FileSystem &Files,
                               ObjectFiles &Objects, bool Links) {
  if (llvm::opt::Arg *A = Args.getLastArg(OPT_o); A && !*A->getValue())
    return diagError(DiagCode::BadOption, {}, "`-o` needs the name of a file");
  types::ID Given = types::TY_INVALID;
  for (const llvm::opt::Arg *A : Args.filtered(OPT_INPUT, OPT_x)) {
    llvm::StringRef Name = A->getValue();
    if (A->getOption().matches(OPT_x)) {
      Given = types::lookupTypeForTypeSpecifier(A->getValue());
      continue;
    }
    if (Links && Objects.contains(Name))
      continue;
    auto Status = Files.status(Name);
    if (Name == "-" || !Status)
      continue; // the driver has its say
    if (Status->isDirectory())
      return diagError(DiagCode::CannotOpen, {}, Name, "it is a folder");
    types::ID Kind = Given;
    if (Kind == types::TY_INVALID) {
      llvm::StringRef Ending = llvm::sys::path::extension(Name).drop_front(
          llvm::sys::path::has_extension(Name));
      Kind = Ending == "a" ? types::TY_Object
                           : types::lookupTypeForExtension(Ending);
    }
    bool MakesObject = !Args.hasArg(OPT_E, OPT_M, OPT_MM);
    if (llvm::Error E = checkInput(Name, Kind, MakesObject, Links))
      return E;
  }
  return llvm::Error::success();
}

static void warnOfDwarf(const llvm::opt::InputArgList &Args) {
  if (llvm::opt::Arg *A =
          Args.getLastArg(OPT_gdwarf, OPT_gdwarf_2, OPT_gdwarf_3, OPT_gdwarf_4,
                          OPT_gdwarf_5, OPT_gdwarf_6, OPT_gsplit_dwarf))
    reportErrors(llvm::errs(),
                 diagError(DiagCode::NoDwarf, {}, A->getSpelling()));
}

/// $BPFCC_CACHE; else bpfcc/ where the user's caches are.
static std::string defaultCache() {
  if (auto Given = llvm::sys::Process::GetEnv("BPFCC_CACHE"))
    return *Given;
  llvm::SmallString<128> Folder;
  if (!llvm::sys::path::cache_directory(Folder))
    return "";
  llvm::sys::path::append(Folder, "bpfcc");
  return Folder.str().str();
}

/// Headers know one name of each machine; people use others, too.
static void takeTargetArch(llvm::StringRef Name, CommandLine &Line) {
  const target::Machine *Machine = target::findMachine(Name);
  llvm::StringRef Known = Machine ? Machine->Name : "";
  Line.TargetArch = Machine ? Known.str() : Name.str();
  Line.TargetArchGiven = true;
  Line.DefineTargetArch = !Known.empty() && Known != Name;
  if (Known.empty())
    reportErrors(llvm::errs(),
                 withHelp(diagError(DiagCode::UnknownMachine, {}, Name),
                          "for this machine it is -D__TARGET_ARCH_" +
                              hostTargetArch().str() +
                              ", which is the default"));
}

/// Takes what says what is verified and how findings are reported. -w is
/// Clang's, too.
static bool takeVerifyOption(llvm::StringRef Word, VerifyPlan &Plan) {
  if (Word == "-Wverify")
    Plan.Warn = true;
  else if (Word == "-Wno-verify")
    Plan.Warn = Plan.AsError = false;
  else if (Word == "-Werror=verify")
    Plan.Warn = Plan.AsError = true;
  else if (Word == "-Wno-error=verify")
    Plan.AsError = false;
  else if (Word.consume_front("--btf="))
    Plan.KernelTypes = Word.str();
  else
    return false;
  return true;
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
  Line.Cache = defaultCache();
  LinkWords Linker;
  std::vector<llvm::StringRef> Words(Expanded.begin() + 1, Expanded.end());
  for (size_t I = 0; I != Words.size(); ++I) {
    llvm::StringRef Word = Words[I];
    const char *Text = Word.data();
    if (Linker.take(Words, I) || takeVerifyOption(Word, Line.Verify)) {
    } else if (Word.consume_front("--dump=")) {
      llvm::SmallVector<llvm::StringRef, 4> Stages;
      Word.split(Stages, ',', -1, /*KeepEmpty=*/false);
      for (llvm::StringRef Stage : Stages)
        Line.Dumps.push_back(Stage.str());
    } else if (Word.consume_front("--cache-dir=")) {
      Line.Cache = Word.str();
    } else if (Word == "--no-cache") {
      Line.Cache.clear();
    } else if (Word == "--verify-each") {
      Line.VerifyEach = true;
    } else if (Word.consume_front("-mkernel=")) {
      auto Kernels = readKernels(Word, Files);
      if (!Kernels)
        return Kernels.takeError();
      Line.Kernels = std::move(*Kernels);
    } else if (Word.starts_with("-O")) {
      Line.Verifiable = Word == "-Overifiable";
      Line.Clang.push_back(Line.Verifiable ? "-O2" : Text);
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
    if (Name.consume_front("__TARGET_ARCH_"))
      takeTargetArch(Name, Line);
  }
  Line.Verify.Kernels = verifiedReleases(Line.Kernels);
  Line.Verify.KernelsGiven = !Line.Kernels.empty();
  if (Parsed.hasArg(OPT_w) && !Line.Verify.AsError)
    Line.Verify.Warn = false;
  Line.Lto = isLto(Parsed);
  if (llvm::StringRef Passes = Parsed.getLastArgValue(OPT_Rpass_EQ);
      !Passes.empty())
    Line.Verify.Remarks = llvm::Regex(Passes).match("verify");
  ObjectFiles Objects(Files);
  bool Links = !stopsBeforeLink(Parsed) && isLink(Parsed, Linker, Objects);
  if (llvm::Error E = checkInputs(Parsed, Files, Objects, Links))
    return std::move(E);
  if (Linker.Any && !Links)
    return diagError(DiagCode::BadOption, {},
                     "`--gc-sections`, `--export`, `-Map` and `--trace-symbol` "
                     "are for links; this command line makes none");
  warnOfDwarf(Parsed);
  if (Links) {
    auto Link = planLink(Parsed, std::move(Linker), Objects, Line.Clang);
    if (!Link)
      return Link.takeError();
    Line.Link = std::move(*Link);
    Line.OnlyPrint = Parsed.hasArg(OPT__HASH_HASH_HASH);
  }
  if (!Line.Kernels.empty() && !Parsed.hasArg(OPT_mcpu_EQ))
    Line.Clang.insert(Line.Clang.begin() + 1,
                      llvm::StringSaver(Memory)
                          .save("-mcpu=v" + llvm::Twine(isaLevel(Line.Kernels)))
                          .data());
  if (!stopsBeforeLink(Parsed))
    Line.Clang.insert(Line.Clang.begin() + 1, "-c");
  return Line;
}

} // namespace bpfcc

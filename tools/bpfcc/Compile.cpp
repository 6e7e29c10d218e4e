// `bpfcc x.c -o x.o`: each Job of the command line goes through the front end,
// the passes and the code generator to its output file, or to the link.

#include "frontend/compile/Compile.h"
#include "backend/codegen/AsmPrinter.h"
#include "backend/codegen/CodeGen.h"
#include "backend/codegen/DataAddresses.h"
#include "backend/object/ElfFile.h"
#include "backend/prepare/DescribeHelpers.h"
#include "frontend/core/Core.h"
#include "frontend/driver/Variants.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "frontend/lto/SourceLines.h"
#include "frontend/pipeline/Pipeline.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "support/OutputFile.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/LinkStep.h"
#include "tools/bpfcc/LtoStep.h"
#include "tools/bpfcc/VerifyStep.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace bpfcc;

static llvm::Expected<Object> objectFor(const Plan &P, const Job &J,
                                        FrontEndResult &Result) {
  CodeGenOptions Options = tools::codeGenOptions(P, J);
  Options.Misaligned = Result.Misaligned.value_or(J.Misaligned);
  Options.SourcePaths = Result.SourcePaths;
  Options.SourceTexts = Result.SourceTexts;
  return generate(*Result.Module, Options);
}

/// The text that a job other than an object's asks for.
static std::string textFor(const Job &J, const llvm::Module &M) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  if (J.Kind == OutputKind::LlvmText)
    M.print(OS, nullptr);
  else
    llvm::WriteBitcodeToFile(M, OS);
  return Text;
}

namespace {
/// What is to be linked, and what is known of its sources.
struct LinkInputs {
  std::vector<LinkArgument> Objects;
  std::vector<const Job *> Jobs; ///< that made them
  tools::SourceInfo Sources;
};
} // namespace

using Files = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>;

/// Lowers and optimises what the front end gave.
static llvm::Error runPasses(llvm::Module &M, const Job &J,
                             const CareOf &Careful = {}) {
  if (llvm::Error E = lowerCoreAccesses(M))
    return E;
  if (J.RunPasses) {
    describeHelpers(M);
    optimise(M, J.Level, {}, Careful);
  }
  return llvm::Error::success();
}

/// The object of \p J once more, with more care. The front end has said what it
/// has to say.
static llvm::Expected<Object> makeAgain(const Plan &P, const Job &J,
                                        const Files &F, const CareOf &Careful) {
  Job Quiet = J;
  Quiet.Cc1Args.insert(Quiet.Cc1Args.begin(), "-w");
  Plan Silent = P;
  Silent.Dumps.clear();
  llvm::LLVMContext Context;
  auto Result = runFrontEnd(Quiet, Context, F);
  if (!Result)
    return Result.takeError();
  if (llvm::Error E = runPasses(*Result->Module, J, Careful))
    return std::move(E);
  return objectFor(Silent, J, *Result);
}

/// Whether the passes are what can be done without.
static bool isWorthAnother(const Job &J) {
  return J.RunPasses && J.Level != OptLevel::O0 && J.Input != "-";
}

/// -flto: the module as it is, with the lines of its source, to be compiled by
/// the link.
static llvm::Error keepForLto(const Job &J, FrontEndResult &Result,
                              LinkInputs &ForLink) {
  if (llvm::Error E = tools::errorsOf(Result.Subset))
    return E;
  keepSourceLines(*Result.Module, Result.SourcePaths, Result.SourceTexts);
  std::string Bitcode = textFor(J, *Result.Module);
  if (!J.ForLink) {
    Result.HasText = true;
    Result.Text = std::move(Bitcode);
    return llvm::Error::success();
  }
  auto In =
      readLinkArgument(llvm::MemoryBuffer::getMemBufferCopy(Bitcode), J.Input);
  if (!In)
    return In.takeError();
  ForLink.Objects.push_back(std::move(*In));
  ForLink.Jobs.push_back(&J);
  ForLink.Sources.add(Result);
  return llvm::Error::success();
}

/// Makes what \p J asks for of the module: \p Result's text, or an object for
/// the link. An object that is linked is verified when it is.
static llvm::Error generateFor(const Plan &P, const Job &J,
                               FrontEndResult &Result, const Files &F,
                               LinkInputs &ForLink) {
  if (J.ForLto)
    return keepForLto(J, Result, ForLink);
  llvm::Module *M = Result.Module.get();
  bool IsIr = J.Kind == OutputKind::LlvmText || J.Kind == OutputKind::Bitcode;
  if (!IsIr || J.RunPasses)
    if (llvm::Error E = runPasses(*M, J))
      return E;
  Result.HasText = true;
  if (IsIr) {
    Result.Text = textFor(J, *M);
    return llvm::Error::success();
  }
  if (llvm::Error E = tools::errorsOf(Result.Subset))
    return E;
  auto Made = objectFor(P, J, Result);
  if (!Made)
    return tools::withRealPlaces(Made.takeError(), Result.SourcePaths);
  llvm::Error Warnings = findAddressesInData(*M, *Made);
  if (llvm::is_contained(J.Cc1Args, "-w"))
    llvm::consumeError(std::move(Warnings));
  else
    reportErrors(llvm::errs(), std::move(Warnings));
  if (J.Kind == OutputKind::Assembly) {
    llvm::raw_string_ostream OS(Result.Text);
    printAssembly(OS, *Made);
    return llvm::Error::success();
  }
  Result.HasText = !J.ForLink || !J.Output.empty();
  if (!J.ForLink) {
    tools::SourceInfo Sources;
    Sources.add(Result);
    auto Again = [&](const CareOf &Careful) {
      return makeAgain(P, J, F, Careful);
    };
    if (llvm::Error E = tools::verifyCompiled(
            *Made, J.Input, P.Verify, Sources,
            isWorthAnother(J) ? tools::Remake(Again) : nullptr))
      return E;
  }
  if (Result.HasText)
    Result.Text = llvm::toStringRef(writeElf(*Made)).str();
  if (J.ForLink) {
    ForLink.Objects.push_back({J.Input, std::move(*Made), {}, false, nullptr});
    ForLink.Jobs.push_back(&J);
    ForLink.Sources.add(Result);
  }
  return llvm::Error::success();
}

static llvm::Error runJob(const Plan &P, const Job &J, const Files &F,
                          LinkInputs &ForLink) {
  llvm::LLVMContext Context;
  auto Result = runFrontEnd(J, Context, F);
  if (!Result)
    return Result.takeError();
  if (Result->Module)
    if (llvm::Error E = generateFor(P, J, *Result, F, ForLink))
      return E;
  // The output comes last: where it is new, all that belongs to it is there.
  for (const DependencyFile &D : Result->Dependencies)
    if (llvm::Error E = writeOutput(D.Path, D.Text))
      return E;
  if (Result->HasText)
    return writeOutput(J.Output, Result->Text);
  return llvm::Error::success();
}

static llvm::Error checkStages(llvm::ArrayRef<std::string> Stages) {
  for (const std::string &Stage : Stages)
    if (!llvm::is_contained(CodeGenStages, Stage))
      return withHelp(diagError(DiagCode::BadOption, {},
                                "`--dump`: no stage is called `" + Stage + "`"),
                      "stages: " +
                          llvm::join(llvm::ArrayRef(CodeGenStages), ", "));
  return llvm::Error::success();
}

/// Whether one of the programs that \p Careful names is in \p O.
static bool hasOneOf(const Object &O, const CareOf &Careful) {
  return llvm::any_of(O.Symbols, [&](const Symbol &S) {
    return S.Section != -1 && Careful.count(S.Name);
  });
}

static llvm::Error link(const Plan &P, const Files &F, LinkInputs Inputs) {
  // Bitcode is optimised as a whole, by other options than those of one source.
  bool MayTryAgain = P.Verify.Warn && llvm::none_of(Inputs.Jobs, [](auto *J) {
                       return J->ForLto;
                     });
  std::vector<LinkInput> Compiled;
  if (MayTryAgain)
    for (const LinkArgument &A : Inputs.Objects)
      Compiled.push_back({A.Name, *A.Obj});
  auto Linked = tools::runLink(P, std::move(Inputs.Objects));
  if (!Linked)
    return Linked.takeError();
  auto Again = [&](const CareOf &Careful) -> llvm::Expected<Object> {
    std::vector<LinkArgument> Objects;
    for (size_t N = 0; N != Compiled.size(); ++N) {
      Object O = Compiled[N].Obj;
      const Job &J = *Inputs.Jobs[N];
      if (isWorthAnother(J) && hasOneOf(O, Careful)) {
        auto Made = makeAgain(P, J, F, Careful);
        if (!Made)
          return Made.takeError();
        O = std::move(*Made);
      }
      Objects.push_back({Compiled[N].Name, std::move(O), {}, false, nullptr});
    }
    Plan Silent = P;
    Silent.Link->Traced.clear();
    return tools::runLink(Silent, std::move(Objects));
  };
  if (!P.Link->Partial)
    if (llvm::Error E = tools::verifyCompiled(
            *Linked, P.Link->Output, P.Verify, Inputs.Sources,
            MayTryAgain ? tools::Remake(Again) : nullptr))
      return E;
  return writeOutput(P.Link->Output, llvm::toStringRef(writeElf(*Linked)));
}

static llvm::Error compileOne(tools::Arguments Args) {
  auto F = createCompilerFileSystem();
  if (!F)
    return F.takeError();
  auto P = planCompilation(Args, *F);
  if (!P)
    return P.takeError();
  if (llvm::Error E = checkStages(P->Dumps))
    return E;
  llvm::Error Errors = llvm::Error::success();
  LinkInputs ForLink;
  for (const Job &J : P->Jobs)
    Errors = llvm::joinErrors(std::move(Errors), runJob(*P, J, *F, ForLink));
  if (Errors || !P->Link || P->NothingToDo)
    return Errors;
  return link(*P, *F, std::move(ForLink));
}

static llvm::Error compile(tools::Arguments Args) {
  auto Lines = expandVariants(Args);
  if (!Lines)
    return Lines.takeError();
  llvm::Error Errors = llvm::Error::success();
  for (const std::vector<std::string> &Line : *Lines) {
    std::vector<const char *> Words;
    for (const std::string &Word : Line)
      Words.push_back(Word.c_str());
    Errors = llvm::joinErrors(std::move(Errors), compileOne(Words));
  }
  return Errors;
}

int tools::compileCommand(Arguments Args) {
  return reportErrors(llvm::errs(), compile(Args));
}

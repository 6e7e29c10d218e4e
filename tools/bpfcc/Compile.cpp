// `bpfcc x.c -o x.o`: each Job of the command line goes through the front end,
// the passes and the code generator to its output file.

#include "frontend/compile/Compile.h"
#include "frontend/core/Core.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "frontend/pipeline/Pipeline.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "support/OutputFile.h"
#include "tools/bpfcc/Commands.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace bpfcc;

static llvm::Expected<std::string> outputFor(const Job &J,
                                             FrontEndResult &Result) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  llvm::Module *M = Result.Module.get();
  if (J.RunPasses) {
    if (llvm::Error E = lowerCoreAccesses(*M))
      return std::move(E);
    optimise(*M, J.Level);
  }
  switch (J.Kind) {
  case OutputKind::LlvmText:
    M->print(OS, nullptr);
    return Text;
  case OutputKind::Bitcode:
    llvm::WriteBitcodeToFile(*M, OS);
    return Text;
  default:
    return diagError(DiagCode::BadOption, {},
                     "this kind of output is not supported");
  }
}

static llvm::Error
runJob(const Job &J, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files) {
  llvm::LLVMContext Context;
  auto Result = runFrontEnd(J, Context, Files);
  if (!Result)
    return Result.takeError();
  if (Result->Module) {
    auto Bytes = outputFor(J, *Result);
    if (!Bytes)
      return Bytes.takeError();
    if (llvm::Error E = writeOutput(J.Output, *Bytes))
      return E;
  } else if (Result->HasText) {
    if (llvm::Error E = writeOutput(J.Output, Result->Text))
      return E;
  }
  for (const DependencyFile &D : Result->Dependencies)
    if (llvm::Error E = writeOutput(D.Path, D.Text))
      return E;
  return llvm::Error::success();
}

static llvm::Error compile(tools::Arguments Args) {
  auto Files = createCompilerFileSystem();
  if (!Files)
    return Files.takeError();
  auto P = planCompilation(Args, *Files);
  if (!P)
    return P.takeError();
  llvm::Error Errors = llvm::Error::success();
  for (const Job &J : P->Jobs)
    Errors = llvm::joinErrors(std::move(Errors), runJob(J, *Files));
  return Errors;
}

int tools::compileCommand(Arguments Args) {
  return reportErrors(llvm::errs(), compile(Args));
}

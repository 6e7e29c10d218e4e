// bpfcc-prepare [-mcpu=N] [--misaligned] FILE.ll
//
// Prepares the module in FILE (or - for standard input), checks that it is as
// Prepare.h promises, and prints it.

#include "backend/prepare/Prepare.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace bpfcc;

static llvm::Error badOption(const llvm::Twine &Message) {
  return diagError(DiagCode::BadOption, {}, Message.str());
}

static llvm::Error run(llvm::ArrayRef<char *> Args) {
  PrepareOptions Options;
  std::string File;
  for (llvm::StringRef Arg : Args) {
    if (Arg.consume_front("-mcpu=")) {
      if (Arg.getAsInteger(10, Options.Cpu))
        return badOption("-mcpu= wants a number");
    } else if (Arg == "--misaligned")
      Options.Misaligned = true;
    else
      File = Arg.str();
  }
  llvm::LLVMContext Context;
  llvm::SMDiagnostic Problem;
  std::unique_ptr<llvm::Module> M = llvm::parseIRFile(File, Problem, Context);
  if (!M)
    return badOption(File + ": " + Problem.getMessage());
  if (llvm::Error E = prepare(*M, Options))
    return E;
  if (llvm::Error E = checkPrepared(*M, Options))
    return E;
  M->print(llvm::outs(), nullptr);
  return llvm::Error::success();
}

int main(int Argc, char **Argv) {
  llvm::Error E = run(llvm::ArrayRef(Argv + 1, Argv + Argc));
  return E ? reportErrors(llvm::errs(), std::move(E)) : ExitOk;
}

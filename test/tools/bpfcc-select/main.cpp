// bpfcc-select [--prepare] [-mcpu=N] FILE.ll
//
// Prepares FILE if asked to. Selects each function of FILE, checks the MIR and
// prints it. The byte order is that of the data layout in FILE.

#include "backend/mir/Check.h"
#include "backend/mir/Text.h"
#include "backend/prepare/Prepare.h"
#include "backend/select/Select.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"

using namespace bpfcc;

static llvm::Error run(llvm::ArrayRef<char *> Args) {
  SelectOptions Options;
  std::string File;
  bool Prepare = false;
  for (llvm::StringRef Arg : Args)
    if (Arg.consume_front("-mcpu=")) {
      if (Arg.getAsInteger(10, Options.Cpu))
        return diagError(DiagCode::BadOption, {}, "-mcpu= wants a number");
    } else if (Arg == "--prepare")
      Prepare = true;
    else
      File = Arg.str();
  llvm::LLVMContext Context;
  llvm::SMDiagnostic Problem;
  std::unique_ptr<llvm::Module> M = llvm::parseIRFile(File, Problem, Context);
  if (!M)
    return diagError(DiagCode::CannotOpen, {}, File, Problem.getMessage());
  if (llvm::verifyModule(*M, &llvm::errs()))
    return diagError(DiagCode::BadOption, {}, "the module is broken");
  if (Prepare) {
    PrepareOptions First;
    First.Cpu = Options.Cpu;
    if (llvm::Error E = prepare(*M, First))
      return E;
  }
  Options.BigEndian = M->getDataLayout().isBigEndian();
  llvm::Error All = llvm::Error::success();
  for (llvm::Function &F : *M) {
    if (F.isDeclaration())
      continue;
    llvm::Expected<mir::Function> Mir = select(F, Options);
    if (!Mir) {
      All = joinErrors(std::move(All), Mir.takeError());
      continue;
    }
    mir::print(llvm::outs(), *Mir);
    if (llvm::Error E = mir::check(*Mir, mir::Form::Ssa, "select"))
      All = joinErrors(std::move(All), std::move(E));
  }
  return All;
}

int main(int Argc, char **Argv) {
  llvm::Error E = run(llvm::ArrayRef(Argv + 1, Argv + Argc));
  return E ? reportErrors(llvm::errs(), std::move(E)) : ExitOk;
}

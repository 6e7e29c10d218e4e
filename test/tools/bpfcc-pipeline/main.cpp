// bpfcc-pipeline [--without=PASS]... FILE
//
// Runs the passes of -O2, but those of ours that --without names, over the
// module in FILE, text or bitcode as Clang emitted it, and prints it. So a test
// of a guard shows what is made without it.

#include "frontend/pipeline/Pipeline.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace bpfcc;

static llvm::Error run(llvm::ArrayRef<char *> Args) {
  llvm::StringSet<> Without;
  std::string File;
  for (llvm::StringRef Arg : Args) {
    if (Arg.consume_front("--without="))
      Without.insert(("bpfcc::" + Arg).str());
    else
      File = Arg.str();
  }
  llvm::LLVMContext Context;
  llvm::SMDiagnostic Problem;
  std::unique_ptr<llvm::Module> M = llvm::parseIRFile(File, Problem, Context);
  if (!M)
    return diagError(DiagCode::BadOption, {},
                     (File + ": " + Problem.getMessage()).str());
  optimise(*M, OptLevel::O2, Without);
  M->print(llvm::outs(), nullptr);
  return llvm::Error::success();
}

int main(int Argc, char **Argv) {
  llvm::Error E = run(llvm::ArrayRef(Argv + 1, Argv + Argc));
  return E ? reportErrors(llvm::errs(), std::move(E)) : ExitOk;
}

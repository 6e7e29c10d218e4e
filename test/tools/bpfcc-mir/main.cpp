// bpfcc-mir --pass=PASS[,PASS...] [-mcpu=N] FILE.mir
//
// Runs the passes, in the order given, on each function of FILE and prints
// what they leave: MIR, or after `finish` the disassembly. `check` checks SSA
// form and changes nothing.

#include "backend/finish/Finish.h"
#include "backend/isa/Disassembler.h"
#include "backend/mir/Check.h"
#include "backend/mir/Text.h"
#include "backend/opt/Opt.h"
#include "backend/regalloc/Regalloc.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace bpfcc;

namespace {

struct Options {
  llvm::SmallVector<llvm::StringRef, 4> Passes;
  unsigned Cpu = 3;
  std::string File;
};

llvm::Error badOption(const llvm::Twine &Message) {
  return diagError(DiagCode::BadOption, {}, Message.str());
}

llvm::Expected<Options> parseOptions(llvm::ArrayRef<char *> Args) {
  Options O;
  for (llvm::StringRef Arg : Args) {
    if (Arg.consume_front("--pass="))
      Arg.split(O.Passes, ',');
    else if (Arg.consume_front("-mcpu=")) {
      if (Arg.getAsInteger(10, O.Cpu))
        return badOption("-mcpu= wants a number");
    } else if (Arg.starts_with("-") && Arg != "-")
      return badOption("unknown option `" + Arg + "`");
    else
      O.File = Arg.str();
  }
  if (O.File.empty() || O.Passes.empty())
    return badOption("usage: bpfcc-mir --pass=PASS[,PASS...] FILE.mir");
  return O;
}

void printCode(const CodeFunction &Code) {
  llvm::outs() << Code.Name << ":\n";
  for (const isa::Inst &I : Code.Insts) {
    llvm::outs() << "  ";
    isa::print(llvm::outs(), I);
    llvm::outs() << '\n';
  }
}

llvm::Error runPasses(mir::Function F, const Options &O) {
  for (llvm::StringRef Pass : O.Passes) {
    if (Pass == "check") {
      if (llvm::Error E = mir::check(F, mir::Form::Ssa, "parse"))
        return E;
    } else if (Pass == "opt") {
      if (llvm::Error E = mir::check(F, mir::Form::Ssa, "parse"))
        return E;
      OptOptions Opt;
      Opt.Cpu = O.Cpu;
      optimiseMir(F, Opt);
      if (llvm::Error E = mir::check(F, mir::Form::Ssa, "opt"))
        return E;
    } else if (Pass == "regalloc") {
      if (llvm::Error E = mir::check(F, mir::Form::Ssa, "parse"))
        return E;
      if (llvm::Error E = allocateRegisters(F))
        return E;
      if (llvm::Error E = mir::check(F, mir::Form::Allocated, "regalloc"))
        return E;
    } else if (Pass == "finish") {
      FinishOptions Finish;
      Finish.Cpu = O.Cpu;
      llvm::Expected<CodeFunction> Code = finish(std::move(F), Finish);
      if (!Code)
        return Code.takeError();
      printCode(*Code);
      return llvm::Error::success();
    } else
      return badOption("unknown pass `" + Pass + "`");
  }
  mir::print(llvm::outs(), F);
  return llvm::Error::success();
}

llvm::Error run(llvm::ArrayRef<char *> Args) {
  llvm::Expected<Options> O = parseOptions(Args);
  if (!O)
    return O.takeError();
  auto Buffer = llvm::MemoryBuffer::getFileOrSTDIN(O->File, /*IsText=*/true);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, O->File,
                     Buffer.getError().message());
  auto Functions = mir::parse((*Buffer)->getBuffer(), O->File);
  if (!Functions)
    return Functions.takeError();
  for (mir::Function &F : *Functions)
    if (llvm::Error E = runPasses(std::move(F), *O))
      return E;
  return llvm::Error::success();
}

} // namespace

int main(int Argc, char **Argv) {
  llvm::Error E = run(llvm::ArrayRef(Argv + 1, Argv + Argc));
  return E ? reportErrors(llvm::errs(), std::move(E)) : ExitOk;
}

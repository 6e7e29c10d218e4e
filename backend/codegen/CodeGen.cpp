// The back end on one screen: each stage takes what the one before gave.
//
//   prepare    llvm::Module -> the part of LLVM IR that select takes
//   select     llvm::Function -> mir::Function in SSA form
//   opt        SSA -> better SSA
//   regalloc   SSA -> physical registers
//   finish     mir::Function -> CodeFunction: instructions, fixups, lines
//   layout     CodeFunctions and variables -> Object: sections, symbols
//   btf        debug information -> .BTF, .BTF.ext

#include "backend/codegen/CodeGen.h"

#include "backend/btf/BtfBuilder.h"
#include "backend/codegen/KernelCheck.h"
#include "backend/codegen/Layout.h"
#include "backend/finish/Finish.h"
#include "backend/isa/Disassembler.h"
#include "backend/mir/Check.h"
#include "backend/mir/Text.h"
#include "backend/object/ElfFile.h"
#include "backend/opt/Opt.h"
#include "backend/prepare/Prepare.h"
#include "backend/regalloc/Regalloc.h"
#include "backend/select/Select.h"
#include "support/Diagnostic.h"

namespace bpfcc {

using namespace llvm;

namespace {

class FunctionCompiler {
public:
  FunctionCompiler(const CodeGenOptions &Options, bool BigEndian,
                   const isa::AsmScope *Scope)
      : Options(Options), BigEndian(BigEndian), Scope(Scope) {}

  Expected<CodeFunction> run(Function &F) const {
    auto Selected = select(F, {Options.Cpu, BigEndian, Options.Model});
    if (!Selected)
      return Selected.takeError();
    mir::Function &Mir = *Selected;
    if (Error E = after("select", Mir, mir::Form::Ssa))
      return std::move(E);
    optimiseMir(Mir, {Options.Cpu, BigEndian, Options.Level});
    if (Error E = after("opt", Mir, mir::Form::Ssa))
      return std::move(E);
    if (Error E = allocateRegisters(Mir))
      return std::move(E);
    if (Error E = after("regalloc", Mir, mir::Form::Allocated))
      return std::move(E);
    auto Code = finish(std::move(Mir), {Options.Cpu, BigEndian, Scope});
    if (Code && Options.Dumps.count("finish"))
      dump(*Code);
    return Code;
  }

private:
  Error after(StringRef Stage, const mir::Function &F, mir::Form Form) const {
    if (Options.Dumps.count(Stage.str())) {
      *Options.DumpTo << "; after " << Stage << '\n';
      mir::print(*Options.DumpTo, F);
    }
    return Options.Check ? mir::check(F, Form, Stage) : Error::success();
  }

  void dump(const CodeFunction &Code) const {
    raw_ostream &OS = *Options.DumpTo;
    OS << "; after finish\n" << Code.Name << ":\n";
    for (const isa::Inst &I : Code.Insts) {
      OS << "  ";
      isa::print(OS, I);
      OS << '\n';
    }
  }

  const CodeGenOptions &Options;
  bool BigEndian;
  const isa::AsmScope *Scope;
};

} // namespace

Expected<Object> generate(Module &M, const CodeGenOptions &Options) {
  if (Error E = prepare(M, {Options.Cpu, Options.Misaligned, Options.Level}))
    return std::move(E);
  if (Options.Dumps.count("prepare"))
    M.print(*Options.DumpTo, nullptr);
  if (Options.Check)
    if (Error E = checkPrepared(M, {Options.Cpu}))
      return std::move(E);

  bool BigEndian = M.getDataLayout().isBigEndian();
  auto Asm = isa::assembleModule(M.getModuleInlineAsm(), BigEndian);
  if (!Asm)
    return diagError(DiagCode::AsmError, {M.getSourceFileName(), 0, 0},
                     takeMessages(Asm.takeError()));
  FunctionCompiler Compiler(Options, BigEndian, Asm->Scope.get());
  std::vector<CodeFunction> Functions;
  Error Errors = Error::success();
  for (Function &F : M) {
    if (F.isDeclarationForLinker())
      continue;
    auto Code = Compiler.run(F);
    if (!Code) {
      Errors = joinErrors(std::move(Errors), Code.takeError());
      continue;
    }
    Errors =
        joinErrors(std::move(Errors), checkKernels(*Code, M, Options.Kernels));
    Functions.push_back(std::move(*Code));
  }
  if (Errors)
    return std::move(Errors);

  Layout L(BigEndian);
  placeCode(L, Functions);
  AsmPlaces AsmAt = placeAsm(L, *Asm);
  if (Error E = layOutData(L, M))
    return std::move(E);
  fillCode(L, M, Functions);
  fillAsm(L, *Asm, AsmAt);
  if (Error E =
          addBtf(L.O, M, Functions, {Options.SourcePaths, Options.SourceTexts}))
    return std::move(E);
  if (size_t N = L.O.Sections.size(); N > MaxSections)
    return diagError(DiagCode::UnsupportedIr, {},
                     formatv("an object of {0} sections", N).str());
  return std::move(L.O);
}

} // namespace bpfcc

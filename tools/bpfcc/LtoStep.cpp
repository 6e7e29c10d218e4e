// `bpfcc -flto a.o b.o -o c.o`: the compilation that is part of the link.

#include "tools/bpfcc/LtoStep.h"

#include "backend/codegen/CodeGen.h"
#include "backend/codegen/DataAddresses.h"
#include "backend/prepare/DescribeHelpers.h"
#include "frontend/core/Core.h"
#include "frontend/lto/MergeModules.h"
#include "frontend/lto/SourceLines.h"
#include "frontend/pipeline/Pipeline.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"

namespace bpfcc::tools {

using namespace llvm;

static unsigned numericLevel(OptLevel Level) {
  switch (Level) {
  case OptLevel::O0:
    return 0;
  case OptLevel::O1:
    return 1;
  case OptLevel::O2:
  case OptLevel::Os:
  case OptLevel::Oz:
    return 2;
  case OptLevel::O3:
    return 3;
  }
  return 2;
}

CodeGenOptions codeGenOptions(const Plan &P, const CodeChoices &Choices) {
  CodeGenOptions Options;
  Options.Cpu = Choices.CpuLevel;
  Options.Misaligned = Choices.Misaligned;
  Options.Kernels = P.Kernels;
  Options.Level = numericLevel(Choices.Level);
  Options.Model = Choices.Model;
  Options.Check = P.VerifyEach;
  Options.Dumps.insert(P.Dumps.begin(), P.Dumps.end());
  Options.DumpTo = &errs();
  return Options;
}

static Expected<Object> compile(const Plan &P, Module &M) {
  const CodeChoices &Choices = P.Link->Code;
  CodeGenOptions Options = codeGenOptions(P, Choices);
  Options.SourceTexts = takeSourceLines(M);
  Options.SourcePaths = sourcePaths(M);
  if (Error E = lowerCoreAccesses(M))
    return std::move(E);
  describeHelpers(M);
  optimise(M, Choices.Level);
  auto Made = generate(M, Options);
  if (Made)
    reportErrors(errs(), findAddressesInData(M, *Made));
  return Made;
}

/// Our link says what is wrong between the files, as it does of objects: it
/// gets an object of each outline.
static Error checkTogether(const Plan &P, ArrayRef<LinkInput> Inputs) {
  std::vector<LinkInput> Outlines;
  Error Errors = Error::success();
  for (const LinkInput &In : Inputs) {
    if (In.Bitcode.empty()) {
      Outlines.push_back(In);
      continue;
    }
    LLVMContext Context;
    auto M = readModule(In.Bitcode, In.Name, 0, Context);
    if (!M) {
      Errors = joinErrors(std::move(Errors), M.takeError());
      continue;
    }
    CodeGenOptions Options = codeGenOptions(P, P.Link->Code);
    Options.Dumps.clear();
    Options.SourceTexts = takeSourceLines(**M);
    Options.SourcePaths = sourcePaths(**M);
    outline(**M);
    auto Made = generate(**M, Options);
    if (Made)
      Outlines.push_back({In.Name, std::move(*Made)});
    else
      Errors = joinErrors(std::move(Errors), Made.takeError());
  }
  if (Errors)
    return Errors;
  LinkOptions Options;
  Options.Partial = true;
  return linkObjects(std::move(Outlines), Options).takeError();
}

Error compileBitcode(const Plan &P, std::vector<LinkInput> &Inputs) {
  auto IsBitcode = [](const LinkInput &In) { return !In.Bitcode.empty(); };
  auto First = find_if(Inputs, IsBitcode);
  if (First == Inputs.end())
    return Error::success();
  if (Error E = checkTogether(P, Inputs))
    return E;
  LLVMContext Context;
  std::vector<std::unique_ptr<Module>> Modules;
  MergeOptions Merge;
  Merge.Partial = P.Link->Partial;
  for (const std::string &Name : P.Link->Exports)
    Merge.Kept.insert(Name);
  for (const LinkInput &In : Inputs) {
    if (IsBitcode(In)) {
      auto M = readModule(In.Bitcode, In.Name, Modules.size(), Context);
      if (!M)
        return M.takeError();
      Modules.push_back(std::move(*M));
      continue;
    }
    for (const Symbol &S : In.Obj.Symbols)
      if (S.Binding != ELF::STB_LOCAL)
        Merge.Kept.insert(S.Name);
  }
  auto M = mergeModules(std::move(Modules), Merge);
  if (!M)
    return M.takeError();
  auto Made = compile(P, **M);
  if (!Made)
    return Made.takeError();
  First->Obj = std::move(*Made);
  First->Bitcode = {};
  erase_if(Inputs, IsBitcode);
  return Error::success();
}

} // namespace bpfcc::tools

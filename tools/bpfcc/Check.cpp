// `bpfcc check x.o`: what a kernel would say of each program.

#include "backend/object/ElfFile.h"
#include "support/ExitCode.h"
#include "support/InputFile.h"
#include "support/OutputFile.h"
#include "tools/bpfcc/CheckOptions.h"
#include "tools/bpfcc/CheckReport.h"
#include "tools/bpfcc/HtmlReport.h"
#include "tools/bpfcc/KernelBtf.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::tools {

static Error checkFile(const std::string &Name, const CheckOptions &O,
                       KernelBtf &Types, CheckReport &R) {
  auto Buffer = readInputFile(Name);
  if (!Buffer)
    return Buffer.takeError();
  StringRef Bytes = (*Buffer)->getBuffer();
  auto Obj = readElf(
      ArrayRef(reinterpret_cast<const uint8_t *>(Bytes.data()), Bytes.size()),
      Name);
  if (!Obj)
    return Obj.takeError();
  JudgeOptions Options;
  Options.Kernels = O.Kernels;
  Options.Program = O.Program;
  Options.StrictAlignment = O.StrictAlignment;
  Options.Types = &Types;
  if (O.ExplainPath)
    Options.Paths = &outs();
  Options.Details = !O.Html.empty();
  auto All = judge(*Obj, Name, Options);
  if (!All)
    return All.takeError();
  append_range(R.Findings, reasons(*All));
  for (Judgement &J : *All)
    R.Rows.push_back({Name, std::move(J)});
  return Error::success();
}

/// Adds a finding for each program that needs more than \p O lets it.
static void checkBudgets(const CheckOptions &O, CheckReport &R) {
  for (const CheckReport::Row &Row : R.Rows) {
    const Judgement &J = Row.J;
    auto Check = [&](std::optional<uint64_t> Budget, uint64_t Needed,
                     StringRef What) {
      if (!Budget || Needed <= *Budget)
        return;
      Diagnostic D{DiagCode::OverBudget,
                   diagSeverity(DiagCode::OverBudget),
                   {Row.File},
                   formatv(diagFormat(DiagCode::OverBudget), J.Program, Needed,
                           What, target::toString(J.Kernel), *Budget)
                       .str(),
                   ""};
      R.Findings.push_back(std::move(D));
    };
    Check(O.MaxInsns, J.Stats.Processed, "instructions on all paths");
    Check(O.MaxStates, J.Stats.States, "states");
    Check(O.MaxStack, stackBytes(J.Stats), "bytes of stack");
  }
}

static Error print(const CheckOptions &O, const CheckReport &R) {
  if (O.Format == CheckFormat::Json || O.Format == CheckFormat::Sarif) {
    (O.Format == CheckFormat::Json ? printJson : printSarif)(outs(), R);
    return Error::success();
  }
  for (const Diagnostic &D : R.Findings)
    printDiagnostic(errs(), D);
  if (!O.Baseline.empty())
    return printComparison(outs(), R, O.Baseline);
  (O.Format == CheckFormat::Csv ? printCsv : printTable)(outs(), R);
  return Error::success();
}

static Expected<bool> check(Arguments Args) {
  auto O = parseCheckOptions(Args);
  if (!O)
    return O.takeError();
  if (O->Help) {
    outs() << checkUsage();
    return true;
  }
  CheckReport R;
  KernelBtf Types(O->Btf);
  for (const std::string &File : O->Files)
    if (Error E = checkFile(File, *O, Types, R))
      return std::move(E);
  if (R.Rows.empty())
    return diagError(DiagCode::BadOption, {},
                     O->Program.empty()
                         ? "there is no program in the object"
                         : "there is no program `" + O->Program + "`");
  checkBudgets(*O, R);
  if (!O->Html.empty())
    if (Error E = writeOutput(O->Html, htmlReport(R)))
      return std::move(E);
  if (Error E = print(*O, R))
    return std::move(E);
  return R.Findings.empty();
}

int checkCommand(Arguments Args) {
  auto Accepted = check(Args);
  if (!Accepted)
    return reportErrors(errs(), Accepted.takeError());
  return *Accepted ? ExitOk : ExitUserError;
}

} // namespace bpfcc::tools

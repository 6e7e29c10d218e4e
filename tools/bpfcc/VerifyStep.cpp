// Between the code generator and the output file: what the kernels that the
// user compiles for would say of the object.
//
// Kernels are asked from the newest on, and one that refuses a program ends
// that: so one mistake has one message. Nobody said that the program is for the
// older of the kernels that are asked by default; what only that one refuses is
// a note, once for the file.

#include "tools/bpfcc/VerifyStep.h"

#include "support/Diagnostic.h"
#include "tools/bpfcc/Judge.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace bpfcc::tools {

/// Instructions followed for one object: a second or two.
constexpr uint64_t MaxSteps = 2'000'000;

void SourceInfo::add(FrontEndResult &Result) {
  Paths.merge(std::move(Result.SourcePaths));
  append_range(Subset.Findings, std::move(Result.Subset.Findings));
  Subset.AboutAll |= Result.Subset.AboutAll;
  Subset.LibraryCalls.merge(std::move(Result.Subset.LibraryCalls));
}

Error errorsOf(const SubsetFindings &Findings) {
  Error Errors = Error::success();
  for (const Diagnostic &D : Findings.Findings)
    if (D.Level == Severity::Error)
      Errors = joinErrors(std::move(Errors), make_error<DiagnosticError>(D));
  return Errors;
}

static void showRealPlaces(Diagnostic &D, const SourcePaths &Paths) {
  auto Show = [&](SourceLoc &Loc) {
    if (auto It = Paths.find(Loc.File); It != Paths.end())
      Loc.File = It->second;
  };
  Show(D.Loc);
  for (DiagnosticNote &N : D.Notes)
    Show(N.Loc);
}

Error withRealPlaces(Error E, const SourcePaths &Paths) {
  return handleErrors(std::move(E), [&](const DiagnosticError &Inner) -> Error {
    Diagnostic D = Inner.diagnostic();
    showRealPlaces(D, Paths);
    return make_error<DiagnosticError>(std::move(D));
  });
}

namespace {

/// Prints findings as the plan says; those that are errors are kept.
class Reporter {
public:
  Reporter(const VerifyPlan &Plan, const SourceInfo &Sources)
      : Plan(Plan), Sources(Sources) {}

  void report(Diagnostic D) {
    showRealPlaces(D, Sources.Paths);
    if (D.Code == DiagCode::MadeAgain) {
      D.Option = "-Rpass=verify";
    } else if (D.Level != Severity::Note) {
      D.Level = Plan.AsError ? Severity::Error : Severity::Warning;
      D.Option = Plan.AsError ? "-Werror,-Wverify" : "-Wverify";
    }
    if (D.Level == Severity::Error)
      Errors = joinErrors(std::move(Errors),
                          make_error<DiagnosticError>(std::move(D)));
    else
      printDiagnostic(errs(), D);
  }

  Error take() { return std::move(Errors); }

private:
  const VerifyPlan &Plan;
  const SourceInfo &Sources;
  Error Errors = Error::success();
};

} // namespace

/// Functions of the C library that nothing defines.
static void reportLibraryCalls(const Object &O, const SubsetFindings &Findings,
                               Reporter &R) {
  for (const Symbol &S : O.Symbols) {
    auto It = Findings.LibraryCalls.find(S.Name);
    if (S.Section != -1 || It == Findings.LibraryCalls.end())
      continue;
    DiagCode Code = DiagCode::LibraryFunction;
    R.report({Code, diagSeverity(Code), It->second,
              formatv(diagFormat(Code), S.Name).str(),
              "define it here, or do without"});
  }
}

/// Takes out of \p All what only the older default kernel refuses; gives the
/// first of it as a note.
static std::optional<Diagnostic> takeOlder(std::vector<Judgement> &All,
                                           const VerifyPlan &Plan) {
  std::vector<Judgement> Older;
  for (const Judgement &J : All)
    if (J.Kernel != Plan.Kernels.front() &&
        J.Verdict == verify::Verdict::Rejected)
      Older.push_back(J);
  erase_if(All, [&](const Judgement &J) {
    return J.Kernel != Plan.Kernels.front();
  });
  if (Older.empty())
    return std::nullopt;
  Diagnostic D = std::move(*Older.front().Why);
  D.Code = DiagCode::NewerKernel;
  D.Level = Severity::Note;
  D.Message = formatv(diagFormat(D.Code),
                      target::toString(Older.front().Kernel), D.Message)
                  .str();
  D.Message += " (`" + Older.front().Program + "`";
  if (Older.size() > 1)
    D.Message += formatv(" and {0} more", Older.size() - 1).str();
  D.Message += ")";
  D.Help = "-mkernel= says which kernels it is for, as in -mkernel=" +
           target::toString(Plan.Kernels.front());
  D.Notes.clear();
  return D;
}

/// Takes out of \p All what is said already, and programs that call functions
/// which another file may define: the link verifies them, or names what is
/// missing.
static void takeKnown(std::vector<Judgement> &All) {
  erase_if(All, [](const Judgement &J) {
    return J.Why && (J.Why->Code == DiagCode::UnknownSection ||
                     J.Why->Code == DiagCode::UndefinedSymbol);
  });
}

/// What cannot be loaded alone may be linked, or have values that its kernel's
/// configuration gives.
static Diagnostic asNote(Diagnostic D) {
  if (D.Code != DiagCode::BadObject)
    return D;
  D.Code = DiagCode::CannotJudge;
  D.Level = Severity::Note;
  D.Message = formatv(diagFormat(D.Code), D.Message).str();
  return D;
}

Error verifyCompiled(Object &O, StringRef Name, const VerifyPlan &Plan,
                     const SourceInfo &Sources, Remake Again) {
  if (!Plan.Warn)
    return Error::success();
  Reporter R(Plan, Sources);
  for (const Diagnostic &D : Sources.Subset.Findings)
    R.report(D);
  reportLibraryCalls(O, Sources.Subset, R);
  if (Sources.Subset.AboutAll)
    return R.take();
  JudgeOptions Options;
  Options.Kernels = Plan.Kernels;
  KernelBtf Types(Plan.KernelTypes);
  if (!Plan.KernelTypes.empty()) {
    if (Error E = Types.typesFor(Plan.Kernels.front()).takeError())
      return E;
    Options.Types = &Types;
  }
  Options.StopAtRefusal = true;
  Options.MaxSteps = MaxSteps;
  auto All = judge(O, Name, Options);
  if (!All) {
    handleAllErrors(
        All.takeError(),
        [&](const DiagnosticError &E) { R.report(asNote(E.diagnostic())); },
        [&](const ErrorInfoBase &) {});
    return R.take();
  }
  if (Again) {
    // What only the older of the default kernels refuses is no reason.
    ArrayRef<target::KernelVersion> For = Plan.Kernels;
    std::vector<Diagnostic> Notes = tryAgain(
        O, *All, Plan.KernelsGiven ? For : For.take_front(), Again,
        [&](const Object &Other) { return judge(Other, Name, Options); });
    for (Diagnostic &D : Notes)
      if (Plan.Remarks)
        R.report(std::move(D));
  }
  takeKnown(*All);
  std::optional<Diagnostic> Older;
  if (!Plan.KernelsGiven)
    Older = takeOlder(*All, Plan);
  for (Diagnostic &D : reasons(*All))
    R.report(std::move(D));
  if (Older)
    R.report(std::move(*Older));
  return R.take();
}

} // namespace bpfcc::tools

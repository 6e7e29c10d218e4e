#include "runtime/verify/Describe.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::verify {

Options optionsFor(const Program &P, uint32_t Entry,
                   target::KernelVersion Kernel) {
  const Subprog &S = P.Subprogs[Entry];
  Options O;
  O.Kernel = Kernel;
  O.Gpl = isGplCompatible(P.License);
  O.Type = target::progTypeForSection(S.Section);
  const target::SectionInfo *Info = target::sectionInfo(S.Section);
  if (!Info)
    Info = target::sectionByPrefix(S.Section);
  if (Info) {
    O.AttachType = Info->AttachType;
    O.Sleepable = Info->Sleepable;
  }
  return O;
}

Diagnostic describe(const Program &P, const Finding &F) {
  Diagnostic D{F.Code, diagSeverity(F.Code), {}, F.Message, F.Help};
  if (F.Code == DiagCode::CannotJudge)
    D.Message = formatv(diagFormat(F.Code), F.Message).str();
  auto LocOf = [&](Place At, std::string &Source) {
    SourceLoc Loc;
    if (const Subprog::Line *L = lineOf(P, At)) {
      Loc = {L->File, L->Line, L->Column};
      Source = L->Text;
    }
    return Loc;
  };
  D.Loc = LocOf(F.At, D.Source);
  for (const Step &S : F.Path) {
    DiagnosticNote N;
    N.Loc = LocOf(S.At, N.Source);
    if (!N.Loc.Line)
      continue;
    N.Message = formatv("({0}) {1}", D.Notes.size() + 1, S.Label).str();
    D.Notes.push_back(std::move(N));
  }
  return D;
}

} // namespace bpfcc::verify

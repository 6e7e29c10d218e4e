// `bpfcc check x.o`: what a kernel would say of each program.

#include "backend/object/ElfFile.h"
#include "backend/target/ProgTypes.h"
#include "runtime/load/Program.h"
#include "runtime/verify/Verify.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/CheckOptions.h"
#include "tools/bpfcc/KernelBtf.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace llvm;

namespace bpfcc::tools {

namespace {

struct Row {
  std::string File, Program, Kernel, Verdict;
  verify::Statistics Stats;
  uint64_t Microseconds = 0;
  size_t Insts = 0;
};

class Checker {
public:
  explicit Checker(const CheckOptions &O) : O(O), Types(O.Btf) {}

  /// Errors that no program's verdict is about.
  Error file(const std::string &Name);
  void print(raw_ostream &OS) const;
  bool allAccepted() const { return AllAccepted; }
  size_t count() const { return Rows.size(); }

private:
  void program(const Program &P, uint32_t Entry, const std::string &File,
               target::KernelVersion Kernel, const KernelTypes *Of);
  void explain(const Program &P, const verify::Finding &F, StringRef Name,
               target::KernelVersion Kernel) const;

  const CheckOptions &O;
  KernelBtf Types;
  std::vector<Row> Rows;
  bool AllAccepted = true;
};

} // namespace

Error Checker::file(const std::string &Name) {
  auto Buffer = MemoryBuffer::getFile(Name, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, Name,
                     Buffer.getError().message());
  StringRef Bytes = (*Buffer)->getBuffer();
  auto Obj = readElf(
      ArrayRef(reinterpret_cast<const uint8_t *>(Bytes.data()), Bytes.size()),
      Name);
  if (!Obj)
    return Obj.takeError();
  for (target::KernelVersion Kernel : O.Kernels) {
    LoadOptions Load;
    Load.KernelVersion = uint32_t(Kernel.Major) << 16 | Kernel.Minor << 8;
    auto Of = Types.typesFor(Kernel);
    if (!Of)
      return Of.takeError();
    Load.Kernel = *Of;
    auto P = loadProgram(*Obj, Name, Load);
    if (!P)
      return P.takeError();
    for (uint32_t N = 0; N != P->Subprogs.size(); ++N)
      if (P->Subprogs[N].IsProgram &&
          (O.Program.empty() || O.Program == P->Subprogs[N].Name))
        program(*P, N, Name, Kernel, Load.Kernel);
  }
  return Error::success();
}

void Checker::explain(const Program &P, const verify::Finding &F,
                      StringRef Name, target::KernelVersion Kernel) const {
  auto At = [&](verify::Place Where) {
    SourceLoc Loc;
    if (const Subprog::Line *L = verify::lineOf(P, Where))
      Loc = {L->File, L->Line, L->Column};
    return Loc;
  };
  Diagnostic D{F.Code, diagSeverity(F.Code), At(F.At), F.Message, F.Help};
  if (F.Code == DiagCode::CannotJudge)
    D.Message = formatv(diagFormat(F.Code), F.Message).str();
  D.Message +=
      " (`" + Name.str() + "`, Linux " + target::toString(Kernel) + ")";
  // The file may be elsewhere; the object has the line itself.
  const Subprog::Line *Own = verify::lineOf(P, F.At);
  if (Own && !sys::fs::exists(D.Loc.File) && !Own->Text.empty())
    D.Help = "";
  printDiagnostic(errs(), D);
  if (Own && D.Help != F.Help) {
    errs() << format("%5u | ", Own->Line) << Own->Text << '\n';
    if (!F.Help.empty())
      errs() << "  = help: " << F.Help << '\n';
  }
  unsigned Number = 0;
  for (const verify::Step &S : F.Path) {
    const Subprog::Line *L = verify::lineOf(P, S.At);
    if (!L)
      continue;
    errs() << "  (" << ++Number << ") " << L->File << ':' << L->Line << ": "
           << S.Label << '\n';
    StringRef Text = StringRef(L->Text).trim();
    if (!Text.empty())
      errs() << "      | " << Text << '\n';
  }
}

/// The name of sections.def that \p Section is most like; empty if none is.
static StringRef nearestSection(StringRef Section) {
  static constexpr StringLiteral Names[] = {
#define SECTION(Name, Match, ProgType, AttachType, Sleepable) Name,
#include "backend/target/sections.def"
  };
  StringRef Kind =
      Section.ltrim('?').take_until([](char C) { return C == '/'; });
  constexpr unsigned MaxEdits = 2;
  unsigned Best = MaxEdits + 1;
  StringRef Nearest;
  for (StringRef Name : Names)
    for (StringRef Word : {Kind, Section})
      if (unsigned Edits = Word.edit_distance(Name); Edits < Best) {
        Best = Edits;
        Nearest = Name;
      }
  return Nearest;
}

/// Of a program whose section does not say what it is; loaders that are not
/// told otherwise refuse it.
static verify::Result withoutType(uint32_t Entry, StringRef Section) {
  verify::Result R;
  R.Why.At = {Entry, 0};
  R.Why.Message = "section `" + Section.str() + "` names no program type";
  if (StringRef Name = nearestSection(Section); !Name.empty())
    R.Why.Help = "did you mean `" + Name.str() + "`?";
  return R;
}

void Checker::program(const Program &P, uint32_t Entry, const std::string &File,
                      target::KernelVersion Kernel, const KernelTypes *Of) {
  const Subprog &S = P.Subprogs[Entry];
  verify::Options V;
  V.Kernel = Kernel;
  V.Types = Of;
  V.Gpl = verify::isGplCompatible(P.License);
  V.StrictAlignment = O.StrictAlignment;
  V.Type = target::progTypeForSection(S.Section);
  const target::SectionInfo *Info = target::sectionInfo(S.Section);
  if (!Info)
    Info = target::sectionByPrefix(S.Section);
  if (Info) {
    V.AttachType = Info->AttachType;
    V.Sleepable = Info->Sleepable;
  }
  auto Start = std::chrono::steady_clock::now();
  verify::Result R = V.Type == target::ProgType::Unspec
                         ? withoutType(Entry, S.Section)
                         : verify::verify(P, Entry, V);
  auto Time = std::chrono::steady_clock::now() - Start;
  Row New;
  New.File = File;
  New.Program = S.Name;
  New.Kernel = target::toString(Kernel);
  New.Verdict = R.V == verify::Verdict::Accepted   ? "accepted"
                : R.V == verify::Verdict::Rejected ? "rejected"
                                                   : "unjudged";
  New.Stats = std::move(R.Stats);
  New.Microseconds = uint64_t(
      std::chrono::duration_cast<std::chrono::microseconds>(Time).count());
  New.Insts = S.Insts.size();
  Rows.push_back(std::move(New));
  if (R.V == verify::Verdict::Accepted)
    return;
  AllAccepted = false;
  explain(P, R.Why, S.Name, Kernel);
}

static std::string stackText(const verify::Statistics &S) {
  std::string Text;
  for (unsigned Bytes : S.Stack)
    Text += (Text.empty() ? "" : "+") + std::to_string(Bytes);
  return Text;
}

void Checker::print(raw_ostream &OS) const {
  if (O.Csv) {
    OS << "file_name,prog_name,verdict,duration,total_insns,total_states,"
          "peak_states,prog_size,stack_depth,kernel\n";
    for (const Row &R : Rows) {
      StringRef Base = StringRef(R.File).rsplit('/').second;
      unsigned Depth = 0;
      for (unsigned Bytes : R.Stats.Stack)
        Depth += Bytes;
      OS << (Base.empty() ? StringRef(R.File) : Base) << ',' << R.Program << ','
         << (R.Verdict == "accepted"   ? "success"
             : R.Verdict == "rejected" ? "failure"
                                       : "unjudged")
         << ',' << R.Microseconds << ',' << R.Stats.Processed << ','
         << R.Stats.States << ',' << R.Stats.PeakStates << ',' << R.Insts << ','
         << Depth << ',' << R.Kernel << '\n';
    }
    return;
  }
  size_t Width = 7;
  for (const Row &R : Rows)
    Width = std::max(Width, R.Program.size());
  OS << left_justify("program", Width) << "  kernel  verdict   "
     << "   insns  states    peak  stack\n";
  for (const Row &R : Rows)
    OS << left_justify(R.Program, Width) << "  " << left_justify(R.Kernel, 6)
       << "  " << left_justify(R.Verdict, 8) << "  "
       << format_decimal(int64_t(R.Stats.Processed), 8)
       << format_decimal(int64_t(R.Stats.States), 8)
       << format_decimal(int64_t(R.Stats.PeakStates), 8) << "  "
       << stackText(R.Stats) << '\n';
}

static Expected<bool> check(Arguments Args) {
  auto O = parseCheckOptions(Args);
  if (!O)
    return O.takeError();
  if (O->Help) {
    outs() << checkUsage();
    return true;
  }
  Checker C(*O);
  for (const std::string &File : O->Files)
    if (Error E = C.file(File))
      return std::move(E);
  if (!C.count())
    return diagError(DiagCode::BadOption, {},
                     O->Program.empty()
                         ? "there is no program in the object"
                         : "there is no program `" + O->Program + "`");
  C.print(outs());
  return C.allAccepted();
}

int checkCommand(Arguments Args) {
  auto Accepted = check(Args);
  if (!Accepted)
    return reportErrors(errs(), Accepted.takeError());
  return *Accepted ? ExitOk : ExitUserError;
}

} // namespace bpfcc::tools

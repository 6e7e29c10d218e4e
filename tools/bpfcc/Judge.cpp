#include "tools/bpfcc/Judge.h"

#include "backend/target/SectionNames.h"
#include "runtime/load/Program.h"
#include "runtime/verify/Describe.h"
#include "runtime/verify/Path.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>
#include <map>

using namespace llvm;

namespace bpfcc::tools {

/// Of a program whose section does not say what it is; loaders that are not
/// told otherwise refuse it.
static verify::Result withoutType(uint32_t Entry, StringRef Section) {
  verify::Result R;
  R.Why.At = {Entry, 0};
  R.Why.Message = "the section names no program type";
  if (StringRef Name = target::nearestSection(Section); !Name.empty()) {
    R.Why.Code = DiagCode::UnknownSection;
    R.Why.Message =
        formatv(diagFormat(DiagCode::UnknownSection), Section).str();
    R.Why.Help = ("did you mean `" + Name + "`?").str();
  }
  return R;
}

/// The longest way that a report shows.
constexpr uint64_t MostTold = 3000;

static JudgementDetails detailsOf(const Program &P, uint32_t Entry,
                                  const verify::Options &O,
                                  const verify::Result &R) {
  JudgementDetails D;
  std::map<std::pair<StringRef, uint32_t>, size_t> Known;
  for (const verify::Visit &V : R.Visits) {
    const Subprog::Line *L = verify::lineOf(P, V.At);
    if (!L)
      continue;
    auto [It, New] = Known.try_emplace({L->File, L->Line}, D.Lines.size());
    if (New)
      D.Lines.push_back({L->File, L->Text, L->Line, 0});
    D.Lines[It->second].Steps += V.Times;
  }
  if (R.V != verify::Verdict::Accepted)
    D.LeftOut =
        verify::followPath(P, Entry, O, R, MostTold, [&](verify::PathStep S) {
          ToldStep T;
          if (const Subprog::Line *L = verify::lineOf(P, S.At)) {
            T.File = L->File;
            T.Text = L->Text;
            T.Line = L->Line;
          }
          T.Step = std::move(S);
          D.Way.push_back(std::move(T));
        });
  return D;
}

namespace {

class Judge {
public:
  Judge(const Object &O, StringRef Name, const JudgeOptions &Options)
      : O(O), Name(Name), Options(Options), StepsLeft(Options.MaxSteps) {}

  Expected<std::vector<Judgement>> run();

private:
  Expected<Program> load(target::KernelVersion Kernel) const {
    LoadOptions Load;
    Load.KernelVersion = uint32_t(Kernel.Major) << 16 | Kernel.Minor << 8;
    Load.Kernel = Types;
    Load.WeakMayExist = !Types;
    return loadProgram(O, Name, Load);
  }
  Judgement one(const Program &P, uint32_t Entry, target::KernelVersion Kernel);
  verify::Result verdict(const Program &P, uint32_t Entry,
                         target::KernelVersion Kernel, Judgement &J);

  const Object &O;
  StringRef Name;
  const JudgeOptions &Options;
  uint64_t StepsLeft;
  const KernelTypes *Types = nullptr; ///< of the kernel that is asked
};

} // namespace

verify::Result Judge::verdict(const Program &P, uint32_t Entry,
                              target::KernelVersion Kernel, Judgement &J) {
  const Subprog &S = P.Subprogs[Entry];
  verify::Options V = verify::optionsFor(P, Entry, Kernel);
  V.Types = Types;
  V.StrictAlignment = Options.StrictAlignment;
  if (V.Type == target::ProgType::Unspec)
    return withoutType(Entry, S.Section);
  bool Short = StepsLeft < V.MaxSteps;
  if (Short)
    V.MaxSteps = StepsLeft;
  V.CountSteps = Options.Details;
  auto Start = std::chrono::steady_clock::now();
  verify::Result R = verify::verify(P, Entry, V);
  auto Time = std::chrono::steady_clock::now() - Start;
  J.Microseconds = uint64_t(
      std::chrono::duration_cast<std::chrono::microseconds>(Time).count());
  if (Options.Details)
    J.Details = detailsOf(P, Entry, V, R);
  if (Options.Paths && R.V != verify::Verdict::Accepted) {
    *Options.Paths << formatv("prog '{0}' (Linux {1}): -- BEGIN PROG LOAD LOG "
                              "--\n",
                              S.Name, target::toString(Kernel));
    verify::printPath(*Options.Paths, P, Entry, V, R);
    *Options.Paths << "-- END PROG LOAD LOG --\n\n";
  }
  StepsLeft -= R.Stats.Processed;
  if (Short && R.Stats.Processed == V.MaxSteps &&
      R.Why.Code == DiagCode::TooComplex) {
    R.V = verify::Verdict::Unjudged;
    R.Why = {};
    R.Why.At = {Entry, 0};
    R.Why.Message = formatv("the programs here have more paths than the {0} "
                            "instructions that are followed when compiling",
                            Options.MaxSteps);
    R.Why.Help = "`bpfcc check` follows all";
  }
  return R;
}

Judgement Judge::one(const Program &P, uint32_t Entry,
                     target::KernelVersion Kernel) {
  Judgement J;
  if (Options.Details)
    J.Details.emplace();
  verify::Result R = verdict(P, Entry, Kernel, J);
  J.Program = P.Subprogs[Entry].Name;
  J.Kernel = Kernel;
  J.Verdict = R.V;
  J.Stats = std::move(R.Stats);
  J.Insts = P.Subprogs[Entry].Insts.size();
  if (R.V != verify::Verdict::Accepted)
    J.Why = verify::describe(P, R.Why);
  return J;
}

Expected<std::vector<Judgement>> Judge::run() {
  std::vector<Judgement> All;
  std::vector<bool> Refused;
  std::optional<Program> P;
  // Programs that ask for the kernel's version may be others on each.
  bool Asks =
      any_of(O.Sections, [](const Section &S) { return S.Name == ".kconfig"; });
  for (target::KernelVersion Kernel : Options.Kernels) {
    const KernelTypes *Before = Types;
    if (Options.Types) {
      auto Of = Options.Types->typesFor(Kernel);
      if (!Of)
        return Of.takeError();
      Types = *Of;
    }
    if (!P || Asks || Types != Before) {
      auto Loaded = load(Kernel);
      if (!Loaded)
        return Loaded.takeError();
      P = std::move(*Loaded);
    }
    Refused.resize(P->Subprogs.size());
    for (uint32_t N = 0; N != P->Subprogs.size(); ++N) {
      const Subprog &S = P->Subprogs[N];
      if (!S.IsProgram || Refused[N] ||
          (!Options.Program.empty() && Options.Program != S.Name))
        continue;
      All.push_back(one(*P, N, Kernel));
      Refused[N] = Options.StopAtRefusal &&
                   All.back().Verdict != verify::Verdict::Accepted;
    }
  }
  return All;
}

Expected<std::vector<Judgement>> judge(const Object &O, StringRef Name,
                                       const JudgeOptions &Options) {
  return Judge(O, Name, Options).run();
}

namespace {
struct Reason {
  Diagnostic D;
  std::vector<std::string> Programs, Kernels;

  bool isAbout(const Diagnostic &Other) const {
    if (D.Code != Other.Code)
      return false;
    if (D.Code == DiagCode::CannotJudge)
      return D.Message == Other.Message;
    return D.Loc.File == Other.Loc.File && D.Loc.Line == Other.Loc.Line &&
           (D.Loc.Line || D.Message == Other.Message);
  }
};
} // namespace

static void addOnce(std::vector<std::string> &List, std::string Item) {
  if (!is_contained(List, Item))
    List.push_back(std::move(Item));
}

/// `a`, `b` and 3 more.
static std::string listed(ArrayRef<std::string> Items, StringRef Quote) {
  constexpr size_t MaxNamed = 3;
  size_t Named = Items.size() > MaxNamed ? MaxNamed - 1 : Items.size();
  std::string Text;
  for (size_t N = 0; N != Named; ++N) {
    if (N)
      Text += N + 1 == Items.size() ? " and " : ", ";
    Text += Quote.str() + Items[N] + Quote.str();
  }
  if (Named != Items.size())
    Text += formatv(" and {0} more", Items.size() - Named).str();
  return Text;
}

std::vector<Diagnostic> reasons(ArrayRef<Judgement> All) {
  std::vector<Reason> Found;
  for (const Judgement &J : All) {
    if (!J.Why)
      continue;
    auto It = find_if(Found, [&](Reason &R) { return R.isAbout(*J.Why); });
    if (It == Found.end()) {
      Found.push_back({*J.Why, {}, {}});
      It = std::prev(Found.end());
    }
    addOnce(It->Programs, J.Program);
    addOnce(It->Kernels, target::toString(J.Kernel));
  }
  std::vector<Diagnostic> Result;
  for (Reason &R : Found) {
    R.D.Message += " (" + listed(R.Programs, "`") + ", Linux " +
                   listed(R.Kernels, "") + ")";
    Result.push_back(std::move(R.D));
  }
  return Result;
}

} // namespace bpfcc::tools

// Verifier-guided compilation: what the optimiser makes is asked about first,
// and only what a kernel refuses is made with less of it, in two steps. What is
// accepted at once costs nothing.

#include "tools/bpfcc/TryAgain.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <set>

using namespace llvm;

namespace bpfcc::tools {

/// Whether a finding of this kind may be about what the optimiser made of the
/// program: a bound that was learnt of another value than the one that is used,
/// or more paths than there were.
static bool maybeOfOptimiser(DiagCode Code) {
  switch (Code) {
  case DiagCode::PacketBounds:
  case DiagCode::OutOfBounds:
  case DiagCode::PointerMath:
  case DiagCode::StackUse:
  case DiagCode::HelperArgument:
  case DiagCode::UnboundedSize:
  case DiagCode::ContextAccess:
  case DiagCode::InfiniteLoop:
  case DiagCode::TooComplex:
  case DiagCode::TooManyInsns:
    return true;
  default:
    return false;
  }
}

/// The programs of \p All that none of \p Kernels refuses.
static std::set<std::string> acceptedBy(ArrayRef<target::KernelVersion> Kernels,
                                        ArrayRef<Judgement> All) {
  std::set<std::string> Accepted;
  for (const Judgement &J : All)
    Accepted.insert(J.Program);
  for (const Judgement &J : All)
    if (J.Verdict != verify::Verdict::Accepted &&
        is_contained(Kernels, J.Kernel))
      Accepted.erase(J.Program);
  return Accepted;
}

static StringRef inWords(Care C) {
  return C == Care::KeepPlace ? "without passes that move code across branches"
                              : "with the passes of -O0 alone";
}

static Diagnostic noteOf(Diagnostic Why, const Judgement &J, Care C) {
  Why.Message = formatv(diagFormat(DiagCode::MadeAgain), J.Program, inWords(C),
                        target::toString(J.Kernel), Why.Message)
                    .str();
  Why.Code = DiagCode::MadeAgain;
  Why.Level = Severity::Note;
  Why.Help.clear();
  Why.Notes.clear();
  return Why;
}

namespace {

class Ladder {
public:
  Ladder(Object &O, std::vector<Judgement> &Judged,
         ArrayRef<target::KernelVersion> For, Remake Again, Ask Judges)
      : O(O), Judged(Judged), For(For), Again(Again), Judges(Judges),
        Accepted(acceptedBy(For, Judged)) {}

  std::vector<Diagnostic> run();

private:
  struct Made {
    Object O;
    std::vector<Judgement> Judged;
    std::set<std::string> Accepted;
  };
  std::optional<Made> make(const CareOf &How);

  Object &O;
  std::vector<Judgement> &Judged;
  ArrayRef<target::KernelVersion> For;
  Remake Again;
  Ask Judges;
  std::set<std::string> Accepted;
};

} // namespace

/// The object made so; nothing if what was accepted is not so any more.
std::optional<Ladder::Made> Ladder::make(const CareOf &How) {
  auto Other = Again(How);
  if (!Other) {
    consumeError(Other.takeError());
    return std::nullopt;
  }
  auto Said = Judges(*Other);
  if (!Said) {
    consumeError(Said.takeError());
    return std::nullopt;
  }
  Made M{std::move(*Other), std::move(*Said), {}};
  M.Accepted = acceptedBy(For, M.Judged);
  if (!std::includes(M.Accepted.begin(), M.Accepted.end(), Accepted.begin(),
                     Accepted.end()))
    return std::nullopt;
  return M;
}

std::vector<Diagnostic> Ladder::run() {
  std::map<std::string, const Judgement *> Refused;
  for (const Judgement &J : Judged)
    if (J.Verdict == verify::Verdict::Rejected && is_contained(For, J.Kernel) &&
        maybeOfOptimiser(J.Why->Code))
      Refused.try_emplace(J.Program, &J);
  std::vector<Diagnostic> Notes;
  CareOf Chosen;
  std::optional<Made> Best;
  bool IsBest = true; ///< Best has the code of Chosen
  for (Care C : {Care::KeepPlace, Care::Least}) {
    if (Refused.empty())
      break;
    CareOf How = Chosen;
    for (const auto &[Program, J] : Refused)
      How[Program] = C;
    std::optional<Made> M = make(How);
    if (!M)
      continue;
    size_t Before = Refused.size();
    for (auto It = Refused.begin(); It != Refused.end();) {
      if (!M->Accepted.count(It->first)) {
        ++It;
        continue;
      }
      Chosen[It->first] = C;
      Notes.push_back(noteOf(*It->second->Why, *It->second, C));
      It = Refused.erase(It);
    }
    IsBest = Refused.empty();
    if (Refused.size() != Before)
      Best = std::move(M);
  }
  if (!Best)
    return {};
  // What is refused in any case stays as it was.
  if (!IsBest && !(Best = make(Chosen)))
    return {};
  O = std::move(Best->O);
  Judged = std::move(Best->Judged);
  return Notes;
}

std::vector<Diagnostic> tryAgain(Object &O, std::vector<Judgement> &Judged,
                                 ArrayRef<target::KernelVersion> For,
                                 Remake Again, Ask Judges) {
  return Ladder(O, Judged, For, Again, Judges).run();
}

} // namespace bpfcc::tools

// The way to a finding, instruction by instruction. The verifier keeps no
// states of a path but those that it compares with. It does the same each time,
// though: so the program is verified once more, and what happens on the steps
// that led to the finding is told, those of other paths left out.
//
// A way consists of stretches. Each ends at an instruction from which the other
// way was put aside, with which the next one begins:
//
//   steps 1 to 4    ... 3: if r0 == 0 goto 9     the path that falls through
//   steps 5 to 20                                 ends well, not on the way
//   steps 21 to 23  9: r1 = *(u64 *)(r0 + 0)      wrong here

#include "runtime/verify/Path.h"

#include "backend/isa/Encoding.h"
#include "runtime/verify/Watch.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace bpfcc::verify {

using isa::Form;

Result Verifier::runAlong(ArrayRef<StepRange> Way, PathSink Sink) {
  Watch W(Way, Sink);
  Watching = &W;
  Result R = run();
  Watching = nullptr;
  return R;
}

/// Whether the value \p N was made since the last state was kept.
bool Verifier::isWritten(Nodes::Id N) const {
  return before(6, 18) && N && originOf(N) > Store[Parent].LastNode;
}

/// Registers and stack of a function, as ` R1=ctx()` has them.
std::vector<NamedText> Verifier::frameTexts(uint32_t FrameNo) const {
  const LogText &Text = *Watching->Text;
  const Frame &F = Cur.frame(FrameNo);
  std::vector<NamedText> All;
  auto Name = [&](const Twine &Plain, const Reg &R) {
    return (Plain + (isWritten(R.Node) ? "_w" : "")).str();
  };
  for (unsigned N = 0; N != isa::R10; ++N)
    if (const Reg &R = F.R[N]; !R.is(Kind::NotInit))
      All.push_back({Name("R" + Twine(N), R), Text.value(R, FrameNo)});
  All.push_back({"R10", Text.value(F.R[isa::R10], FrameNo)});
  for (size_t N = F.Stack.size(); N--;) {
    const StackSlot &S = F.Stack[N];
    std::string Value = Text.slot(S, FrameNo);
    if (!Value.empty())
      All.push_back({Name("fp-" + Twine(8 * (N + 1)), S.Spill), Value});
  }
  return All;
}

static void addTexts(std::string &To, uint32_t FrameNo,
                     ArrayRef<NamedText> Texts) {
  if (FrameNo)
    To += " frame" + utostr(FrameNo) + ":";
  for (const NamedText &T : Texts)
    To += " " + T.Name + "=" + T.Text;
}

std::string Verifier::frameText(uint32_t FrameNo) const {
  std::string Text;
  addTexts(Text, FrameNo, frameTexts(FrameNo));
  return Text + Watching->Text->rest(Cur, FrameNo);
}

/// `R1` of `R1_w`.
static StringRef plainName(const NamedText &T) {
  StringRef Name = T.Name;
  Name.consume_back("_w");
  return Name;
}

/// `fp-8` for the byte at \p Off from the end of the stack.
static std::string slotName(int Off) {
  return "fp-" + utostr(unsigned(alignTo(uint64_t(-Off), 8)));
}

/// The names of the operands of \p I that log lines tell in any case.
static std::vector<std::string> operandsOf(const isa::Inst &I) {
  std::string Dst = "R" + utostr(I.Dst), Src = "R" + utostr(I.Src);
  switch (isa::form(I.Opcode)) {
  case Form::Load:
    if (I.Src == isa::R10 && I.Off < 0)
      return {Dst, Src, slotName(I.Off)};
    return {Dst, Src};
  case Form::RR:
  case Form::CastRR:
  case Form::JmpRR:
    return {Dst, Src};
  case Form::StoreR:
  case Form::Atomic:
    if (I.Dst == isa::R10 && I.Off < 0)
      return {Dst, Src, slotName(I.Off)};
    return {Dst, Src};
  case Form::StoreI:
    if (I.Dst == isa::R10 && I.Off < 0)
      return {Dst, slotName(I.Off)};
    return {Dst};
  case Form::RI:
  case Form::R:
  case Form::JmpRI:
  case Form::Imm64:
    return {Dst};
  case Form::Call:
  case Form::Abs:
  case Form::Ind:
    return {"R0"};
  default:
    return {};
  }
}

/// Fills in what \p Step, just done, has changed.
void Verifier::changesOf(PathStep &Step, ArrayRef<NamedText> Before) const {
  std::vector<std::string> Operands = operandsOf(U.Insts[*Watching->Last]);
  std::vector<NamedText> Told;
  for (NamedText &T : frameTexts(Step.Frame)) {
    auto Old = find_if(Before, [&](const NamedText &B) {
      return plainName(B) == plainName(T);
    });
    if (Old == Before.end() || Old->Text != T.Text ||
        is_contained(Operands, plainName(T)))
      Told.push_back(std::move(T));
  }
  addTexts(Step.Changes, Step.Frame, Told);
  Step.Changes += Watching->Text->rest(Cur, Step.Frame);
}

bool Verifier::watchedStep() {
  if (O.CountSteps)
    ++Visits[Pc];
  return Watching ? toldStep(*Watching) : step();
}

bool Verifier::toldStep(Watch &W) {
  uint64_t Number = Res.Stats.Processed + 1;
  while (!W.Way.empty() && W.Way.front().Last < Number)
    W.Way = W.Way.drop_front();
  if (W.Way.empty() || Number < W.Way.front().First)
    return step();
  if (!W.Text)
    W.Text.emplace(P, Btf, U, O);
  uint32_t Here = Pc;
  PathStep Step{U.place(Here),
                W.Text->slotOf(Here),
                frameNo(),
                "",
                "",
                "",
                "",
                false,
                {}};
  if (Number == W.Way.front().First && W.Last)
    Step.Before = formatv("\nfrom {0} to {1}:{2}\n", W.Text->slotOf(*W.Last),
                          Step.Number, frameText(Step.Frame));
  else if (W.Whole || Number == W.Way.front().First)
    Step.Before = formatv("{0}:{1}\n", Step.Number, frameText(Step.Frame));
  W.Whole = false;
  if (W.Names.size() <= Step.Frame)
    nameArguments();
  Step.Inst = W.Text->instruction(Here);
  std::vector<NamedText> Before = frameTexts(Step.Frame);
  std::string BeforeText = frameText(Step.Frame);
  bool LeavesHere = Number == W.Way.front().Last;
  if (LeavesHere)
    Step.Variables = variables();
  W.Last = Here;
  bool Ok = step();
  if (LeavesHere) {
    Step.Branches = Ok;
  } else if (frameNo() > Step.Frame) {
    Step.After = "caller:\n" + frameText(Step.Frame) + "\ncallee:\n" +
                 frameText(frameNo()) + "\n";
    W.Whole = true;
  } else if (frameNo() < Step.Frame) {
    W.Names.resize(frameNo() + 1);
    Step.After = "returning from callee:\n" + BeforeText + "\n" +
                 formatv("to caller at {0}:\n{1}\n", W.Text->slotOf(Pc),
                         frameText(frameNo()))
                     .str();
  } else {
    changesOf(Step, Before);
    if (isa::meaning(U.Insts[Here].Opcode).What == Sem::CALL_SUBPROG)
      Step.After = formatv("Func#{0} ('{1}') is global and assumed valid.\n",
                           U.Target[Here],
                           P.Subprogs[U.Subs[U.Target[Here]].Subprog].Name);
    nameVariable(Here);
    Step.Variables = variables();
  }
  W.Sink(std::move(Step));
  return Ok;
}

/// The last \p Most steps of \p Way.
static std::vector<StepRange> endOf(ArrayRef<StepRange> Way, uint64_t Most) {
  std::vector<StepRange> End;
  for (const StepRange &R : reverse(Way)) {
    if (!Most)
      break;
    uint64_t Count = std::min(Most, R.Last - R.First + 1);
    End.push_back({R.Last - Count + 1, R.Last});
    Most -= Count;
  }
  std::reverse(End.begin(), End.end());
  return End;
}

static uint64_t steps(ArrayRef<StepRange> Way) {
  uint64_t Count = 0;
  for (const StepRange &R : Way)
    Count += R.Last - R.First + 1;
  return Count;
}

uint64_t followPath(const Program &P, uint32_t Entry, const Options &O,
                    const Result &R, uint64_t Most, PathSink Sink) {
  std::vector<StepRange> End = endOf(R.Way, Most);
  Verifier(P, Entry, O).runAlong(End, Sink);
  return steps(R.Way) - steps(End);
}

/// `; return *v; @ count.c:9`
static void printLine(raw_ostream &OS, const Subprog::Line &L) {
  OS << "; " << StringRef(L.Text).trim() << " @ " << sys::path::filename(L.File)
     << ':' << L.Line << '\n';
}

/// What stands behind an instruction begins in column 40, or eight further.
static unsigned padding(size_t Width) {
  return unsigned(alignTo(std::max<size_t>(Width + 2, 40), 8) - Width - 2);
}

void printPath(raw_ostream &OS, const Program &P, uint32_t Entry,
               const Options &O, const Result &R) {
  constexpr uint64_t MostPrinted = 10'000;
  if (uint64_t All = steps(R.Way); All > MostPrinted)
    OS << formatv("{0} instructions on the way come before these\n",
                  All - MostPrinted);
  const Subprog::Line *Last = nullptr;
  followPath(P, Entry, O, R, MostPrinted, [&](PathStep S) {
    OS << S.Before;
    const Subprog::Line *L = lineOf(P, S.At);
    if (L && !(Last && Last->Line == L->Line && Last->File == L->File)) {
      printLine(OS, *L);
      Last = L;
    }
    std::string Text = utostr(S.Number) + ": " + S.Inst;
    OS << Text;
    if (!S.Changes.empty())
      OS.indent(padding(Text.size())) << ';' << S.Changes;
    OS << '\n' << S.After;
  });
  OS << R.Why.Message << '\n'
     << formatv("processed {0} insns (limit {1}) total_states {2} "
                "peak_states {3}\n",
                R.Stats.Processed, O.MaxSteps, R.Stats.States,
                R.Stats.PeakStates);
}

} // namespace bpfcc::verify

// From a wrong instruction to words: the variable that a register holds by the
// line of source that set it, and the path by the lines where the value came
// from and the branches after it.

#include "runtime/verify/Verifier.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::verify {

constexpr size_t MaxSteps = 5;

const Subprog::Line *lineOf(const Program &P, Place At) {
  const Subprog &S = P.Subprogs[At.Subprog];
  auto It = partition_point(
      S.Lines, [&](const Subprog::Line &L) { return L.Inst <= At.Inst; });
  return It == S.Lines.begin() ? nullptr : &*std::prev(It);
}

const Subprog::Line *Verifier::line(uint32_t Inst) const {
  return lineOf(P, U.place(Inst));
}

bool isGplCompatible(StringRef License) {
  return is_contained({"GPL", "GPL v2", "GPL and additional rights",
                       "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"},
                      License);
}

const char *Verifier::kindName(const Reg &R) {
  switch (R.K) {
  case Kind::NotInit:
    return "something that is not set";
  case Kind::Scalar:
    return "a number";
  case Kind::Ctx:
    return "the context";
  case Kind::MapPtr:
    return "a map";
  case Kind::MapValue:
    return R.mayBeNull() ? "a map value that may be null" : "a map value";
  case Kind::MapKey:
    return "a map's key";
  case Kind::Stack:
    return "the address of a variable";
  case Kind::Packet:
    return "a packet pointer";
  case Kind::PacketMeta:
    return "a pointer to the packet's metadata";
  case Kind::PacketEnd:
    return "the packet's end";
  case Kind::FlowKeys:
    return "flow keys";
  case Kind::Mem:
    return R.Flags & RingbufRecord ? "a ring buffer record" : "memory";
  case Kind::Object:
    return "an object of the program";
  case Kind::BtfObj:
  case Kind::Foreign:
    return "an object of the kernel";
  case Kind::Socket:
  case Kind::SockCommon:
  case Kind::TcpSock:
    return "a socket";
  case Kind::Func:
    return "a function";
  case Kind::Dynptr:
    return "a dynptr";
  case Kind::Arena:
    return "an address in the arena";
  }
  return "a value";
}

std::string Verifier::rangeText(const Reg &R) const {
  const auto &W = R.Value.Whole;
  auto Number = [](int64_t V) {
    return V == INT64_MIN   ? std::string("-2^63")
           : V == INT64_MAX ? std::string("2^63-1")
                            : std::to_string(V);
  };
  return " (it is " + Number(W.SMin) + " to " + Number(W.SMax) + ")";
}

/// Whether \p Text assigns at \p N, by a plain `=`.
static bool isAssignment(StringRef Text, size_t N) {
  return N > 0 && N + 1 < Text.size() && Text[N] == '=' && Text[N + 1] != '=' &&
         StringRef("=!<>+-*/|&^%").find(Text[N - 1]) == StringRef::npos;
}

/// `v` of `__u64 *v = bpf_map_lookup_elem(...)`; empty if the line of \p Inst
/// sets no variable. Of several statements it is the one that the column is in.
std::string Verifier::variableSetAt(uint32_t Inst) const {
  const Subprog::Line *L = line(Inst);
  if (!L)
    return "";
  StringRef Text = L->Text;
  size_t Column = L->Column ? L->Column - 1 : 0;
  size_t Start = Text.rfind(';', Column) + 1; // 0 if there is none
  size_t Equal = StringRef::npos;
  for (size_t N = Start; N < Text.size(); ++N)
    if (isAssignment(Text, N)) {
      Equal = N;
      break;
    }
  if (Equal == StringRef::npos)
    return "";
  StringRef Left = Text.take_front(Equal).rtrim();
  size_t End = Left.size(), Begin = End;
  while (Begin && (isAlnum(Left[Begin - 1]) || Left[Begin - 1] == '_'))
    --Begin;
  StringRef Name = Left.substr(Begin);
  return Name.empty() || isDigit(Name[0]) ? "" : Name.str();
}

/// The variable that holds \p R, as far as a line of source tells: what is
/// given at the start stands on no line.
std::string Verifier::variableOf(const Reg &R) const {
  for (Nodes::Id N = Graph.origin(R.Node); N > LastGiven;
       N = Graph.operand(N)) {
    std::string Name = variableSetAt(Graph.inst(N));
    if (!Name.empty())
      return Name;
  }
  return R.is(Kind::Ctx) ? "ctx" : "";
}

std::string Verifier::nameOf(const Reg &R, unsigned RegNo) const {
  std::string Name = variableOf(R);
  return Name.empty() ? "the value in r" + std::to_string(RegNo)
                      : "`" + Name + "`";
}

/// `if (!v) return 0;`, in words if the variable is not known.
std::string Verifier::nullTest(const Reg &R) const {
  std::string Name = variableOf(R);
  return Name.empty() ? "compare it with null before"
                      : "add `if (!" + Name + ") return 0;` before";
}

/// Puts the branches of this path after instruction history \p Since into the
/// finding, as far as there is room.
void Verifier::addHistory(uint32_t Since) {
  std::vector<uint32_t> Recent;
  for (uint32_t T = Cur.History; T && T != Since && Recent.size() < 64;
       T = Turns[T].Before)
    Recent.push_back(T);
  const Subprog::Line *Last = nullptr;
  std::vector<Step> Steps;
  for (uint32_t T : Recent) {
    const Subprog::Line *L = line(Turns[T].Inst);
    if (!L || L == Last || (Last && L->Line == Last->Line))
      continue;
    Last = L;
    Steps.push_back({U.place(Turns[T].Inst), Turns[T].Taken
                                                 ? "the branch is taken"
                                                 : "the branch is not taken"});
    if (Steps.size() + Why.Path.size() >= MaxSteps)
      break;
  }
  Why.Path.insert(Why.Path.end(), Steps.rbegin(), Steps.rend());
}

bool Verifier::fail(DiagCode Code, const Twine &Message, const Twine &Help) {
  Why.Code = Code;
  Why.At = U.place(Pc);
  Why.Message = Message.str();
  Why.Help = Help.str();
  Why.Path.clear();
  Res.V = Verdict::Rejected;
  addHistory(0);
  return false;
}

bool Verifier::failAbout(DiagCode Code, const Reg &R, const Twine &Message,
                         const Twine &Help) {
  if (R.is(Kind::Foreign))
    return cannotJudge("what is done here depends on the type of an object of "
                       "the kernel, whose types are not known here");
  std::string Text = Message.str(), HelpText = Help.str();
  fail(Code, Text, HelpText);
  // Where the value came from, one line of source each.
  std::vector<Step> Story;
  const Subprog::Line *Last = line(Pc);
  for (Nodes::Id N = R.Node; N && Story.size() < 2; N = Graph.operand(N)) {
    const Subprog::Line *L = line(Graph.inst(N));
    if (!L || L == Last || (Last && L->Line == Last->Line) ||
        Graph.inst(N) == U.Subs[RootSub].Start)
      continue;
    Last = L;
    Story.push_back({U.place(Graph.inst(N)), "the value comes from here"});
  }
  std::vector<Step> Path(Story.rbegin(), Story.rend());
  for (Step &S : Why.Path) {
    if (Path.size() == MaxSteps)
      break;
    Path.push_back(std::move(S));
  }
  Why.Path = std::move(Path);
  return false;
}

bool Verifier::cannotJudge(const Twine &Reason) {
  fail(DiagCode::CannotJudge, Reason,
       O.Types ? "" : "give the types of the kernel: --btf FILE");
  Res.V = Verdict::Unjudged;
  return false;
}

} // namespace bpfcc::verify

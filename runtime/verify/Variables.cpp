// Which variable a value is of. BTF says nothing of that but lines: where the
// code of `x = ...` ends, what it has set last is x. From there on the value is
// followed through copies and spills, until x is set again.

#include "runtime/verify/Watch.h"

#include "backend/isa/Encoding.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::verify {

using isa::Form;

/// The function's arguments, by the names that its type has for them.
void Verifier::nameArguments() {
  auto &Names = Watching->Names;
  Names.resize(frameNo() + 1);
  const Unit::Sub &S = U.Subs[Cur.top().Sub];
  if (!S.FuncType || Pc != S.Start)
    return;
  const BtfFile::Type &Proto = Btf.type(Btf.type(S.FuncType).Target);
  for (unsigned N = 0; N != Proto.Members.size() && N != 5; ++N)
    if (!Proto.Members[N].Name.empty())
      Names.back()[Proto.Members[N].Name.str()] =
          originOf(reg(isa::R1 + N).Node);
}

/// The variable that `x = ...`, `x += ...` or `x++` in \p Text, one statement,
/// changes. Empty if it is no plain variable.
static StringRef assignedBy(StringRef Text) {
  auto IsName = [](char C) { return isAlnum(C) || C == '_'; };
  size_t Equal = Text.find('=');
  if (Equal == StringRef::npos) {
    Text = Text.trim(" ;{}");
    if (!Text.consume_back("++") && !Text.consume_front("++"))
      return "";
    return all_of(Text, IsName) ? Text : "";
  }
  if (Equal + 1 < Text.size() && Text[Equal + 1] == '=')
    return "";
  StringRef Left = Text.take_front(Equal).rtrim("+-*/|&^%<> ");
  if (Text[Equal - 1] == '!' || Left.contains('('))
    return "";
  StringRef Name = Left.take_back(
      Left.size() - (Left.find_last_not_of("abcdefghijklmnopqrstuvwxyz"
                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                           "0123456789") +
                     1));
  StringRef Type = Left.drop_back(Name.size()).trim();
  // `*p = ...`, `s.x = ...` and `s->x = ...` change memory.
  if (Type == "*" || Type.ends_with(".") || Type.ends_with(">") ||
      Name.empty() || isDigit(Name[0]))
    return "";
  return Name;
}

/// The register that \p I sets, if that is one.
static std::optional<unsigned> setBy(const isa::Inst &I) {
  switch (isa::form(I.Opcode)) {
  case Form::RR:
  case Form::RI:
  case Form::R:
  case Form::CastRR:
  case Form::Load:
  case Form::Imm64:
    return I.Dst;
  case Form::Call:
    return isa::R0;
  default:
    return std::nullopt;
  }
}

/// Of the statements in \p L, the one that the column is in.
static StringRef statementOf(const Subprog::Line &L) {
  StringRef Text = L.Text;
  size_t Column = L.Column ? L.Column - 1 : 0;
  size_t Start = Text.rfind(';', Column);
  Text = Text.substr(Start == StringRef::npos ? 0 : Start + 1);
  Text = Text.take_front(Text.find(';')).trim();
  Text.consume_front("for (");
  return Text.rtrim(")");
}

/// Instruction \p Here was followed: it may be the last of a line that sets a
/// variable.
void Verifier::nameVariable(uint32_t Here) {
  std::optional<unsigned> RegNo = setBy(U.Insts[Here]);
  const Subprog::Line *L = line(Here);
  if (!RegNo || !L || reg(*RegNo).is(Kind::NotInit))
    return;
  StringRef Name = assignedBy(statementOf(*L));
  if (Name.empty())
    return;
  const Unit::Sub &S = U.Subs[U.SubOf[Here]];
  for (uint32_t N = Here + 1; N != S.End; ++N) {
    const isa::Inst &I = U.Insts[N];
    if (isa::meaning(I.Opcode).What >= isa::Sem::JEQ &&
        isa::form(I.Opcode) != Form::Call)
      break;
    if (const Subprog::Line *Next = line(N);
        Next && Next->Line == L->Line && setBy(I))
      return;
  }
  Watching->Names.back()[Name.str()] = originOf(reg(*RegNo).Node);
}

/// As Graph.origin().
Nodes::Id Verifier::originOf(Nodes::Id N) const {
  auto &Known = Watching->Origins;
  Nodes::Id At = N;
  while (Nodes::Id Older = Graph.renewed(At)) {
    if (auto It = Known.find(At); It != Known.end()) {
      At = It->second;
      break;
    }
    At = Older;
  }
  Known[N] = At;
  return At;
}

/// The variable that the value \p N is of; empty if it is of none.
StringRef Verifier::nodeName(Nodes::Id N) const {
  const auto &Names = Watching->Names.back();
  for (N = originOf(N); N; N = originOf(Graph.madeOf(N))) {
    for (const auto &[Name, Value] : Names)
      if (Value == N)
        return Name;
    const isa::Inst &I = U.Insts[Graph.inst(N)];
    isa::Sem What = isa::meaning(I.Opcode).What;
    bool Copies = What == isa::Sem::MOV && isa::form(I.Opcode) == Form::RR;
    bool Spills = (What == isa::Sem::LOAD && I.Src == isa::R10) ||
                  (What == isa::Sem::STORE && I.Dst == isa::R10);
    if (!Copies && !Spills)
      return "";
  }
  return "";
}

static std::string rangeInWords(const analysis::Scalar &V, int64_t Off) {
  const auto &W = V.Whole;
  if (V.isConstant())
    return itostr(int64_t(V.Bits.Value) + Off);
  if (W.SMin != INT64_MIN && W.SMax != INT64_MAX)
    return itostr(W.SMin + Off) + " to " + itostr(W.SMax + Off);
  if (W.UMax != UINT64_MAX)
    return utostr(W.UMin) + " to " + utostr(W.UMax);
  if (W.UMin)
    return "at least " + utostr(W.UMin) + ", unsigned";
  if (W.SMin != INT64_MIN)
    return "at least " + itostr(W.SMin);
  if (W.SMax != INT64_MAX)
    return "at most " + itostr(W.SMax);
  return "any number";
}

/// `0 to 255`, `a value of `hits`, 4 to 12 bytes in`
std::string Verifier::inWords(const Reg &R) const {
  if (R.isScalar())
    return rangeInWords(R.Value, 0);
  std::string Text = kindName(R);
  if (R.is(Kind::MapValue))
    Text = "a value of `" + P.Maps[R.Index].Name + "`";
  else if (R.is(Kind::MapPtr))
    Text = "the map `" + P.Maps[R.Index].Name + "`";
  else if (R.is(Kind::Object) || (R.is(Kind::BtfObj) && O.Types))
    Text = "a " + typeName(R);
  if (R.mayBeNull())
    return Text + ", or null";
  if (R.Off || !R.Value.isConstant())
    Text += ", " + rangeInWords(R.Value, R.Off) + " bytes in";
  if (R.isPacket())
    Text += ", " + utostr(R.Size) + " bytes compared with the end";
  return Text;
}

std::vector<NamedText> Verifier::variables() const {
  std::map<std::string, std::string> All;
  auto Add = [&](const Reg &R) {
    if (R.is(Kind::NotInit))
      return;
    if (StringRef Name = nodeName(R.Node); !Name.empty())
      All[Name.str()] = inWords(R);
  };
  for (const StackSlot &S : Cur.top().Stack)
    if (S.isFullSpill())
      Add(S.Spill);
  for (const Reg &R : Cur.top().R)
    Add(R);
  std::vector<NamedText> List;
  for (auto &[Name, Text] : All)
    List.push_back({Name, Text});
  return List;
}

} // namespace bpfcc::verify

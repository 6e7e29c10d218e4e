// Directives for data and names.
//
//   .byte .short .long .quad, by all their names    numbers
//   .ascii .asciz .string                           strings
//   .zero .space .skip, .fill, .align               repeated bytes
//   .set .equ .equiv                                names

#include "backend/isa/Assembly.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace bpfcc::isa {

constexpr uint64_t MaxBytes = 8u << 20;
constexpr size_t MaxNodes = 1000;

static unsigned sizeOf(StringRef Word) {
  return StringSwitch<unsigned>(Word)
      .Cases({".byte", ".1byte"}, 1)
      .Cases({".short", ".2byte", ".hword", ".value"}, 2)
      .Cases({".long", ".4byte", ".int"}, 4)
      .Cases({".quad", ".8byte"}, 8)
      .Default(0);
}

Assembly::Item &Assembly::data() {
  if (items().empty() || items().back().IsInst)
    items().push_back({here(), false, {}, LabelCount, {}, {}, {}});
  return items().back();
}

Expected<bool> Assembly::dataDirective(StringRef Word, StringRef Rest,
                                       StringRef S) {
  auto Done = [](Error E) -> Expected<bool> {
    if (E)
      return std::move(E);
    return true;
  };
  if (!Word.starts_with("."))
    return false;
  if (unsigned Size = sizeOf(Word))
    return Done(numbers(Size, Rest, S));
  if (Word == ".ascii" || Word == ".asciz" || Word == ".string")
    return Done(strings(Word != ".ascii", Rest, S));
  if (Word == ".zero" || Word == ".space" || Word == ".skip")
    return Done(space(Rest, S));
  if (Word == ".fill")
    return Done(fill(Rest, S));
  if (Word == ".align" || Word == ".balign" || Word == ".p2align")
    return Done(align(Word == ".p2align", Rest, S));
  if (Word == ".set" || Word == ".equ" || Word == ".equiv") {
    StringRef Name = takeWord(Rest);
    if (Name.empty() || !Rest.consume_front(","))
      return bad(S, "a name, a comma and a value are missing");
    return Done(set(Name, Rest, S));
  }
  if (Word == ".error" || Word == ".err")
    return bad(S, "an error that the text asks for,");
  return bad(S, "the directive `" + Word + "` is not known");
}

Expected<SmallVector<AsmExpr, 4>> Assembly::expressions(StringRef Rest,
                                                        StringRef S) {
  SmallVector<AsmExpr, 4> Out;
  AsmTokens Tokens;
  StringRef Unknown;
  if (!tokenize(Rest, false, Tokens, Unknown))
    return bad(S, "no expression has `" + Unknown.take_front(1) + "`");
  ArrayRef<AsmToken> In = Tokens;
  while (true) {
    std::optional<AsmExpr> E = parseAsmExpr(In, LabelCount);
    if (!E || (!In.empty() && !In.front().is(",")))
      return bad(S, "an expression is missing");
    // Names have the value that they have now, `.` is here.
    AsmExpr Now;
    for (AsmExpr::Node &N : E->Nodes) {
      auto It = Scope->Names.end();
      if (N.K == AsmExpr::Node::Symbol)
        It = Scope->Names.find(N.Text);
      if (It != Scope->Names.end()) {
        append_range(Now.Nodes, It->second.Nodes);
        continue;
      }
      bool IsHere = N.K == AsmExpr::Node::Symbol && N.Text == ".";
      if (IsHere)
        N.Text = startOf(Current);
      Now.Nodes.push_back(std::move(N));
      if (IsHere) {
        Now.Nodes.push_back({AsmExpr::Node::Number, {}, here(), 0});
        Now.Nodes.push_back({AsmExpr::Node::Binary, "+", 0, 0});
      }
    }
    if (Now.Nodes.size() > MaxNodes)
      return bad(S, "the expression is too large");
    Out.push_back(std::move(Now));
    if (In.empty())
      return std::move(Out);
    In = In.drop_front();
  }
}

AsmExpr Assembly::placed(const AsmExpr &E) const {
  AsmExpr Out;
  for (const AsmExpr::Node &N : E.Nodes) {
    std::optional<Label> L;
    if (N.K == AsmExpr::Node::Symbol)
      L = find(N);
    if (!L) {
      Out.Nodes.push_back(N);
      continue;
    }
    Out.Nodes.push_back({AsmExpr::Node::Symbol, startOf(L->Section), 0, 0});
    Out.Nodes.push_back({AsmExpr::Node::Number, {}, L->At, 0});
    Out.Nodes.push_back({AsmExpr::Node::Binary, "+", 0, 0});
  }
  return Out;
}

Expected<int64_t> Assembly::absolute(StringRef Text, StringRef S) {
  auto E = expressions(Text, S);
  if (!E)
    return E.takeError();
  auto V =
      evaluate(placed(E->front()), [](const auto &) { return std::nullopt; });
  if (E->size() != 1 || !V || !V->Base.empty())
    return bad(S, "a number that is known here is missing");
  return V->Number;
}

Error Assembly::numbers(unsigned Size, StringRef Rest, StringRef S) {
  auto Values = expressions(Rest, S);
  if (!Values)
    return Values.takeError();
  Item &I = data();
  I.Text = S;
  for (AsmExpr &E : *Values) {
    I.Patches.push_back(
        {uint32_t(I.Bytes.size()), uint8_t(Size), std::move(E), S});
    I.Bytes.resize(I.Bytes.size() + Size);
    here() += Size;
  }
  return Error::success();
}

Error Assembly::strings(bool Zero, StringRef Rest, StringRef S) {
  AsmTokens Tokens;
  StringRef Unknown;
  if (!tokenize(Rest, false, Tokens, Unknown))
    return bad(S, "no string has `" + Unknown.take_front(1) + "`");
  Item &I = data();
  I.Text = S;
  for (size_t T = 0; T < Tokens.size(); ++T) {
    if (T % 2 && Tokens[T].is(","))
      continue;
    std::optional<std::string> Text;
    if (T % 2 == 0 && Tokens[T].K == AsmToken::String)
      Text = unquote(Tokens[T].Text);
    if (!Text)
      return bad(S, "a string is missing");
    I.Bytes.insert(I.Bytes.end(), Text->begin(), Text->end());
    if (Zero)
      I.Bytes.push_back(0);
    here() += Text->size() + Zero;
  }
  return Error::success();
}

Error Assembly::space(StringRef Rest, StringRef S) {
  auto [Count, Value] = Rest.split(',');
  auto N = absolute(Count, S);
  if (!N)
    return N.takeError();
  auto Byte = Value.empty() ? Expected<int64_t>(0) : absolute(Value, S);
  if (!Byte)
    return Byte.takeError();
  if (*N < 0 || here() + uint64_t(*N) > MaxBytes)
    return bad(S, "too many bytes");
  Item &I = data();
  I.Text = S;
  I.Bytes.resize(I.Bytes.size() + size_t(*N), uint8_t(*Byte));
  here() += uint64_t(*N);
  return Error::success();
}

Error Assembly::fill(StringRef Rest, StringRef S) {
  SmallVector<StringRef, 3> Parts;
  Rest.split(Parts, ',');
  int64_t Values[3] = {0, 1, 0}; // how often, bytes, value
  if (Parts.size() > 3)
    return bad(S, "more than three numbers");
  for (size_t P = 0; P < Parts.size(); ++P) {
    auto V = absolute(Parts[P], S);
    if (!V)
      return V.takeError();
    Values[P] = *V;
  }
  auto [Count, Size, Value] = Values;
  if (Count < 0 || Size < 0 || uint64_t(Count) > MaxBytes)
    return bad(S, "too many bytes");
  // A number has four bytes at most, the rest of eight is zero.
  Size = std::min<int64_t>(Size, 8);
  if (here() + uint64_t(Count * Size) > MaxBytes)
    return bad(S, "too many bytes");
  Item &I = data();
  I.Text = S;
  for (int64_t N = 0; N < Count; ++N) {
    uint8_t Bytes[8];
    putNumber(Bytes, unsigned(Size), uint32_t(Value), BigEndian);
    I.Bytes.insert(I.Bytes.end(), Bytes, Bytes + Size);
  }
  here() += uint64_t(Count * Size);
  return Error::success();
}

Error Assembly::align(bool Power, StringRef Rest, StringRef S) {
  auto N = absolute(Rest.split(',').first, S);
  if (!N)
    return N.takeError();
  uint64_t To =
      Power ? (*N >= 0 && *N < 32 ? uint64_t(1) << *N : 0) : uint64_t(*N);
  // Inline text starts at a multiple of a slot, and of no more.
  if (!isPowerOf2_64(To) || To > (Module ? 4096 : 8))
    return bad(S, "an alignment that is not to be had");
  uint64_t &Align = Sections[Current].Out.Align;
  Align = std::max(Align, To);
  uint64_t Pad = alignTo(here(), To) - here();
  if (Pad == 0)
    return Error::success();
  Item &I = data();
  I.Text = S;
  I.Bytes.resize(I.Bytes.size() + Pad);
  here() += Pad;
  return Error::success();
}

Error Assembly::set(StringRef Name, StringRef Value, StringRef S) {
  auto E = expressions(Value, S);
  if (!E)
    return E.takeError();
  if (E->size() != 1)
    return bad(S, "more than one value");
  if (Labels.contains(Name))
    return bad(S, "`" + Name + "` is a label,");
  AsmExpr &Expr = E->front();
  auto V = evaluate(placed(Expr), [](const auto &) { return std::nullopt; });
  if (V && V->Base.empty())
    Expr = AsmExpr::number(uint64_t(V->Number));
  Scope->Names[Name] = std::move(Expr);
  return Error::success();
}

} // namespace bpfcc::isa

// Directives that choose, repeat or name statements.
//
//   .if .ifeq .ifne .ifgt .ifge .iflt .ifle .ifc .ifnc .ifeqs .ifnes .ifdef
//   .ifndef .ifnotdef .ifb .ifnb ... .elseif ... .else ... .endif
//   .rept N / .irp NAME, A, B / .irpc NAME, ABC ... .endr
//   .macro NAME A, B=1, C:vararg ... .endm
//
// In what is repeated, `\NAME` is the argument, `\@` a number of its own, and
// `\()` nothing.

#include "backend/isa/Assembly.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::isa {

constexpr unsigned MaxDepth = 64;

static StringRef wordOf(StringRef S) {
  StringRef Word = takeWord(S);
  while (!Word.empty() && S.consume_front(":"))
    Word = takeWord(S);
  return Word;
}

static bool opensCondition(StringRef Word) { return Word.starts_with(".if"); }

static bool opensRepeat(StringRef Word) {
  return Word == ".rept" || Word == ".rep" || Word == ".irp" || Word == ".irpc";
}

static bool opensMacro(StringRef Word) { return Word == ".macro"; }

/// The statement that closes the block around \p From; the end if none does.
static size_t closing(ArrayRef<StringRef> S, size_t From,
                      function_ref<bool(StringRef)> Opens,
                      ArrayRef<StringRef> Closers) {
  unsigned Depth = 0;
  for (; From < S.size(); ++From) {
    StringRef Word = wordOf(S[From]);
    if (Depth == 0 && is_contained(Closers, Word))
      return From;
    if (Opens(Word))
      ++Depth;
    else if (Depth && Word == Closers.back())
      --Depth;
  }
  return From;
}

Expected<bool> Assembly::block(Statements S, size_t &At, StringRef Word,
                               StringRef Rest) {
  auto Done = [](Error E) -> Expected<bool> {
    if (E)
      return std::move(E);
    return true;
  };
  if (opensCondition(Word))
    return Done(condition(S, At, Word, Rest));
  bool IsRepeat = opensRepeat(Word);
  if (!IsRepeat && !opensMacro(Word))
    return false;
  size_t End = IsRepeat
                   ? closing(S, At + 1, opensRepeat, {".endr"})
                   : closing(S, At + 1, opensMacro, {".endmacro", ".endm"});
  if (End == S.size())
    return bad(S[At], IsRepeat ? "no `.endr`" : "no `.endm`");
  Statements Body = S.slice(At + 1, End - At - 1);
  StringRef Head = S[At];
  At = End + 1;
  return Done(IsRepeat ? repeat(Body, Word, Rest, Head)
                       : defineMacro(Body, Rest, Head));
}

Error Assembly::condition(Statements S, size_t &At, StringRef Word,
                          StringRef Rest) {
  if (Depth == MaxDepth)
    return bad(S[At], "nested too deeply");
  StringRef Head = S[At];
  bool Taken = false;
  while (true) {
    bool Holds = !Taken;
    if (!Taken && Word != ".else") {
      Expected<bool> H = holds(Word, Rest, S[At]);
      if (!H)
        return H.takeError();
      Holds = *H;
    }
    size_t End =
        closing(S, At + 1, opensCondition, {".elseif", ".else", ".endif"});
    if (End == S.size())
      return bad(Head, "no `.endif`");
    if (Holds) {
      Taken = true;
      ++Depth;
      if (Error E = all(S.slice(At + 1, End - At - 1)))
        return E;
      --Depth;
    }
    At = End;
    Rest = S[At];
    Word = takeWord(Rest);
    if (Word == ".endif") {
      ++At;
      return Error::success();
    }
  }
}

Expected<bool> Assembly::holds(StringRef Word, StringRef Rest, StringRef S) {
  if (Word == ".ifb" || Word == ".ifnb")
    return Rest.trim().empty() == (Word == ".ifb");
  if (Word == ".ifdef" || Word == ".ifndef" || Word == ".ifnotdef") {
    StringRef Name = Rest.trim();
    bool Defined = Scope->Names.contains(Name) || Labels.contains(Name);
    return Defined == (Word == ".ifdef");
  }
  if (Word == ".ifc" || Word == ".ifnc" || Word == ".ifeqs" ||
      Word == ".ifnes") {
    auto [A, B] = Rest.split(',');
    bool Equal = A.trim() == B.trim();
    return Equal == (Word == ".ifc" || Word == ".ifeqs");
  }
  Expected<int64_t> V = absolute(Rest, S);
  if (!V)
    return V.takeError();
  if (Word == ".if" || Word == ".ifne" || Word == ".elseif")
    return *V != 0;
  if (Word == ".ifeq")
    return *V == 0;
  if (Word == ".ifgt")
    return *V > 0;
  if (Word == ".ifge")
    return *V >= 0;
  if (Word == ".iflt")
    return *V < 0;
  if (Word == ".ifle")
    return *V <= 0;
  return bad(S, "the directive `" + Word + "` is not known");
}

Error Assembly::repeat(Statements Body, StringRef Word, StringRef Rest,
                       StringRef S) {
  if (Depth == MaxDepth)
    return bad(S, "nested too deeply");
  ++Depth;
  if (Word == ".rept" || Word == ".rep") {
    Expected<int64_t> N = absolute(Rest, S);
    if (!N)
      return N.takeError();
    if (*N > MaxStatements)
      return bad(S, "more than a million statements");
    for (int64_t I = 0; I < *N && !Body.empty(); ++I)
      if (Error E = all(Body))
        return E;
  } else {
    StringRef Name = takeWord(Rest);
    Rest.consume_front(",");
    SmallVector<StringRef, 8> Values;
    if (Word == ".irp")
      Rest.split(Values, ',');
    else
      for (size_t I = 0; I < Rest.trim().size(); ++I)
        Values.push_back(Rest.trim().substr(I, 1));
    for (StringRef Value : Values)
      if (Error E = expand(Body, {{Name, Value.trim()}}))
        return E;
  }
  --Depth;
  return Error::success();
}

Error Assembly::defineMacro(Statements Body, StringRef Rest, StringRef S) {
  StringRef Name = takeWord(Rest);
  if (Name.empty())
    return bad(S, "the name of the macro is missing");
  Macro M;
  M.Body.assign(Body.begin(), Body.end());
  Rest.consume_front(",");
  while (!Rest.trim().empty()) {
    Macro::Parameter P;
    P.Name = takeWord(Rest);
    if (P.Name.empty())
      return bad(S, "a parameter is missing");
    if (Rest.consume_front(":"))
      P.Rest = takeWord(Rest) == "vararg";
    if (Rest.consume_front("=")) {
      P.Default = Rest.take_until([](char C) { return C == ',' || C == ' '; });
      Rest = Rest.drop_front(P.Default.size());
    }
    Rest = Rest.ltrim();
    Rest.consume_front(",");
    M.Parameters.push_back(P);
  }
  if (!Scope->Macros.try_emplace(Name, std::move(M)).second)
    return bad(S, "macro `" + Name + "` is defined again");
  return Error::success();
}

Expected<bool> Assembly::callMacro(StringRef Word, StringRef Rest,
                                   StringRef S) {
  auto It = Scope->Macros.find(Word);
  if (Word.empty() || It == Scope->Macros.end())
    return false;
  if (Depth == MaxDepth)
    return bad(S, "nested too deeply");
  const Macro &M = It->second;
  SmallVector<std::pair<StringRef, StringRef>, 4> Arguments;
  for (const Macro::Parameter &P : M.Parameters) {
    StringRef Value = Rest;
    if (P.Rest)
      Rest = {};
    else
      std::tie(Value, Rest) = Rest.split(',');
    Value = Value.trim();
    Arguments.push_back({P.Name, Value.empty() ? P.Default : Value});
  }
  if (!Rest.trim().empty())
    return bad(S, "too many arguments");
  ++Depth;
  if (Error E = expand(M.Body, Arguments))
    return std::move(E);
  --Depth;
  return true;
}

Error Assembly::expand(Statements Body,
                       ArrayRef<std::pair<StringRef, StringRef>> Arguments) {
  std::string Unique = utostr(Expansions++);
  SmallVector<StringRef, 8> Expanded;
  for (StringRef S : Body) {
    std::string Text;
    while (true) {
      auto [Plain, Rest] = S.split('\\');
      Text += Plain;
      if (Plain.size() == S.size())
        break;
      S = Rest;
      if (S.consume_front("()"))
        continue;
      if (S.consume_front("@")) {
        Text += Unique;
        continue;
      }
      StringRef Name =
          S.take_while([](char C) { return isAlnum(C) || C == '_'; });
      auto *It =
          find_if(Arguments, [&](const auto &A) { return A.first == Name; });
      if (It == Arguments.end()) {
        Text += '\\';
        continue;
      }
      Text += It->second;
      S = S.drop_front(Name.size());
    }
    Expanded.append(splitStatements(StringSaver(Scope->Memory).save(Text)));
  }
  return all(Expanded);
}

} // namespace bpfcc::isa

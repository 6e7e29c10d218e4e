#include "backend/isa/AsmTokens.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::isa {

static bool isWordStart(char C) {
  return isAlpha(C) || C == '_' || C == '.' || C == '@';
}
static bool isWordPart(char C) {
  return isWordStart(C) || isDigit(C) || C == '$';
}

/// The length of the sign that \p Text starts with, longest first; 0 for none.
static size_t signLength(StringRef Text) {
  static constexpr StringLiteral Signs[] = {
      "<<=", ">>=", "==", "!=", "<=", ">=", "<>", "<<", ">>", "&&",
      "||",  "+=",  "-=", "*=", "/=", "|=", "&=", "^=", "%=", "=",
      "<",   ">",   "&",  "|",  "^",  "~",  "!",  "+",  "-",  "*",
      "/",   "%",   "(",  ")",  "[",  "]",  ",",  ":"};
  for (StringRef S : Signs)
    if (Text.starts_with(S))
      return S.size();
  return 0;
}

bool tokenize(StringRef Text, bool Pattern, AsmTokens &Out, StringRef &Bad) {
  while (!(Text = Text.ltrim()).empty()) {
    AsmToken T;
    size_t Length = 0;
    if (Pattern && Text.front() == '{') {
      Length = Text.find('}') + 1;
      T = {AsmToken::Placeholder, Text.slice(1, Length - 1), 0};
    } else if (Text.front() == '"') {
      Length = quotedLength(Text);
      T = {AsmToken::String, Text.take_front(Length), 0};
    } else if (isDigit(Text.front())) {
      StringRef Rest = Text.drop_while(isDigit);
      // `1f` and `1b` are places, not numbers.
      bool IsPlace = !Rest.empty() &&
                     (Rest.front() == 'f' || Rest.front() == 'b') &&
                     (Rest.size() == 1 || !isWordPart(Rest[1]));
      if (IsPlace) {
        T.K = AsmToken::Word;
        Length = Text.size() - Rest.size() + 1;
      } else {
        Rest = Text;
        T.K = AsmToken::Number;
        // The suffixes of C constants mean nothing here.
        bool Failed = Rest.consumeInteger(0, T.Value);
        Rest = Rest.ltrim("uUlL");
        if (Failed || (!Rest.empty() && isWordPart(Rest.front()))) {
          Bad = Text;
          return false;
        }
        Length = Text.size() - Rest.size();
      }
      T.Text = Text.take_front(Length);
    } else if (isWordStart(Text.front())) {
      Length = Text.find_if_not(isWordPart);
      T = {AsmToken::Word, Text.take_front(Length), 0};
    } else if ((Length = signLength(Text))) {
      T = {AsmToken::Sign, Text.take_front(Length), 0};
    } else {
      Bad = Text;
      return false;
    }
    Out.push_back(T);
    Text = Text.drop_front(std::min(Length, Text.size()));
  }
  return true;
}

size_t quotedLength(StringRef Text) {
  size_t At = 1;
  while (At < Text.size() && Text[At] != '"')
    At += Text[At] == '\\' ? 2 : 1;
  return std::min(At + 1, Text.size());
}

std::optional<std::string> unquote(StringRef Text) {
  if (Text.size() < 2 || !Text.ends_with("\""))
    return std::nullopt;
  Text = Text.drop_front().drop_back();
  std::string Out;
  while (!Text.empty()) {
    char C = Text.front();
    Text = Text.drop_front();
    if (C != '\\' || Text.empty()) {
      Out += C;
      continue;
    }
    if (Text.front() >= '0' && Text.front() <= '7') {
      unsigned Value = 0;
      for (unsigned I = 0;
           I < 3 && !Text.empty() && Text.front() >= '0' && Text.front() <= '7';
           ++I, Text = Text.drop_front())
        Value = Value * 8 + unsigned(Text.front() - '0');
      Out += char(Value);
      continue;
    }
    static constexpr StringLiteral From = "btnfr\"\\'", To = "\b\t\n\f\r\"\\'";
    size_t Which = From.find(Text.front());
    if (Which == StringRef::npos)
      return std::nullopt;
    Out += To[Which];
    Text = Text.drop_front();
  }
  return Out;
}

SmallVector<StringRef, 8> splitStatements(StringRef Text) {
  SmallVector<StringRef, 8> Statements;
  size_t Start = 0, At = 0;
  auto End = [&](size_t Skip) {
    StringRef S = Text.slice(Start, At).trim();
    if (!S.empty())
      Statements.push_back(S);
    At += Skip;
    Start = At;
  };
  while (At < Text.size()) {
    StringRef Rest = Text.drop_front(At);
    if (Rest.front() == '"') {
      At += quotedLength(Rest);
    } else if (Rest.starts_with("/*")) {
      size_t Close = Rest.find("*/");
      End(Close == StringRef::npos ? Rest.size() : Close + 2);
    } else if (Rest.front() == '#' || Rest.starts_with("//")) {
      End(std::min(Rest.find('\n'), Rest.size()));
    } else if (Rest.front() == '\n' || Rest.front() == ';') {
      End(1);
    } else {
      ++At;
    }
  }
  End(0);
  return Statements;
}

} // namespace bpfcc::isa

// Reads the text form that Print.cpp describes. `;` starts a comment.
//
// Left out, preds follow from the targets, and symbols from their uses.

#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/mir/Text.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <cstdlib>

namespace bpfcc::mir {

namespace {

struct Token {
  enum Kind : uint8_t { End, Line, Word, String, Number, Sign } K = End;
  llvm::StringRef Text; ///< of a String: still escaped
};

/// Cuts the text into tokens; newlines are tokens.
class Lexer {
public:
  explicit Lexer(llvm::StringRef Text) : Rest(Text) { next(); }

  const Token &peek() const { return Now; }
  unsigned line() const { return LineNumber; }

  void next() {
    if (Now.K == Token::Line)
      ++LineNumber;
    Rest = Rest.ltrim(" \t\r");
    if (Rest.starts_with(";"))
      Rest = Rest.drop_front(std::min(Rest.find('\n'), Rest.size()));
    if (Rest.empty())
      return take(Token::End, 0);
    char C = Rest.front();
    if (C == '\n')
      return take(Token::Line, 1);
    if (C == '"')
      return takeString();
    if (llvm::isDigit(C) || (C == '-' && Rest.size() > 1))
      return take(Token::Number, 1 + span(Rest.drop_front(), ".+-"));
    if (isWord(C) || C == '.' || C == '$')
      return take(Token::Word, span(Rest, ".$"));
    take(Token::Sign, 1);
  }

private:
  static bool isWord(char C) { return llvm::isAlnum(C) || C == '_'; }

  static size_t span(llvm::StringRef S, llvm::StringRef Extra) {
    size_t N = 0;
    while (N < S.size() && (isWord(S[N]) || Extra.contains(S[N])))
      ++N;
    return N;
  }

  void take(Token::Kind K, size_t N) {
    Now = {K, Rest.take_front(N)};
    Rest = Rest.drop_front(N);
  }

  void takeString() {
    size_t Close = Rest.find_first_of("\"\n", 1);
    if (Close == llvm::StringRef::npos || Rest[Close] == '\n')
      return take(Token::Sign, 1); // the parser refuses the lone quote
    Now = {Token::String, Rest.slice(1, Close)};
    Rest = Rest.drop_front(Close + 1);
  }

  llvm::StringRef Rest;
  Token Now;
  unsigned LineNumber = 1;
};

llvm::StringMap<Opcode> opcodesByName() {
  llvm::StringMap<Opcode> Map;
  for (uint16_t O = 0; O < NumOpcodes; ++O)
    Map[name(static_cast<Opcode>(O))] = static_cast<Opcode>(O);
  return Map;
}

/// Recursive descent; after the first failure every step gives up at once.
class Parser {
public:
  Parser(llvm::StringRef Text, llvm::StringRef FileName)
      : Lex(Text), FileName(FileName), Opcodes(opcodesByName()) {}

  llvm::Expected<std::vector<Function>> run() {
    std::vector<Function> Functions;
    skipLines();
    while (!Failed && Lex.peek().K != Token::End) {
      Functions.push_back(function());
      skipLines();
    }
    if (Failed)
      return diagError(DiagCode::BadMir,
                       SourceLoc{FileName.str(), FailedLine, 0}, Why);
    return Functions;
  }

private:
  // -- Steps

  void fail(const llvm::Twine &Message) {
    if (Failed)
      return;
    Failed = true;
    FailedLine = Lex.line();
    Why = Message.str();
  }

  bool isSign(llvm::StringRef S) const {
    return !Failed && Lex.peek().K == Token::Sign && Lex.peek().Text == S;
  }
  bool isWord(llvm::StringRef S) const {
    return !Failed && Lex.peek().K == Token::Word && Lex.peek().Text == S;
  }
  bool takeSign(llvm::StringRef S) {
    bool Found = isSign(S);
    if (Found)
      Lex.next();
    return Found;
  }
  bool takeWord(llvm::StringRef S) {
    bool Found = isWord(S);
    if (Found)
      Lex.next();
    return Found;
  }
  void expectSign(llvm::StringRef S) {
    if (!takeSign(S))
      fail("expected `" + S + "`");
  }
  void endOfLine() {
    if (Lex.peek().K != Token::Line && Lex.peek().K != Token::End)
      fail("`" + Lex.peek().Text + "` is not expected here");
    skipLines();
  }
  void skipLines() {
    while (!Failed && Lex.peek().K == Token::Line)
      Lex.next();
  }

  int64_t number() {
    uint64_t Magnitude = 0;
    llvm::StringRef Text = Lex.peek().Text;
    bool Negative = Text.consume_front("-");
    if (Lex.peek().K != Token::Number || Text.getAsInteger(0, Magnitude)) {
      fail("expected a number");
      return 0;
    }
    Lex.next();
    return static_cast<int64_t>(Negative ? -Magnitude : Magnitude);
  }

  /// A number that \p T can hold.
  template <typename T> T fitting() {
    int64_t Value = number();
    if (static_cast<int64_t>(static_cast<T>(Value)) != Value)
      fail("the number " + llvm::Twine(Value) + " is too large here");
    return static_cast<T>(Value);
  }

  std::string string() {
    if (Lex.peek().K != Token::String) {
      fail("expected a string");
      return {};
    }
    llvm::StringRef Text = Lex.peek().Text;
    std::string Out;
    while (!Text.empty()) {
      if (Text.consume_front("\\")) {
        unsigned Byte = 0;
        if (Text.consume_front("\\"))
          Byte = '\\';
        else if (Text.size() < 2 || Text.take_front(2).getAsInteger(16, Byte)) {
          fail("bad escape in a string");
          return Out;
        } else
          Text = Text.drop_front(2);
        Out += static_cast<char>(Byte);
        continue;
      }
      Out += Text.front();
      Text = Text.drop_front();
    }
    Lex.next();
    return Out;
  }

  std::string symbolName() {
    expectSign("@");
    if (Lex.peek().K == Token::String)
      return string();
    if (Lex.peek().K != Token::Word) {
      fail("expected a symbol");
      return {};
    }
    std::string Name = Lex.peek().Text.str();
    Lex.next();
    return Name;
  }

  /// `PREFIXn` as one word.
  bool isIndexed(llvm::StringRef Prefix) const {
    unsigned N;
    llvm::StringRef Text = Lex.peek().Text;
    return !Failed && Lex.peek().K == Token::Word &&
           Text.consume_front(Prefix) && !Text.getAsInteger(10, N);
  }
  uint32_t indexed(llvm::StringRef Prefix) {
    uint32_t N = 0;
    llvm::StringRef Text = Lex.peek().Text;
    if (Failed || Lex.peek().K != Token::Word || !Text.consume_front(Prefix) ||
        Text.getAsInteger(10, N)) {
      fail("expected `" + Prefix + "N`");
      return 0;
    }
    Lex.next();
    return N;
  }

  bool isReg() const { return isSign("%") || isIndexed("r") || isWord("_"); }
  Reg reg() {
    if (takeWord("_"))
      return NoReg;
    if (takeSign("%")) {
      Reg R = fitting<Reg>();
      if (!isVirtual(R))
        fail("virtual registers start at %" + llvm::Twine(FirstVirtual));
      return R;
    }
    Reg R = indexed("r");
    if (!isPhysical(R))
      fail("there is no register r" + llvm::Twine(R));
    return R;
  }

  template <typename Each> void commaList(Each Item) {
    do
      Item();
    while (takeSign(","));
  }

  // -- Functions

  Function function() {
    Function F;
    if (!takeWord("func"))
      fail("expected `func`");
    F.Name = symbolName();
    Reg Next = NoReg;
    while (!Failed && !isSign("{")) {
      if (takeWord("section"))
        F.Section = string();
      else if (takeWord("global"))
        F.Global = true;
      else if (takeWord("weak"))
        F.Weak = true;
      else if (takeWord("hidden"))
        F.Hidden = true;
      else if (takeWord("result"))
        F.HasResult = true;
      else if (takeWord("naked"))
        F.Naked = true;
      else if (takeWord("next"))
        Next = reg();
      else
        fail("expected `{`");
    }
    expectSign("{");
    endOfLine();
    tables(F);
    bool AnyPreds = false;
    while (!Failed && !isSign("}"))
      block(F, AnyPreds);
    expectSign("}");
    endOfLine();
    if (!Failed)
      complete(F, Next, AnyPreds);
    return F;
  }

  void complete(Function &F, Reg Next, bool AnyPreds) {
    for (const Block &B : F.Blocks)
      for (const Inst &I : B.Insts) {
        for (BlockId T : I.Targets)
          if (T >= F.Blocks.size())
            fail("there is no block bb" + llvm::Twine(T));
        for (Reg R : I.Defs)
          F.NextReg = isVirtual(R) ? std::max(F.NextReg, R + 1) : F.NextReg;
        for (Reg R : I.Uses)
          F.NextReg = isVirtual(R) ? std::max(F.NextReg, R + 1) : F.NextReg;
      }
    if (Next != NoReg)
      F.NextReg = Next;
    if (!AnyPreds && !Failed)
      computePreds(F);
  }

  // -- Tables

  /// `N =`, where N is the next index of a table that has \p Size rows.
  void row(size_t Size) {
    if (static_cast<size_t>(number()) != Size)
      fail("expected row " + llvm::Twine(Size));
    expectSign("=");
  }

  void tables(Function &F) {
    while (!Failed) {
      if (takeWord("files"))
        commaList([&] { F.Files.push_back(string()); });
      else if (takeWord("symbols"))
        commaList([&] { F.Symbols.push_back(symbolName()); });
      else if (takeWord("loc"))
        loc(F);
      else if (takeWord("obj"))
        frameObject(F);
      else if (takeWord("core"))
        coreRelo(F);
      else if (takeWord("asm"))
        asmBlock(F);
      else
        return;
      endOfLine();
    }
  }

  void loc(Function &F) {
    row(F.Locs.size());
    DebugLoc L;
    L.File = fitting<uint32_t>();
    expectSign(":");
    L.Line = fitting<uint32_t>();
    expectSign(":");
    L.Column = fitting<uint32_t>();
    F.Locs.push_back(L);
  }

  void frameObject(Function &F) {
    row(F.Frame.size());
    FrameObject O;
    while (!Failed) {
      if (takeWord("size"))
        O.Size = fitting<uint32_t>();
      else if (takeWord("align"))
        O.Align = fitting<uint32_t>();
      else if (takeWord("spill"))
        O.Spill = true;
      else if (takeWord("offset"))
        O.Offset = fitting<int32_t>();
      else if (Lex.peek().K == Token::String)
        O.Name = string();
      else
        break;
    }
    F.Frame.push_back(std::move(O));
  }

  void coreRelo(Function &F) {
    row(F.CoreRelos.size());
    CoreRelo R;
    while (!Failed) {
      if (takeWord("kind"))
        R.Kind = fitting<uint32_t>();
      else if (takeWord("type"))
        R.Type = string();
      else if (takeWord("access"))
        R.Access = string();
      else if (takeWord("value"))
        R.Value = number();
      else
        break;
    }
    F.CoreRelos.push_back(std::move(R));
  }

  void asmBlock(Function &F) {
    row(F.Asms.size());
    AsmBlock A;
    A.Text = string();
    expectSign("[");
    if (!isSign("]"))
      commaList([&] { A.Operands.push_back(asmOperand(F)); });
    expectSign("]");
    if (takeWord("clobbers"))
      commaList([&] {
        Reg R = indexed("r");
        if (R < 16)
          A.Clobbers |= uint16_t(1) << R;
        else
          fail("there is no such register");
      });
    F.Asms.push_back(std::move(A));
  }

  AsmBlock::Operand asmOperand(Function &F) {
    using Operand = AsmBlock::Operand;
    Operand O;
    if (takeWord("def"))
      O.K = Operand::Def;
    else if (takeWord("use"))
      O.K = Operand::Use;
    else if (takeWord("imm"))
      O.K = Operand::Imm;
    else if (takeWord("symbol"))
      O.K = Operand::Symbol;
    else if (takeWord("memory"))
      O.K = Operand::Memory;
    else if (takeWord("label"))
      O.K = Operand::Label;
    else
      fail("expected an operand kind");
    O.Index = fitting<uint32_t>();
    while (!Failed) {
      if (takeWord("tied"))
        O.TiedTo = fitting<int32_t>();
      else if (takeWord("early"))
        O.EarlyClobber = true;
      else if (takeWord("word"))
        O.Word = true;
      else if (takeWord("in"))
        O.Phys = static_cast<int32_t>(indexed("r"));
      else if (takeWord("value"))
        O.Value = number();
      else if (isSign("@"))
        O.Sym = symbol(F);
      else if (isIndexed("obj"))
        O.Frame = static_cast<int32_t>(indexed("obj"));
      else
        break;
    }
    return O;
  }

  int32_t symbol(Function &F) { return F.symbol(symbolName()); }

  // -- Blocks

  void block(Function &F, bool &AnyPreds) {
    if (indexed("bb") != F.Blocks.size())
      fail("expected block bb" + llvm::Twine(F.Blocks.size()));
    expectSign(":");
    Block B;
    if (takeWord("freq")) {
      B.Frequency = std::strtof(Lex.peek().Text.str().c_str(), nullptr);
      Lex.next();
      takeSign(",");
    }
    if (takeWord("turns")) {
      B.Turns = static_cast<uint32_t>(number());
      takeSign(",");
    }
    if (takeWord("preds")) {
      AnyPreds = true;
      commaList([&] { B.Preds.push_back(indexed("bb")); });
    }
    endOfLine();
    while (!Failed && !isSign("}") && !isIndexed("bb")) {
      B.Insts.push_back(inst(F));
      endOfLine();
    }
    F.Blocks.push_back(std::move(B));
  }

  Inst inst(Function &F) {
    Inst I;
    if (isReg()) {
      commaList([&] { I.Defs.push_back(reg()); });
      expectSign("=");
    }
    auto Found = Opcodes.find(Lex.peek().Text);
    if (Lex.peek().K != Token::Word || Found == Opcodes.end()) {
      fail("`" + Lex.peek().Text + "` is no instruction");
      return I;
    }
    I.Op = Found->second;
    Lex.next();
    llvm::SmallVector<int64_t, 2> Values;
    if (isOperand())
      commaList([&] { operand(F, I, Values); });
    place(I, Values);
    attributes(I);
    return I;
  }

  bool isOperand() const {
    return isReg() || isSign("@") || Lex.peek().K == Token::Number ||
           isIndexed("obj") || isIndexed("asm") || isIndexed("core") ||
           isIndexed("bb");
  }

  void operand(Function &F, Inst &I, llvm::SmallVectorImpl<int64_t> &Values) {
    if (isReg())
      I.Uses.push_back(reg());
    else if (isSign("@"))
      I.Sym = symbol(F);
    else if (isIndexed("obj"))
      I.Frame = static_cast<int32_t>(indexed("obj"));
    else if (isIndexed("asm"))
      I.Extra = static_cast<int32_t>(indexed("asm"));
    else if (isIndexed("core"))
      I.Extra = static_cast<int32_t>(indexed("core"));
    else if (isIndexed("bb"))
      I.Targets.push_back(indexed("bb"));
    else
      Values.push_back(number());
  }

  /// Offset first, then immediate, as the opcode has them.
  void place(Inst &I, llvm::ArrayRef<int64_t> Values) {
    Numbers Shown = numbers(I);
    if (Values.size() > size_t(Shown.Off) + size_t(Shown.Imm))
      return fail("too many numbers for " + name(I.Op));
    if (Shown.Off && !Values.empty()) {
      I.Off = static_cast<int16_t>(Values.front());
      if (I.Off != Values.front())
        fail("the offset does not fit 16 bits");
      Values = Values.drop_front();
    }
    if (!Values.empty())
      I.Imm = Values.front();
  }

  void attributes(Inst &I) {
    while (!Failed) {
      if (takeWord("off")) {
        expectSign("=");
        I.Off = fitting<int16_t>();
      } else if (takeWord("imm")) {
        expectSign("=");
        I.Imm = number();
      } else if (takeWord("volatile"))
        I.Volatile = true;
      else if (takeWord("ordered"))
        I.Ordered = true;
      else if (takeSign("!"))
        I.Loc = fitting<int32_t>();
      else
        return;
    }
  }

  Lexer Lex;
  llvm::StringRef FileName;
  llvm::StringMap<Opcode> Opcodes;
  bool Failed = false;
  unsigned FailedLine = 0;
  std::string Why;
};

} // namespace

llvm::Expected<std::vector<Function>> parse(llvm::StringRef Text,
                                            llvm::StringRef FileName) {
  return Parser(Text, FileName).run();
}

} // namespace bpfcc::mir

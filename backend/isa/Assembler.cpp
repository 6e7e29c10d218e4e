// The assembler: the Text column of isa.def read backwards.
//
// needs: pseudo-C text
// gives: instructions, and what they refer to outside the text
//
//   1: r1 += -4          ADD_RI r1, -4
//   if w1 s> 3 goto 1b   JSGT32_RI w1, 3, off -2
//
// Each row's text becomes a list of tokens once; a statement is matched
// against the rows in their order, and the first that fits whole is it. Jumps
// are resolved at the end, when the slot of each label is known.

#include "backend/isa/Assembler.h"
#include "backend/isa/AsmTokens.h"
#include "backend/isa/Encoding.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

#include <optional>

using namespace llvm;

namespace bpfcc::isa {

namespace {

std::optional<uint8_t> parseRegister(const AsmToken &T, char Prefix) {
  unsigned Number;
  StringRef S = T.Text;
  if (T.K != AsmToken::Word || S.empty() || S.front() != Prefix)
    return std::nullopt;
  if (S.drop_front().getAsInteger(10, Number) || Number > R10 || S.size() > 3 ||
      (S.size() == 3 && S[1] == '0'))
    return std::nullopt;
  return Number;
}

bool isSymbol(const AsmToken &T) {
  return T.K == AsmToken::Word && !parseRegister(T, 'r') &&
         !parseRegister(T, 'w');
}

/// One attempt to read a statement as one row.
class Match {
public:
  Match(Op O, ArrayRef<AsmToken> In) : F(form(O)), In(In) { Result.Opcode = O; }

  bool run(ArrayRef<AsmToken> Pattern) {
    for (const AsmToken &P : Pattern) {
      if (P.K == AsmToken::Placeholder ? !operand(P.Text) : !literal(P))
        return false;
    }
    return In.empty();
  }

  Inst Result;
  StringRef Symbol;
  /// An operand was read that does not fit its field.
  bool OutOfRange = false;

private:
  bool literal(const AsmToken &P) {
    if (In.empty() || In.front().Text != P.Text)
      return false;
    In = In.drop_front();
    return true;
  }

  bool registerOperand(uint8_t &Reg, bool &Seen, char Prefix) {
    if (In.empty())
      return false;
    auto Number = parseRegister(In.front(), Prefix);
    // The value of a memory access has two names.
    bool Access = F == Form::Load || F == Form::StoreR || F == Form::Atomic;
    if (!Number && Access && Prefix == 'w')
      Number = parseRegister(In.front(), 'r');
    if (!Number || (Seen && Reg != *Number))
      return false;
    Reg = *Number;
    Seen = true;
    In = In.drop_front();
    return true;
  }

  bool number(int64_t &Value, bool NeedSign) {
    ArrayRef<AsmToken> Rest = In;
    bool Negative = false, Signed = false;
    while (!Rest.empty() && (Rest.front().is("-") || Rest.front().is("+"))) {
      Negative ^= Rest.front().is("-");
      Signed = true;
      Rest = Rest.drop_front();
    }
    if (Rest.empty() || Rest.front().K != AsmToken::Number ||
        (NeedSign && !Signed))
      return false;
    uint64_t Bits = Rest.front().Value;
    Value = int64_t(Negative ? 0 - Bits : Bits);
    In = Rest.drop_front();
    return true;
  }

  bool symbol() {
    if (In.empty() || !isSymbol(In.front()))
      return false;
    Symbol = In.front().Text;
    In = In.drop_front();
    return true;
  }

  bool immediate() {
    if (F == Form::CastRR) {
      int64_t High, Low;
      if (!number(High, false) || !literal({AsmToken::Sign, ",", 0}) ||
          !number(Low, false))
        return false;
      Result.Imm = int32_t(uint32_t(High) << 16 | (Low & 0xffff));
      return true;
    }
    if ((F == Form::Imm64 || F == Form::Call) && symbol()) {
      // `symbol + 8 ll`
      if (F == Form::Imm64)
        number(Result.Imm, true);
      else
        Result.Imm = -1;
      return true;
    }
    if (!number(Result.Imm, false))
      return false;
    if (F == Form::Imm64)
      return true;
    // 0xffffffff stands for -1: the 32 bits of the field.
    if (!isInt<32>(Result.Imm) && !isUInt<32>(Result.Imm))
      OutOfRange = true;
    Result.Imm = int32_t(Result.Imm);
    return true;
  }

  bool offset() {
    int64_t Value = 0;
    number(Value, true);
    if (F == Form::Ind) {
      Result.Imm = Value;
      OutOfRange |= !isInt<32>(Value);
    } else {
      Result.Off = int16_t(Value);
      OutOfRange |= !isInt<16>(Value);
    }
    return true;
  }

  bool distance() {
    if (symbol())
      return true;
    int64_t Value;
    if (!number(Value, F == Form::Call))
      return false;
    bool Wide = F == Form::JmpL || F == Form::Call;
    OutOfRange |= Wide ? !isInt<32>(Value) : !isInt<16>(Value);
    if (Wide)
      Result.Imm = Value;
    else
      Result.Off = int16_t(Value);
    return true;
  }

  bool operand(StringRef Name) {
    if (Name == "d")
      return registerOperand(Result.Dst, SeenDst, 'r');
    if (Name == "wd")
      return registerOperand(Result.Dst, SeenDst, 'w');
    if (Name == "s")
      return registerOperand(Result.Src, SeenSrc, 'r');
    if (Name == "ws")
      return registerOperand(Result.Src, SeenSrc, 'w');
    if (Name == "i")
      return immediate();
    if (Name == "o")
      return offset();
    return distance();
  }

  Form F;
  ArrayRef<AsmToken> In;
  bool SeenDst = false, SeenSrc = false;
};

std::vector<AsmTokens> rowPatterns() {
  std::vector<AsmTokens> Patterns(NumOps);
  StringRef Bad;
  for (unsigned R = 0; R < NumOps; ++R)
    tokenize(info(Op(R)).Text, true, Patterns[R], Bad);
  return Patterns;
}

class Assembly {
public:
  Expected<AsmResult> run(StringRef Text) {
    for (StringRef S : splitStatements(Text))
      if (Error E = statement(S))
        return E;
    if (!Raw.empty())
      return bad(Text, "the second slot is missing");
    if (Error E = resolve())
      return E;
    return std::move(Result);
  }

private:
  Error bad(StringRef Statement, const Twine &Why) {
    return diagError(DiagCode::BadAssembly, {},
                     (Why + " in `" + Statement + "`").str());
  }

  Error statement(StringRef S) {
    AsmTokens Tokens;
    StringRef Unknown;
    if (S.starts_with(".8byte"))
      return number(S);
    if (!tokenize(S, false, Tokens, Unknown))
      return bad(S, "no instruction has `" + Unknown.take_front(1) + "`");
    ArrayRef<AsmToken> In = Tokens;
    while (In.size() >= 2 && In[1].is(":")) {
      if (In[0].K == AsmToken::Number)
        Numbered[In[0].Text].push_back(Slot);
      else if (!Labels.try_emplace(In[0].Text, Slot).second)
        return bad(S, "label `" + In[0].Text + "` is defined again");
      In = In.drop_front(2);
    }
    if (In.empty())
      return Error::success();
    static const std::vector<AsmTokens> Patterns = rowPatterns();
    bool OutOfRange = false;
    for (unsigned R = 0; R < NumOps; ++R) {
      Match M(Op(R), In);
      if (!M.run(Patterns[R]))
        continue;
      OutOfRange |= M.OutOfRange;
      if (M.OutOfRange)
        continue;
      add(M, S);
      return Error::success();
    }
    return bad(S,
               OutOfRange ? "an operand is too large" : "unknown instruction");
  }

  void add(const Match &M, StringRef Statement) {
    if (!M.Symbol.empty())
      Pending.push_back(
          {uint32_t(Result.Insts.size()), Slot, M.Symbol, Statement});
    Result.Insts.push_back(M.Result);
    Slot += slots(M.Result.Opcode);
  }

  /// `.8byte 0xb7`: the slot as a little-endian number. An instruction of two
  /// slots takes two of them.
  Error number(StringRef S) {
    StringRef Text = S.drop_front(6).trim();
    uint64_t Bits;
    int64_t Signed;
    if (Text.getAsInteger(0, Bits)) {
      if (Text.getAsInteger(0, Signed))
        return bad(S, ".8byte needs a number");
      Bits = uint64_t(Signed);
    }
    for (unsigned I = 0; I < 8; ++I)
      Raw.push_back(uint8_t(Bits >> 8 * I));
    constexpr uint8_t FirstOfTwo = 0x18;
    if (Raw.size() == 8 && Raw[0] == FirstOfTwo)
      return Error::success();
    Expected<Inst> I = decodeOne(Raw, false);
    Raw.clear();
    if (!I)
      return bad(S, takeMessages(I.takeError()));
    Result.Insts.push_back(*I);
    Slot += slots(I->Opcode);
    return Error::success();
  }

  std::optional<uint32_t> find(StringRef Name, uint32_t From) const {
    auto It = Labels.find(Name);
    if (It != Labels.end())
      return It->second;
    auto Num = Numbered.find(Name.drop_back());
    if (!isDigit(Name.front()) || Num == Numbered.end())
      return std::nullopt;
    // 1f is the next 1:, 1b the last one.
    const auto &Places = Num->second;
    auto Next = std::upper_bound(Places.begin(), Places.end(), From);
    if (Name.back() == 'f')
      return Next == Places.end() ? std::nullopt : std::optional(*Next);
    return Next == Places.begin() ? std::nullopt : std::optional(Next[-1]);
  }

  Error resolve() {
    for (const Use &U : Pending) {
      Inst &I = Result.Insts[U.Inst];
      std::optional<uint32_t> To = find(U.Symbol, U.Slot);
      if (!To && isDigit(U.Symbol.front()))
        return bad(U.Statement, "no label `" + U.Symbol + "`");
      if (!To || form(I.Opcode) == Form::Imm64) {
        Result.References.push_back({U.Inst, U.Symbol.str()});
        continue;
      }
      int64_t Distance = int64_t(*To) - int64_t(U.Slot) - 1;
      if (I.Opcode == Op::CALL_HELPER)
        I.Opcode = Op::CALL_SUBPROG;
      if (form(I.Opcode) == Form::JmpL || form(I.Opcode) == Form::Call)
        I.Imm = Distance;
      else if (isInt<16>(Distance))
        I.Off = int16_t(Distance);
      else
        return bad(U.Statement, "label `" + U.Symbol + "` is too far away");
    }
    return Error::success();
  }

  struct Use {
    uint32_t Inst, Slot;
    StringRef Symbol, Statement;
  };
  std::vector<Use> Pending;
  StringMap<uint32_t> Labels;
  StringMap<SmallVector<uint32_t, 2>> Numbered;
  AsmResult Result;
  uint32_t Slot = 0;
  SmallVector<uint8_t, 16> Raw; ///< the first slot of two
};

} // namespace

Expected<AsmResult> assemble(StringRef Text) { return Assembly().run(Text); }

} // namespace bpfcc::isa

// One instruction: the Text column of isa.def read backwards.
//
// needs: the tokens of a statement
// gives: the instruction of the row that fits
//
//   r1 += -(4 + 4)           ADD_RI r1, -8
//   if w1 s> 3 goto loop     JSGT32_RI w1, 3, to `loop`
//
// Each row's text becomes a list of tokens once.

#include "backend/isa/AsmMatch.h"
#include "backend/isa/Encoding.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc::isa {

namespace {

std::optional<uint8_t> parseRegister(const AsmToken &T, char Prefix) {
  unsigned Number = 0;
  if (T.K != AsmToken::Word || !isRegisterName(T.Text) ||
      T.Text.front() != Prefix)
    return std::nullopt;
  T.Text.drop_front().getAsInteger(10, Number);
  return Number;
}

/// One attempt to read a statement as one row.
class Match {
public:
  Match(Op O, ArrayRef<AsmToken> In, AsmResolver Resolve)
      : F(form(O)), In(In), Resolve(Resolve) {
    Result.Opcode = O;
  }

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
    if (In.empty() || (NeedSign && !In.front().is("-") && !In.front().is("+")))
      return false;
    ArrayRef<AsmToken> Rest = In;
    // A single number, by far the most frequent.
    if (Rest.front().K == AsmToken::Number &&
        (Rest.size() == 1 || Rest[1].K == AsmToken::Word)) {
      Value = int64_t(Rest.front().Value);
      In = Rest.drop_front();
      return true;
    }
    std::optional<AsmExpr> E = parseAsmExpr(Rest);
    std::optional<AsmValue> V = E ? evaluate(*E, Resolve) : std::nullopt;
    if (!V || !V->Base.empty())
      return false;
    Value = V->Number;
    In = Rest;
    return true;
  }

  bool symbol() {
    if (In.empty() || In.front().K != AsmToken::Word ||
        isRegisterName(In.front().Text))
      return false;
    if (std::optional<AsmValue> V =
            Resolve({AsmExpr::Node::Symbol, In.front().Text.str(), 0, 0});
        V && V->Base.empty())
      return false; // a name for a number
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
  AsmResolver Resolve;
  bool SeenDst = false, SeenSrc = false;
};

std::vector<AsmTokens> rowPatterns() {
  std::vector<AsmTokens> Patterns(NumOps);
  StringRef Bad;
  for (unsigned R = 0; R < NumOps; ++R)
    tokenize(info(Op(R)).Text, true, Patterns[R], Bad);
  return Patterns;
}

} // namespace

std::optional<AsmStatement>
matchInstruction(ArrayRef<AsmToken> In, AsmResolver Resolve, StringRef &Why) {
  static const std::vector<AsmTokens> Patterns = rowPatterns();
  Why = "unknown instruction";
  for (unsigned R = 0; R < NumOps; ++R) {
    // Most rows differ in the first token.
    if (Patterns[R][0].K != AsmToken::Placeholder &&
        Patterns[R][0].Text != In[0].Text)
      continue;
    Match M(Op(R), In, Resolve);
    if (!M.run(Patterns[R]))
      continue;
    if (!M.OutOfRange)
      return AsmStatement{M.Result, M.Symbol};
    Why = "an operand is too large";
  }
  return std::nullopt;
}

} // namespace bpfcc::isa

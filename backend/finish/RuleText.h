#ifndef BPFCC_BACKEND_FINISH_RULETEXT_H
#define BPFCC_BACKEND_FINISH_RULETEXT_H

// The rows of rules.def, read at compile time.
//
// needs: the text of a row (the head of rules.def explains it)
// gives: a Rule, or why the text is none
//
//   "ra <<= 32; ra s>>= 32"  ->  { LSH_RI a, 32 } { ARSH_RI a, 32 }
//
// An instruction is read by the Text column of isa.def, as the assembler does,
// so a row can hold whatever the table of instructions holds. RuleCheck.h
// makes a rule of what is read.

#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace bpfcc {

/// A register of a row: a variable (`ra` is 0, `rb` is 1), FrameRegister for
/// r10, or NoRegister.
using RuleReg = uint8_t;
constexpr RuleReg MaxRuleRegs = 6, FrameRegister = isa::R10, NoRegister = 0xff;

/// A number of a row: a run of Rule::Nodes in postfix order. Size 0 is none.
struct RuleNumber {
  uint8_t First = 0, Size = 0;
};

struct RuleNode {
  enum Kind : uint8_t {
    Number,   ///< Value
    Constant, ///< `A` is 0, `K` is 10
    Negate,
    Complement,
    Not,
    Low32, ///< u32(): the low half, zero-extended
    Mul,
    Add,
    Sub,
    Shl,
    Shr, ///< keeps the sign
    Less,
    LessEqual,
    Equal,
    NotEqual,
    And,
    Xor,
    Or,
    Both,
    Either,
  } K = Number;
  int64_t Value = 0;
};

/// One instruction over the row's variables. Which fields mean something is
/// said by the row of isa.def.
struct RuleInst {
  isa::Op Op{};
  RuleReg Dst = NoRegister, Src = NoRegister;
  RuleNumber Imm, Off;
};

struct Rule {
  static constexpr unsigned MaxInsts = 4, MaxNodes = 40;

  const char *Name = "";
  const char *Error = nullptr; ///< why the text is no rule
  std::array<RuleInst, MaxInsts> Before{}, After{};
  uint8_t NumBefore = 0, NumAfter = 0;
  uint8_t Dead = 0; ///< bit n: nothing reads variable n later
  uint8_t Cpu = 1;  ///< the first that it is for
  RuleNumber Condition;
  std::array<RuleNode, MaxNodes> Nodes{};
  uint8_t NumNodes = 0;
};

namespace ruletext {

struct Row {
  isa::Op Op;
  std::string_view Text;
  isa::Sem Sem;
  isa::Form Form;
  uint8_t Cpu, Opcode;

  constexpr bool isMove() const {
    return Sem == isa::Sem::MOV || Sem == isa::Sem::MOVSX;
  }
  /// Of arithmetic and jumps: the second operand is a register.
  constexpr bool takesSrc() const {
    return Form == isa::Form::RR || Form == isa::Form::JmpRR;
  }
  constexpr bool isLoad() const { return Form == isa::Form::Load; }
  constexpr bool isStore() const {
    return Form == isa::Form::StoreR || Form == isa::Form::StoreI;
  }
  constexpr bool isJump() const {
    return Form == isa::Form::JmpRR || Form == isa::Form::JmpRI ||
           Op == isa::Op::JA;
  }
  /// Whether rows of rules.def can have it.
  constexpr bool isPlain() const {
    return Form == isa::Form::RR || Form == isa::Form::RI ||
           Form == isa::Form::R || Op == isa::Op::LD_IMM64 ||
           Sem == isa::Sem::LOAD || Sem == isa::Sem::LOADSX ||
           Sem == isa::Sem::STORE || isJump();
  }
  constexpr bool writesDst() const {
    return Form == isa::Form::RR || Form == isa::Form::RI ||
           Form == isa::Form::R || isLoad() || Form == isa::Form::Imm64;
  }
  /// Of ALU and jumps: looks at all of the operands.
  constexpr bool is64() const { return isa::is64(Opcode); }
  /// Of a memory access.
  constexpr unsigned sizeBits() const { return Opcode >> 3 & 3; }
  constexpr bool readsDst() const {
    return !isMove() && !isLoad() && Form != isa::Form::Imm64 &&
           Op != isa::Op::JA;
  }
  constexpr unsigned slots() const { return Form == isa::Form::Imm64 ? 2 : 1; }
};

constexpr Row Rows[] = {
#define INST(Name, Opcode, Key, Value, Form_, Text, Cpu, Sem_)                 \
  {isa::Op::Name, Text, isa::Sem::Sem_, isa::Form::Form_, Cpu, Opcode},
#include "backend/isa/isa.def"
};

constexpr const Row &row(isa::Op O) { return Rows[unsigned(O)]; }

constexpr bool isDigit(char C) { return C >= '0' && C <= '9'; }
constexpr bool isCapital(char C) { return C >= 'A' && C <= 'Z'; }

struct Operator {
  std::string_view Sign;
  RuleNode::Kind K;
  int Level;
};

/// Signs that begin with others stand before those.
constexpr Operator Operators[] = {
    {"<<", RuleNode::Shl, 7},       {">>", RuleNode::Shr, 7},
    {"<=", RuleNode::LessEqual, 6}, {"<", RuleNode::Less, 6},
    {"==", RuleNode::Equal, 5},     {"!=", RuleNode::NotEqual, 5},
    {"&&", RuleNode::Both, 1},      {"||", RuleNode::Either, 0},
    {"&", RuleNode::And, 4},        {"^", RuleNode::Xor, 3},
    {"|", RuleNode::Or, 2},         {"+", RuleNode::Add, 8},
    {"-", RuleNode::Sub, 8},        {"*", RuleNode::Mul, 9},
};

class Reader {
public:
  constexpr Reader(Rule &R, std::string_view In) : R(R), In(In) {}

  constexpr bool insts(std::array<RuleInst, Rule::MaxInsts> &To,
                       uint8_t &Count) {
    while (!atEnd()) {
      if (Count == Rule::MaxInsts || !inst(To[Count++]))
        return false;
      if (!atEnd() && !take(";"))
        return false;
    }
    return true;
  }

  /// `dead(b), K != 0`
  constexpr bool condition() {
    while (!atEnd()) {
      if (take("dead(")) {
        const unsigned Reg = At < In.size() ? unsigned(In[At++] - 'a') : ~0u;
        if (Reg >= MaxRuleRegs || !take(")"))
          return false;
        R.Dead |= uint8_t(1u << Reg);
      } else if (R.Condition.Size || !number(R.Condition))
        return false;
      if (!atEnd() && !take(","))
        return false;
    }
    return true;
  }

private:
  constexpr void skipSpace() {
    while (At < In.size() && In[At] == ' ')
      ++At;
  }
  constexpr bool atEnd() {
    skipSpace();
    return At == In.size();
  }
  constexpr bool take(std::string_view Word) {
    skipSpace();
    if (In.substr(At, Word.size()) != Word)
      return false;
    At += Word.size();
    return true;
  }

  constexpr bool inst(RuleInst &To) {
    const size_t Start = At;
    const uint8_t Nodes = R.NumNodes;
    for (const Row &Candidate : Rows) {
      At = Start;
      R.NumNodes = Nodes;
      To = RuleInst();
      To.Op = Candidate.Op;
      if (operands(Candidate.Text, To) && (atEnd() || In[At] == ';'))
        return true;
    }
    return false;
  }

  /// Reads what a Text of isa.def asks for.
  constexpr bool operands(std::string_view Text, RuleInst &To) {
    while (!Text.empty()) {
      if (Text[0] == ' ') {
        Text.remove_prefix(1);
        skipSpace();
      } else if (Text[0] != '{') {
        if (!take(Text.substr(0, 1)))
          return false;
        Text.remove_prefix(1);
      } else {
        size_t End = Text.find('}');
        if (!operand(Text.substr(1, End - 1), To))
          return false;
        Text.remove_prefix(End + 1);
      }
    }
    return true;
  }

  constexpr bool operand(std::string_view Name, RuleInst &To) {
    if (Name == "d" || Name == "wd")
      return reg(Name[0] == 'w' ? 'w' : 'r', To.Dst);
    if (Name == "s" || Name == "ws")
      return reg(Name[0] == 'w' ? 'w' : 'r', To.Src);
    if (Name == "i")
      return number(To.Imm);
    if (Name == "o") {
      skipSpace();
      return (take("+") || In.substr(At, 1) == "-") && number(To.Off);
    }
    return take("T");
  }

  constexpr bool reg(char Size, RuleReg &To) {
    skipSpace();
    RuleReg Found = NoRegister;
    if (In.substr(At, 3) == "r10" && Size == 'r') {
      At += 3;
      Found = FrameRegister;
    } else if (At + 1 < In.size() && In[At] == Size && In[At + 1] >= 'a' &&
               In[At + 1] < 'a' + MaxRuleRegs) {
      Found = RuleReg(In[At + 1] - 'a');
      At += 2;
    } else
      return false;
    if (To != NoRegister && To != Found)
      return false;
    To = Found;
    return true;
  }

  constexpr bool push(RuleNode::Kind K, int64_t Value = 0) {
    if (R.NumNodes == Rule::MaxNodes)
      return false;
    R.Nodes[R.NumNodes++] = {K, Value};
    return true;
  }

  constexpr bool number(RuleNumber &To) {
    To.First = R.NumNodes;
    if (!binary(0))
      return false;
    To.Size = uint8_t(R.NumNodes - To.First);
    return true;
  }

  constexpr bool binary(int Level) {
    if (!unary())
      return false;
    for (;;) {
      skipSpace();
      const Operator *Found = nullptr;
      for (const Operator &O : Operators)
        if (!Found && In.substr(At, O.Sign.size()) == O.Sign)
          Found = &O;
      if (!Found || Found->Level < Level)
        return true;
      At += Found->Sign.size();
      if (!binary(Found->Level + 1) || !push(Found->K))
        return false;
    }
  }

  constexpr bool unary() {
    if (take("-"))
      return unary() && push(RuleNode::Negate);
    if (take("~"))
      return unary() && push(RuleNode::Complement);
    if (take("!"))
      return unary() && push(RuleNode::Not);
    if (take("u32("))
      return binary(0) && take(")") && push(RuleNode::Low32);
    if (take("("))
      return binary(0) && take(")");
    skipSpace();
    if (At < In.size() && isCapital(In[At]))
      return push(RuleNode::Constant, In[At++] - 'A');
    return literal();
  }

  constexpr bool literal() {
    const bool Hex = In.substr(At, 2) == "0x";
    if (Hex)
      At += 2;
    const size_t Start = At;
    uint64_t Value = 0;
    for (; At < In.size(); ++At) {
      char C = In[At];
      unsigned Digit = isDigit(C)                    ? unsigned(C - '0')
                       : Hex && C >= 'a' && C <= 'f' ? unsigned(C - 'a' + 10)
                                                     : 16;
      if (Digit == 16)
        break;
      Value = Value * (Hex ? 16 : 10) + Digit;
    }
    return At != Start && push(RuleNode::Number, int64_t(Value));
  }

  Rule &R;
  std::string_view In;
  size_t At = 0;
};

} // namespace ruletext
} // namespace bpfcc

#endif

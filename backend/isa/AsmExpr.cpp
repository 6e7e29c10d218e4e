// Expressions: from tokens to postfix, and from postfix to values.

#include "backend/isa/AsmExpr.h"

using namespace llvm;

namespace bpfcc::isa {

using Node = AsmExpr::Node;

bool isRegisterName(StringRef Word) {
  unsigned Number;
  return Word.size() <= 3 &&
         (Word.consume_front("r") || Word.consume_front("w")) &&
         !Word.getAsInteger(10, Number) && Number <= 10 &&
         (Word.size() == 1 || Word.front() != '0');
}

/// 0 for what is no binary operator; more binds tighter.
static unsigned precedence(const AsmToken &T) {
  static constexpr struct {
    StringLiteral Sign;
    unsigned Precedence;
  } Rows[] = {{"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<>", 3},
              {"<", 3},  {"<=", 3}, {">", 3},  {">=", 3}, {"+", 4},
              {"-", 4},  {"|", 5},  {"^", 5},  {"&", 5},  {"*", 6},
              {"/", 6},  {"%", 6},  {"<<", 6}, {">>", 6}};
  if (T.K == AsmToken::Sign)
    for (const auto &Row : Rows)
      if (Row.Sign == T.Text)
        return Row.Precedence;
  return 0;
}

namespace {
class ExprParser {
public:
  ExprParser(ArrayRef<AsmToken> In, uint32_t Labels) : In(In), Labels(Labels) {}

  bool binary(unsigned Least) {
    if (!unary())
      return false;
    while (!In.empty()) {
      unsigned P = precedence(In.front());
      if (P == 0 || P < Least)
        return true;
      AsmToken Sign = In.front();
      ArrayRef<AsmToken> Before = In;
      In = In.drop_front();
      if (!binary(P + 1)) {
        In = Before;
        return true;
      }
      Out.Nodes.push_back({Node::Binary, Sign.Text.str(), 0, 0});
    }
    return true;
  }

  ArrayRef<AsmToken> In;
  AsmExpr Out;

private:
  static constexpr unsigned MaxDepth = 200;

  bool unary() {
    if (In.empty() || Depth == MaxDepth)
      return false;
    AsmToken T = In.front();
    In = In.drop_front();
    if (T.K == AsmToken::Number) {
      Out.Nodes.push_back({Node::Number, {}, T.Value, 0});
      return true;
    }
    if (T.K == AsmToken::Word) {
      if (isRegisterName(T.Text))
        return false;
      Out.Nodes.push_back({Node::Symbol, T.Text.str(), 0, Labels});
      return true;
    }
    ++Depth;
    bool Ok = false;
    if (T.is("(")) {
      Ok = binary(1) && !In.empty() && In.front().is(")");
      if (Ok)
        In = In.drop_front();
    } else if (T.is("-") || T.is("+") || T.is("~") || T.is("!")) {
      Ok = unary();
      Out.Nodes.push_back({Node::Unary, T.Text.str(), 0, 0});
    }
    --Depth;
    return Ok;
  }

  uint32_t Labels;
  unsigned Depth = 0;
};
} // namespace

std::optional<AsmExpr> parseAsmExpr(ArrayRef<AsmToken> &In, uint32_t Labels) {
  ExprParser P(In, Labels);
  if (!P.binary(1))
    return std::nullopt;
  In = P.In;
  return std::move(P.Out);
}

static int64_t unaryValue(StringRef Sign, uint64_t V) {
  switch (Sign.front()) {
  case '-':
    return int64_t(0 - V);
  case '~':
    return int64_t(~V);
  case '!':
    return V == 0;
  default:
    return int64_t(V);
  }
}

static std::optional<int64_t> binaryValue(StringRef Sign, int64_t A,
                                          int64_t B) {
  uint64_t X = uint64_t(A), Y = uint64_t(B);
  auto Truth = [](bool Is) { return Is ? -1 : 0; };
  if (Sign == "+")
    return int64_t(X + Y);
  if (Sign == "-")
    return int64_t(X - Y);
  if (Sign == "*")
    return int64_t(X * Y);
  if (Sign == "|")
    return A | B;
  if (Sign == "&")
    return A & B;
  if (Sign == "^")
    return A ^ B;
  if (Sign == "<<")
    return Y < 64 ? int64_t(X << Y) : 0;
  if (Sign == ">>")
    return Y < 64 ? int64_t(X >> Y) : 0;
  if (Sign == "&&")
    return A && B;
  if (Sign == "||")
    return A || B;
  if (Sign == "==")
    return Truth(A == B);
  if (Sign == "!=" || Sign == "<>")
    return Truth(A != B);
  if (Sign == "<")
    return Truth(A < B);
  if (Sign == "<=")
    return Truth(A <= B);
  if (Sign == ">")
    return Truth(A > B);
  if (Sign == ">=")
    return Truth(A >= B);
  // The one overflow of signed division.
  if (B == 0 || (A == INT64_MIN && B == -1))
    return std::nullopt;
  return Sign == "/" ? A / B : A % B;
}

std::optional<AsmValue> evaluate(const AsmExpr &E, AsmResolver Resolve) {
  std::vector<AsmValue> Stack;
  for (const Node &N : E.Nodes) {
    switch (N.K) {
    case Node::Number:
      Stack.push_back({int64_t(N.Value), {}});
      break;
    case Node::Symbol:
      if (std::optional<AsmValue> V = Resolve(N))
        Stack.push_back(std::move(*V));
      else
        Stack.push_back({0, N.Text});
      break;
    case Node::Unary:
      if (!Stack.back().Base.empty() && N.Text != "+")
        return std::nullopt;
      Stack.back().Number = unaryValue(N.Text, uint64_t(Stack.back().Number));
      break;
    case Node::Binary: {
      AsmValue B = std::move(Stack.back());
      Stack.pop_back();
      AsmValue &A = Stack.back();
      if (N.Text == "-" && A.Base == B.Base)
        A.Base.clear();
      else if (N.Text == "+" && A.Base.empty())
        A.Base = std::move(B.Base);
      else if (!B.Base.empty() ||
               (!A.Base.empty() && N.Text != "+" && N.Text != "-"))
        return std::nullopt;
      std::optional<int64_t> V = binaryValue(N.Text, A.Number, B.Number);
      if (!V)
        return std::nullopt;
      A.Number = *V;
      break;
    }
    }
  }
  return Stack.empty() ? std::nullopt : std::optional(std::move(Stack.back()));
}

} // namespace bpfcc::isa

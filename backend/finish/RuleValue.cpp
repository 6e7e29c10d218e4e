#include "backend/finish/Rules.h"

namespace bpfcc {

int64_t valueOf(const Rule &R, RuleNumber N,
                llvm::ArrayRef<int64_t> Constants) {
  llvm::SmallVector<int64_t, 8> Stack;
  auto Unary = [&](auto F) { Stack.back() = F(Stack.back()); };
  auto Binary = [&](auto F) {
    int64_t B = Stack.pop_back_val();
    Stack.back() = static_cast<int64_t>(F(Stack.back(), B));
  };
  using U = uint64_t;
  for (unsigned At = N.First; At < unsigned(N.First) + N.Size; ++At)
    switch (const RuleNode &Node = R.Nodes[At]; Node.K) {
    case RuleNode::Number:
      Stack.push_back(Node.Value);
      break;
    case RuleNode::Constant:
      Stack.push_back(Constants[Node.Value]);
      break;
    case RuleNode::Negate:
      Unary([](int64_t A) { return -U(A); });
      break;
    case RuleNode::Complement:
      Unary([](int64_t A) { return ~A; });
      break;
    case RuleNode::Not:
      Unary([](int64_t A) { return !A; });
      break;
    case RuleNode::Low32:
      Unary([](int64_t A) { return uint32_t(A); });
      break;
    case RuleNode::Mul:
      Binary([](int64_t A, int64_t B) { return U(A) * U(B); });
      break;
    case RuleNode::Add:
      Binary([](int64_t A, int64_t B) { return U(A) + U(B); });
      break;
    case RuleNode::Sub:
      Binary([](int64_t A, int64_t B) { return U(A) - U(B); });
      break;
    case RuleNode::Shl:
      Binary([](int64_t A, int64_t B) { return U(A) << (B & 63); });
      break;
    case RuleNode::Shr:
      Binary([](int64_t A, int64_t B) { return A >> (B & 63); });
      break;
    case RuleNode::Less:
      Binary([](int64_t A, int64_t B) { return A < B; });
      break;
    case RuleNode::LessEqual:
      Binary([](int64_t A, int64_t B) { return A <= B; });
      break;
    case RuleNode::Equal:
      Binary([](int64_t A, int64_t B) { return A == B; });
      break;
    case RuleNode::NotEqual:
      Binary([](int64_t A, int64_t B) { return A != B; });
      break;
    case RuleNode::And:
      Binary([](int64_t A, int64_t B) { return A & B; });
      break;
    case RuleNode::Xor:
      Binary([](int64_t A, int64_t B) { return A ^ B; });
      break;
    case RuleNode::Or:
      Binary([](int64_t A, int64_t B) { return A | B; });
      break;
    case RuleNode::Both:
      Binary([](int64_t A, int64_t B) { return A && B; });
      break;
    case RuleNode::Either:
      Binary([](int64_t A, int64_t B) { return A || B; });
      break;
    }
  return Stack.back();
}

} // namespace bpfcc

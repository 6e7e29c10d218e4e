// Proofs by Z3 over vectors of 64 bits.
//
// needs: a Rule
// gives: whether registers, memory, constants exist for which it is wrong
//
// Both sides run on the same variables; memory is an array from addresses to
// bytes. The rule is wrong if Z3 finds a state in which the condition holds,
// all numbers fit their fields, and a register that is not dead, a byte of
// memory or the way of the jump differs.

#include "tools/superopt/Prover.h"

#include "tools/superopt/Semantics.h"

#include <z3++.h>

namespace bpfcc::superopt {

namespace {

struct Symbolic {
  using Value = z3::expr;
  using Bool = z3::expr;
  using Memory = z3::expr;
  using Registers = std::vector<Value>;

  z3::context &Z;
  bool BigEndian = false;

  Value number(uint64_t V) { return Z.bv_val(V, 64); }
  Value add(const Value &A, const Value &B) { return A + B; }
  Value sub(const Value &A, const Value &B) { return A - B; }
  Value mul(const Value &A, const Value &B) { return A * B; }
  Value udiv(const Value &A, const Value &B) { return z3::udiv(A, B); }
  Value urem(const Value &A, const Value &B) { return z3::urem(A, B); }
  Value sdiv(const Value &A, const Value &B) { return A / B; }
  Value srem(const Value &A, const Value &B) { return z3::srem(A, B); }
  Value bor(const Value &A, const Value &B) { return A | B; }
  Value band(const Value &A, const Value &B) { return A & B; }
  Value bxor(const Value &A, const Value &B) { return A ^ B; }
  Value shl(const Value &A, const Value &B) { return z3::shl(A, B); }
  Value lshr(const Value &A, const Value &B) { return z3::lshr(A, B); }
  Value ashr(const Value &A, const Value &B) { return z3::ashr(A, B); }
  Value zext(const Value &A, unsigned Bits) {
    return Bits == 64 ? A : z3::zext(A.extract(Bits - 1, 0), 64 - Bits);
  }
  Value sext(const Value &A, unsigned Bits) {
    return Bits == 64 ? A : z3::sext(A.extract(Bits - 1, 0), 64 - Bits);
  }
  Value swap(const Value &A, unsigned Bits) {
    z3::expr_vector Bytes(Z);
    for (unsigned N = 0; N < Bits; N += 8)
      Bytes.push_back(A.extract(N + 7, N));
    return widen(z3::concat(Bytes));
  }
  Value choose(const Bool &C, const Value &A, const Value &B) {
    return z3::ite(C, A, B);
  }
  Bool equal(const Value &A, const Value &B) { return A == B; }
  Bool less(const Value &A, const Value &B) { return z3::ult(A, B); }
  Bool signedLess(const Value &A, const Value &B) { return z3::slt(A, B); }
  Bool negate(const Bool &A) { return !A; }

  Value load(const Memory &M, const Value &At, unsigned Bits) {
    z3::expr_vector Bytes(Z);
    for (unsigned N = Bits; N > 0; N -= 8)
      Bytes.push_back(z3::select(M, At + number(place(N - 8, Bits))));
    return widen(Bits == 8 ? Bytes[0] : z3::concat(Bytes));
  }
  void store(Memory &M, const Value &At, const Value &V, unsigned Bits) {
    for (unsigned N = 0; N < Bits; N += 8)
      M = z3::store(M, At + number(place(N, Bits)), V.extract(N + 7, N));
  }

private:
  static Value widen(const Value &V) {
    unsigned Bits = V.get_sort().bv_size();
    return Bits == 64 ? V : z3::zext(V, 64 - Bits);
  }
  unsigned place(unsigned Bit, unsigned Bits) const {
    return (BigEndian ? Bits - 8 - Bit : Bit) / 8;
  }
};

class RuleProver {
public:
  RuleProver(const Rule &R, bool BigEndian, unsigned Milliseconds)
      : R(R), Dom{Z, BigEndian}, Solver(Z) {
    z3::params Params(Z);
    Params.set("timeout", Milliseconds);
    Solver.set(Params);
    for (unsigned N = 0; N < 26; ++N)
      Constants.push_back(variable(std::string(1, char('A' + N))));
  }

  Proof run() {
    Computation<Symbolic> Before = start();
    Computation<Symbolic> After = Before;
    steps(Before, R.Before, R.NumBefore);
    steps(After, R.After, R.NumAfter);
    if (R.Condition.Size)
      Solver.add(isTrue(value(R.Condition)));
    z3::expr Differs = Z.bool_val(false);
    for (unsigned N = 0; N < MaxRuleRegs; ++N)
      if (!(R.Dead >> N & 1))
        Differs = Differs || Before.Regs[N] != After.Regs[N];
    // Compared at one address that is any.
    z3::expr At = variable("address");
    Differs = Differs ||
              z3::select(Before.Memory, At) != z3::select(After.Memory, At);
    if (Before.Jumps)
      Differs = Differs || *Before.Jumps != *After.Jumps;
    Solver.add(Differs);
    switch (Solver.check()) {
    case z3::unsat:
      return {Proof::Proved, ""};
    case z3::unknown:
      return {Proof::Unknown, Solver.reason_unknown()};
    case z3::sat:
      return {Proof::Refuted, counterexample()};
    }
    return {Proof::Unknown, ""};
  }

private:
  z3::expr variable(const std::string &Name) {
    return Z.bv_const(Name.c_str(), 64);
  }
  z3::expr isTrue(const z3::expr &V) { return V != Dom.number(0); }

  Computation<Symbolic> start() {
    Computation<Symbolic> M{
        Dom,
        {},
        Z.constant("memory", Z.array_sort(Z.bv_sort(64), Z.bv_sort(8))),
        {}};
    for (unsigned N = 0; N < MaxRuleRegs; ++N)
      M.Regs.push_back(variable(std::string("r") + char('a' + N)));
    M.Regs.push_back(variable("r10"));
    return M;
  }

  void steps(Computation<Symbolic> &M,
             const std::array<RuleInst, Rule::MaxInsts> &Insts,
             unsigned Count) {
    for (unsigned N = 0; N < Count; ++N) {
      const RuleInst &I = Insts[N];
      M.step(I, field(I.Imm, I.Op == isa::Op::LD_IMM64 ? 64 : 32),
             field(I.Off, 16));
    }
  }

  /// The value of a field of so many bits; the rule is for numbers that fit.
  z3::expr field(RuleNumber N, unsigned Bits) {
    if (N.Size == 0)
      return Dom.number(0);
    z3::expr V = value(N);
    Solver.add(Dom.sext(V, Bits) == V);
    return V;
  }

  z3::expr value(RuleNumber N) {
    std::vector<z3::expr> Stack;
    for (unsigned At = N.First; At < unsigned(N.First) + N.Size; ++At)
      push(Stack, R.Nodes[At]);
    return Stack.back();
  }

  void push(std::vector<z3::expr> &Stack, const RuleNode &Node) {
    auto Pop = [&] {
      z3::expr E = Stack.back();
      Stack.pop_back();
      return E;
    };
    auto Truth = [&](const z3::expr &E) {
      return z3::ite(E, Dom.number(1), Dom.number(0));
    };
    if (Node.K == RuleNode::Number)
      return Stack.push_back(Dom.number(uint64_t(Node.Value)));
    if (Node.K == RuleNode::Constant)
      return Stack.push_back(Constants[unsigned(Node.Value)]);
    z3::expr B = Pop();
    switch (Node.K) {
    case RuleNode::Negate:
      return Stack.push_back(-B);
    case RuleNode::Complement:
      return Stack.push_back(~B);
    case RuleNode::Not:
      return Stack.push_back(Truth(!isTrue(B)));
    case RuleNode::Low32:
      return Stack.push_back(Dom.zext(B, 32));
    default:
      break;
    }
    z3::expr A = Pop();
    z3::expr Shift = B & Dom.number(63);
    switch (Node.K) {
    case RuleNode::Mul:
      return Stack.push_back(A * B);
    case RuleNode::Add:
      return Stack.push_back(A + B);
    case RuleNode::Sub:
      return Stack.push_back(A - B);
    case RuleNode::Shl:
      return Stack.push_back(z3::shl(A, Shift));
    case RuleNode::Shr:
      return Stack.push_back(z3::ashr(A, Shift));
    case RuleNode::Less:
      return Stack.push_back(Truth(z3::slt(A, B)));
    case RuleNode::LessEqual:
      return Stack.push_back(Truth(z3::sle(A, B)));
    case RuleNode::Equal:
      return Stack.push_back(Truth(A == B));
    case RuleNode::NotEqual:
      return Stack.push_back(Truth(A != B));
    case RuleNode::And:
      return Stack.push_back(A & B);
    case RuleNode::Xor:
      return Stack.push_back(A ^ B);
    case RuleNode::Or:
      return Stack.push_back(A | B);
    case RuleNode::Both:
      return Stack.push_back(Truth(isTrue(A) && isTrue(B)));
    default:
      return Stack.push_back(Truth(isTrue(A) || isTrue(B)));
    }
  }

  /// `ra=0x1 K=0x20`, of what the rule mentions and Z3 gave a value.
  std::string counterexample() {
    z3::model Model = Solver.get_model();
    std::string Text;
    for (unsigned N = 0; N < Model.num_consts(); ++N) {
      z3::func_decl D = Model.get_const_decl(N);
      if (!D.range().is_bv())
        continue;
      uint64_t V = 0;
      Model.get_const_interp(D).is_numeral_u64(V);
      Text += (Text.empty() ? "" : " ") + D.name().str() + "=" +
              std::to_string(int64_t(V));
    }
    return Text;
  }

  const Rule &R;
  z3::context Z;
  Symbolic Dom;
  z3::solver Solver;
  std::vector<z3::expr> Constants;
};

} // namespace

Proof prove(const Rule &R, unsigned Milliseconds) {
  for (bool BigEndian : {false, true})
    if (Proof P = RuleProver(R, BigEndian, Milliseconds).run();
        P.V != Proof::Proved)
      return P;
  return {Proof::Proved, ""};
}

} // namespace bpfcc::superopt

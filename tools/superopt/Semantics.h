#ifndef BPFCC_TOOLS_SUPEROPT_SEMANTICS_H
#define BPFCC_TOOLS_SUPEROPT_SEMANTICS_H

// What the instructions of rules do, over numbers of any kind.
//
// A domain D gives 64-bit values, truth values and memory: numbers to try with
// (Concrete.h), or terms of a prover (ProverZ3.cpp). Both run the one text
// below, which a test compares with the interpreter, so that what is proved is
// what BPF does.

#include "backend/finish/RuleText.h"

#include <optional>
#include <vector>

namespace bpfcc::superopt {

using isa::Sem;

/// Registers, memory and the way of a jump.
template <typename D> struct Computation {
  using Value = typename D::Value;
  using Bool = typename D::Bool;

  D &Dom;
  typename D::Registers Regs; ///< variables of the rule, then r10
  typename D::Memory Memory;
  std::optional<Bool> Jumps; ///< to T; set by a jump

  static constexpr RuleReg FrameIndex = MaxRuleRegs;
  Value &reg(RuleReg R) { return Regs[R == FrameRegister ? FrameIndex : R]; }

  void step(const RuleInst &I, const Value &Imm, const Value &Off) {
    const isa::Meaning &M = isa::meaning(I.Op);
    switch (M.What) {
    case Sem::LOAD:
    case Sem::LOADSX: {
      Value Loaded = Dom.load(Memory, Dom.add(reg(I.Src), Off), M.Bits);
      reg(I.Dst) = M.What == Sem::LOADSX ? Dom.sext(Loaded, M.Bits) : Loaded;
      return;
    }
    case Sem::STORE:
      Dom.store(Memory, Dom.add(reg(I.Dst), Off),
                I.Src == NoRegister ? Imm : reg(I.Src), M.Bits);
      return;
    case Sem::LD_IMM64:
      reg(I.Dst) = Imm;
      return;
    case Sem::JA:
      Jumps = Dom.equal(Imm, Imm);
      return;
    default:
      break;
    }
    const bool IsJump = ruletext::row(I.Op).isJump();
    Value B = ruletext::row(I.Op).takesSrc() ? reg(I.Src) : Imm;
    if (!M.Is64)
      B = cut(B, IsJump || M.What != Sem::MOVSX, isSigned(M.What));
    if (IsJump) {
      Value A = M.Is64 ? reg(I.Dst) : cut(reg(I.Dst), true, isSigned(M.What));
      Jumps = test(M.What, A, B);
      return;
    }
    Value A = M.Is64 || isSwap(M.What)
                  ? reg(I.Dst)
                  : cut(reg(I.Dst), true, isSigned(M.What));
    Value Result = arithmetic(M, A, B);
    reg(I.Dst) = M.Is64 || isSwap(M.What) ? Result : Dom.zext(Result, 32);
  }

private:
  static bool isSwap(Sem S) {
    return S == Sem::LE || S == Sem::BE || S == Sem::BSWAP;
  }
  static bool isSigned(Sem S) {
    switch (S) {
    case Sem::ARSH:
    case Sem::SDIV:
    case Sem::SMOD:
    case Sem::JSGT:
    case Sem::JSGE:
    case Sem::JSLT:
    case Sem::JSLE:
      return true;
    default:
      return false;
    }
  }

  Value cut(const Value &V, bool Cuts, bool Signed) {
    if (!Cuts)
      return V;
    return Signed ? Dom.sext(V, 32) : Dom.zext(V, 32);
  }

  Value arithmetic(const isa::Meaning &M, const Value &A, const Value &B) {
    const Value Zero = Dom.number(0);
    Value Shift = Dom.band(B, Dom.number(M.Is64 ? 63 : 31));
    switch (M.What) {
    case Sem::ADD:
      return Dom.add(A, B);
    case Sem::SUB:
      return Dom.sub(A, B);
    case Sem::MUL:
      return Dom.mul(A, B);
    case Sem::DIV:
      return Dom.choose(Dom.equal(B, Zero), Zero, Dom.udiv(A, B));
    case Sem::MOD:
      return Dom.choose(Dom.equal(B, Zero), A, Dom.urem(A, B));
    case Sem::SDIV:
      return Dom.choose(Dom.equal(B, Zero), Zero, Dom.sdiv(A, B));
    case Sem::SMOD:
      return Dom.choose(Dom.equal(B, Zero), A, Dom.srem(A, B));
    case Sem::OR:
      return Dom.bor(A, B);
    case Sem::AND:
      return Dom.band(A, B);
    case Sem::XOR:
      return Dom.bxor(A, B);
    case Sem::LSH:
      return Dom.shl(A, Shift);
    case Sem::RSH:
      return Dom.lshr(A, Shift);
    case Sem::ARSH:
      return Dom.ashr(A, Shift);
    case Sem::MOV:
      return B;
    case Sem::MOVSX:
      return Dom.sext(B, M.Bits);
    case Sem::NEG:
      return Dom.sub(Zero, A);
    case Sem::BSWAP:
      return Dom.swap(A, M.Bits);
    case Sem::LE:
      return Dom.BigEndian ? Dom.swap(A, M.Bits) : Dom.zext(A, M.Bits);
    case Sem::BE:
      return Dom.BigEndian ? Dom.zext(A, M.Bits) : Dom.swap(A, M.Bits);
    default:
      return Zero;
    }
  }

  Bool test(Sem S, const Value &A, const Value &B) {
    switch (S) {
    case Sem::JEQ:
      return Dom.equal(A, B);
    case Sem::JNE:
      return Dom.negate(Dom.equal(A, B));
    case Sem::JSET:
      return Dom.negate(Dom.equal(Dom.band(A, B), Dom.number(0)));
    case Sem::JGT:
      return Dom.less(B, A);
    case Sem::JGE:
      return Dom.negate(Dom.less(A, B));
    case Sem::JLT:
      return Dom.less(A, B);
    case Sem::JLE:
      return Dom.negate(Dom.less(B, A));
    case Sem::JSGT:
      return Dom.signedLess(B, A);
    case Sem::JSGE:
      return Dom.negate(Dom.signedLess(A, B));
    case Sem::JSLT:
      return Dom.signedLess(A, B);
    default:
      return Dom.negate(Dom.signedLess(B, A));
    }
  }
};

} // namespace bpfcc::superopt

#endif

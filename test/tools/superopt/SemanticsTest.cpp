// The meaning of instructions that rules are proved with is the interpreter's.

#include "test/runtime/interp/Build.h"
#include "tools/superopt/Concrete.h"

using namespace bpfcc;
using namespace bpfcc::superopt;

namespace {

/// What the interpreter leaves in r1, or 1 for a jump that is taken.
uint64_t interpreted(const isa::Inst &I, uint64_t A, uint64_t B,
                     bool BigEndian) {
  const bool IsJump = ruletext::row(I.Opcode).isJump();
  std::vector<isa::Inst> Insts = {
      {isa::Op::LD_IMM64, isa::R1, 0, 0, int64_t(A)},
      {isa::Op::LD_IMM64, isa::R2, 0, 0, int64_t(B)},
      {isa::Op::STDW, isa::R10, 0, -8, 0x12345678},
      {isa::Op::MOV_RI, isa::R0, 0, 0, 1},
      I};
  if (IsJump)
    Insts.insert(Insts.end(),
                 {{isa::Op::MOV_RI, isa::R0, 0, 0, 0}, {isa::Op::EXIT}});
  else if (ruletext::row(I.Opcode).isStore())
    Insts.insert(Insts.end(),
                 {{isa::Op::LDXDW, isa::R0, isa::R10, -8}, {isa::Op::EXIT}});
  else
    Insts.insert(Insts.end(),
                 {{isa::Op::MOV_RR, isa::R0, isa::R1}, {isa::Op::EXIT}});
  std::vector<uint8_t> Frame(64);
  auto R = test::runXdp(test::program(Insts, BigEndian), Frame);
  if (!R) {
    ADD_FAILURE() << takeMessages(R.takeError());
    return 0;
  }
  return R->R0;
}

uint64_t computed(const isa::Inst &I, uint64_t A, uint64_t B, bool BigEndian) {
  const ruletext::Row &Row = ruletext::row(I.Opcode);
  Concrete Dom{BigEndian};
  Computation<Concrete> M{Dom, {A, B}, {}, {}};
  auto Reg = [](uint8_t R) -> RuleReg {
    return R == isa::R10 ? FrameRegister : RuleReg(R - isa::R1);
  };
  RuleInst Init;
  Init.Op = isa::Op::STDW;
  Init.Dst = FrameRegister;
  M.step(Init, 0x12345678, uint64_t(-8));
  RuleInst P;
  P.Op = I.Opcode;
  P.Dst = Reg(I.Dst);
  if (Row.Form != isa::Form::RI && Row.Form != isa::Form::R &&
      Row.Form != isa::Form::JmpRI && Row.Form != isa::Form::StoreI &&
      Row.Form != isa::Form::Imm64)
    P.Src = Reg(I.Src);
  M.step(P, uint64_t(I.Imm), uint64_t(int64_t(I.Off)));
  if (Row.isJump())
    return *M.Jumps;
  if (Row.isStore())
    return Dom.load(M.Memory, M.Regs[Computation<Concrete>::FrameIndex] - 8,
                    64);
  return M.Regs[0];
}

isa::Inst example(const ruletext::Row &Row, int64_t Imm) {
  isa::Inst I{Row.Op, isa::R1, isa::R2, 0, Imm};
  switch (Row.Form) {
  case isa::Form::RI:
  case isa::Form::Imm64:
    I.Src = 0;
    break;
  case isa::Form::R:
    I.Src = 0;
    I.Imm = 0;
    break;
  case isa::Form::Load:
    I = {Row.Op, isa::R1, isa::R10, -8, 0};
    break;
  case isa::Form::StoreR:
    I = {Row.Op, isa::R10, isa::R2, -8, 0};
    break;
  case isa::Form::StoreI:
    I = {Row.Op, isa::R10, 0, -8, Imm};
    break;
  case isa::Form::JmpRR:
    I = {Row.Op, isa::R1, isa::R2, 1, 0};
    break;
  case isa::Form::JmpRI:
    I = {Row.Op, isa::R1, 0, 1, Imm};
    break;
  case isa::Form::Jmp:
    return {Row.Op, 0, 0, 1, 0};
  default:
    I.Imm = 0;
    break;
  }
  return I;
}

TEST(Semantics, AreTheInterpreters) {
  Random Numbers(7);
  for (const ruletext::Row &Row : ruletext::Rows) {
    if (!Row.isPlain())
      continue;
    for (int Try = 0; Try < 60; ++Try) {
      uint64_t A = Numbers.value(), B = Numbers.value();
      isa::Inst I = example(Row, int32_t(Numbers.value()));
      if (Row.Op == isa::Op::JA)
        A = B = 0;
      bool BigEndian = Try & 1;
      ASSERT_EQ(computed(I, A, B, BigEndian), interpreted(I, A, B, BigEndian))
          << Row.Text.data() << " on " << A << ", " << B << ", " << I.Imm;
    }
  }
}

} // namespace

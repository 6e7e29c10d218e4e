// What rules.def may say, and what applying it costs.

#include "backend/finish/Rules.h"

#include "gtest/gtest.h"

using namespace bpfcc;

namespace {

std::string whyNot(std::string_view Before, std::string_view After,
                   std::string_view Condition = "", unsigned Cpu = 4) {
  const char *Error = readRule("R", Before, After, Condition, Cpu).Error;
  return Error ? Error : "";
}

TEST(RuleText, ReadsInstructionsByTheirText) {
  Rule R = readRule("R", "ra = K ll; *(u64 *)(rb - 8) = ra",
                    "*(u64 *)(rb - 8) = K", "dead(a), K != 0", 4);
  ASSERT_EQ(R.Error, nullptr) << R.Error;
  ASSERT_EQ(R.NumBefore, 2);
  EXPECT_EQ(R.Before[0].Op, isa::Op::LD_IMM64);
  EXPECT_EQ(R.Before[1].Op, isa::Op::STXDW);
  EXPECT_EQ(R.Before[1].Dst, 1);
  EXPECT_EQ(R.Before[1].Src, 0);
  EXPECT_EQ(valueOf(R, R.Before[1].Off, {}), -8);
  ASSERT_EQ(R.NumAfter, 1);
  EXPECT_EQ(R.After[0].Op, isa::Op::STDW);
  EXPECT_EQ(R.Dead, 1);
}

TEST(RuleText, ComputesWithTheOperatorsOfC) {
  auto Value = [](std::string_view Text, int64_t A = 0, int64_t B = 0) {
    Rule R = readRule("R", "ra += A; ra += B", "ra += B", Text, 3);
    EXPECT_EQ(R.Error, nullptr) << Text;
    return valueOf(R, R.Condition, {A, B});
  };
  EXPECT_EQ(Value("1 + 2 * 3"), 7);
  EXPECT_EQ(Value("(1 + 2) * 3 - A", 2), 7);
  EXPECT_EQ(Value("1 << 2 + 3"), 32);
  EXPECT_EQ(Value("A >> 1", -8), -4);
  EXPECT_EQ(Value("u32(~A)", 0), 0xffffffff);
  EXPECT_EQ(Value("A & 6 | B ^ 1", 3, 8), 11);
  EXPECT_EQ(Value("A < B && !(B <= A)", -1, 0), 1);
  EXPECT_EQ(Value("A == B || A != -B", 5, 5), 1);
}

TEST(RuleText, RefusesWhatNoPassMayApply) {
  EXPECT_EQ(whyNot("ra += A; ra += B", "ra += A + B"), "");
  EXPECT_NE(whyNot("", "ra = 0"), "");
  EXPECT_NE(whyNot("ra +== A", ""), "");
  EXPECT_NE(whyNot("ra = 0; rb = 0", "ra = 0", "dead(b"), "");
  EXPECT_NE(whyNot("call 1; ra = 0", "ra = 0"), "");
  EXPECT_EQ(whyNot("ra += A", "ra += A"), "does not shorten");
  EXPECT_EQ(whyNot("ra = 0; ra = 1", "ra = rb"), "reads what was not read");
  EXPECT_EQ(whyNot("ra = 1; rb += ra", "ra += 1"), "reads what was not read");
  EXPECT_EQ(whyNot("ra += rb; ra += 1", "rb += ra"),
            "writes what was not written");
  EXPECT_EQ(whyNot("ra += 1; ra += 2", "ra += K"),
            "has a constant that stands for nothing");
  EXPECT_EQ(whyNot("ra <<= 32; ra s>>= 32", "ra = (s32)ra", "", 3),
            "makes an instruction of a later CPU");
  EXPECT_EQ(whyNot("wa = *(u16 *)(rb + O); wa &= 255", "wa = *(u8 *)(rb + O)"),
            "accesses memory as it was not");
  EXPECT_EQ(whyNot("*(u8 *)(ra + 0) = 0; *(u8 *)(ra + 1) = 0",
                   "*(u16 *)(ra + 0) = 0"),
            "accesses memory as it was not");
  EXPECT_EQ(whyNot("rb = ra; ra &= 7; rb &= 7", "ra &= 7; rb = ra"), "");
  EXPECT_EQ(whyNot("rb = ra; ra += rb; ra -= rb", "wa += 0; rb = ra"),
            "takes what may be a pointer for a number");
  EXPECT_EQ(whyNot("ra -= rb; wa >>= 3; wa &= 1", "wa -= wb; wa >>= 3"),
            "takes what may be a pointer for a number");
  EXPECT_EQ(whyNot("if ra == 0 goto T; ra = 0", "ra = 0"),
            "goes on behind a jump");
}

mir::Inst make(mir::Opcode Op, mir::Reg Def, mir::Reg Use, int64_t Imm) {
  mir::Inst I;
  I.Op = Op;
  I.Defs = {Def};
  I.Uses = {Use};
  I.Imm = Imm;
  return I;
}

/// Instructions of \p Length, where a pair that fits is far apart or spoilt.
mir::Function pairs(size_t Length) {
  mir::Function F;
  F.Blocks.emplace_back();
  std::vector<mir::Inst> &Insts = F.Blocks[0].Insts;
  while (Insts.size() < Length) {
    Insts.push_back(make(mir::LSH_RI, isa::R1, isa::R1, 32));
    Insts.push_back(make(mir::ADD_RI, isa::R2, isa::R2, 1));
    Insts.push_back(make(mir::ARSH_RI, isa::R1, isa::R1, 32));
  }
  mir::Inst Exit;
  Exit.Op = mir::EXIT;
  Insts.push_back(Exit);
  return F;
}

TEST(Rules, TakeLongBlocksInTheirStride) {
  mir::Function F = pairs(300000);
  const size_t Length = F.Blocks[0].Insts.size();
  applyRules(F, 4);
  EXPECT_EQ(F.Blocks[0].Insts.size(), (Length - 1) / 3 * 2 + 1);
}

} // namespace

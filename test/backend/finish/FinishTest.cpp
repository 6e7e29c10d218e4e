#include "backend/finish/Finish.h"
#include "backend/isa/Disassembler.h"
#include "support/Diagnostic.h"

#include "gtest/gtest.h"

using namespace bpfcc;

namespace {

std::string listing(const CodeFunction &Code) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  for (const isa::Inst &I : Code.Insts) {
    isa::print(OS, I, {});
    OS << '\n';
  }
  return Text;
}

mir::Inst make(mir::Opcode Op, std::initializer_list<mir::Reg> Defs,
               std::initializer_list<mir::Reg> Uses, int64_t Imm = 0,
               std::initializer_list<mir::BlockId> Targets = {}) {
  mir::Inst I;
  I.Op = Op;
  I.Defs = Defs;
  I.Uses = Uses;
  I.Imm = Imm;
  I.Targets = Targets;
  return I;
}

mir::Function function(std::vector<std::vector<mir::Inst>> Blocks) {
  mir::Function F;
  F.Name = "f";
  for (auto &Insts : Blocks) {
    mir::Block B;
    B.Insts = std::move(Insts);
    F.Blocks.push_back(std::move(B));
  }
  return F;
}

std::string finished(mir::Function F, unsigned Cpu = 3) {
  FinishOptions Options;
  Options.Cpu = Cpu;
  llvm::Expected<CodeFunction> Code = finish(std::move(F), Options);
  if (!Code)
    return llvm::toString(Code.takeError());
  return listing(*Code);
}

} // namespace

TEST(Finish, TiesTheFirstOperandToTheResult) {
  EXPECT_EQ(finished(function(
                {{make(mir::SUB_RR, {0}, {1, 2}), make(mir::EXIT, {}, {0})}})),
            "r0 = r1\nr0 -= r2\nexit\n");
}

TEST(Finish, SwapsACommutativeOperationInsteadOfCopying) {
  EXPECT_EQ(finished(function(
                {{make(mir::ADD_RR, {2}, {1, 2}), make(mir::MOV_RR, {0}, {2}),
                  make(mir::MUL_RR, {0}, {0, 2}), make(mir::EXIT, {}, {0})}})),
            "r2 += r1\nr0 = r2\nr0 *= r2\nexit\n");
}

TEST(Finish, InvertsTheJumpWhoseTargetFollows) {
  EXPECT_EQ(
      finished(function(
          {{make(mir::JEQ_RI, {}, {1}, 7, {1, 2})},
           {make(mir::MOV_RI, {0}, {}, 1), make(mir::ADD_RI, {0}, {0}, 1),
            make(mir::EXIT, {}, {0})},
           {make(mir::MOV_RI, {0}, {}, 2), make(mir::EXIT, {}, {0})}})),
      "if r1 == 0x7 goto +0x2\nr0 = 0x2\nexit\nr0 = 0x1\nr0 += 0x1\nexit\n");
}

TEST(Finish, MergesEqualExits) {
  EXPECT_EQ(finished(function(
                {{make(mir::JEQ_RI, {}, {1}, 7, {1, 2})},
                 {make(mir::MOV_RI, {0}, {}, 1), make(mir::JA, {}, {}, 0, {3})},
                 {make(mir::MOV_RI, {0}, {}, 1), make(mir::JA, {}, {}, 0, {3})},
                 {make(mir::EXIT, {}, {0})}})),
            "r0 = 0x1\nexit\n");
}

TEST(Finish, CountsTheSlotsOfALongFunction) {
  mir::Inst Wide = make(mir::LD_IMM64, {0}, {}, 1);
  FinishOptions Options;
  for (uint32_t Max : {3u, 2u}) {
    Options.MaxSlots = Max;
    auto Code = finish(function({{Wide, make(mir::EXIT, {}, {0})}}), Options);
    std::string Text = llvm::toString(Code.takeError());
    if (Max == 3)
      EXPECT_EQ(Text, "");
    else
      EXPECT_NE(Text.find("`f` has 3 instructions, the limit is 2"),
                std::string::npos);
  }
}

TEST(Finish, ATooLargeFrameNamesItsVariables) {
  mir::Function F =
      function({{make(mir::FRAME_ADDR, {0}, {}), make(mir::EXIT, {}, {0})}});
  F.Frame.push_back({600, 8, "buffer", false, 0});
  F.Blocks[0].Insts[0].Frame = 0;
  std::string Text = finished(std::move(F));
  EXPECT_NE(Text.find("needs 600 bytes, the limit is 512"), std::string::npos);
  EXPECT_NE(Text.find("`buffer` 600 bytes"), std::string::npos);
}

TEST(Finish, AssemblyThatExitsNeedsNothingAfterIt) {
  mir::Function F = function(
      {{make(mir::INLINE_ASM, {}, {}), make(mir::UNREACHABLE, {}, {})}});
  F.Asms.push_back({"r0 = 5; exit", {}, 0});
  F.Blocks[0].Insts[0].Extra = 0;
  EXPECT_EQ(finished(std::move(F)), "r0 = 0x5\nexit\n");
}

TEST(Finish, PutsOperandsIntoAssembly) {
  using Operand = mir::AsmBlock::Operand;
  mir::Function F =
      function({{make(mir::INLINE_ASM, {3}, {3, 4}),
                 make(mir::MOV_RR, {0}, {3}), make(mir::EXIT, {}, {0})}});
  mir::AsmBlock A;
  A.Text = "$0 += $1\n\t${0:w} += $2\n\t*(u64 *)$3 = $0";
  A.Operands.resize(4);
  A.Operands[0].K = Operand::Def;
  A.Operands[1].K = Operand::Use;
  A.Operands[1].Index = 1;
  A.Operands[2].K = Operand::Imm;
  A.Operands[2].Value = 12;
  A.Operands[3].K = Operand::Memory;
  A.Operands[3].Frame = 0;
  F.Asms.push_back(A);
  F.Frame.push_back({8, 8, "x", false, 0});
  F.Blocks[0].Insts[0].Extra = 0;
  EXPECT_EQ(finished(std::move(F)), "r3 += r4\nw3 += 0xc\n"
                                    "*(u64 *)(r10 - 0x8) = r3\n"
                                    "r0 = r3\nexit\n");
}

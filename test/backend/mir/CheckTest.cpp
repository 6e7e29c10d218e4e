#include "backend/mir/Check.h"
#include "backend/mir/Cfg.h"
#include "backend/mir/Text.h"

#include "gtest/gtest.h"

#include <random>

using namespace bpfcc;
using namespace bpfcc::mir;

namespace {

/// What check() says of a function with \p Blocks, or "".
std::string verdict(const std::string &Blocks, Form What,
                    llvm::StringRef Header = "") {
  auto All = parse("func @f {\n" + Header.str() + Blocks + "\n}", "t.mir");
  if (!All)
    return llvm::toString(All.takeError());
  llvm::Error E = check(All->front(), What, "test");
  return E ? llvm::toString(std::move(E)) : "";
}

void expectSsa(const std::string &Blocks, llvm::StringRef Why) {
  std::string Got = verdict(Blocks, Form::Ssa);
  EXPECT_NE(Got.find(Why.str()), std::string::npos) << Got;
}

void expectAllocated(const std::string &Blocks, llvm::StringRef Why) {
  std::string Got = verdict(Blocks, Form::Allocated);
  EXPECT_NE(Got.find(Why.str()), std::string::npos) << Got;
}

} // namespace

TEST(MirCheck, AcceptsSsa) {
  EXPECT_EQ(
      verdict("bb0:\n %16 = arg 0\n %17 = MOV_RI 0\n JA bb1\n"
              "bb1: preds bb0, bb2\n %18 = phi %17, %19\n"
              " JGT_RI %18, 9, bb3, bb2\n"
              "bb2: preds bb1\n %19 = ADD_RI %18, 1\n STXDW r10, -8, %19\n"
              " JA bb1\n"
              "bb3: preds bb1\n EXIT %18",
              Form::Ssa),
      "");
}

TEST(MirCheck, RefusesBrokenSsa) {
  expectSsa("bb0:\n %16 = MOV_RI 0\n %16 = MOV_RI 1\n EXIT", "second def");
  expectSsa("bb0:\n EXIT %16", "%16 has no def");
  expectSsa("bb0:\n %16 = ADD_RI %17, 1\n %17 = MOV_RI 1\n EXIT",
            "the def of %17 does not dominate its use");
  expectSsa("bb0:\n %16 = arg 0\n JEQ_RI %16, 0, bb1, bb2\n"
            "bb1:\n %17 = MOV_RI 1\n JA bb2\nbb2:\n EXIT %17",
            "bb2, instruction 0 (EXIT): the def of %17 does not dominate");
  expectSsa("bb0:\n %16 = arg 0\n JEQ_RI %16, 0, bb1, bb2\n"
            "bb1: preds bb0\n %17 = MOV_RI 1\n JA bb2\n"
            "bb2: preds bb0, bb1\n %18 = phi %17, %16\n EXIT %18",
            "does not dominate");
  expectSsa("bb0:\n r1 = MOV_RI 0\n EXIT", "a result in no virtual register");
}

TEST(MirCheck, RefusesBrokenShapes) {
  expectSsa("bb0:\n %16 = MOV_RI 0", "does not end with a terminator");
  expectSsa("bb0:\n EXIT\n EXIT", "a terminator inside the block");
  expectSsa("bb0:\n %16 = MOV_RI 0\n STXW %16, 0\n EXIT", "wrong number");
  expectSsa("bb0:\n JA bb0", "entry block is a target");
  expectSsa("bb0:\n JA bb1\nbb1: preds bb0, bb0\n EXIT", "do not agree");
  expectSsa("bb0:\n %16 = frame_addr obj0\n EXIT", "does not exist");
  expectSsa("bb0:\n %16 = MOV_RI 0\n %17 = phi\n EXIT", "a phi after");
  expectSsa("bb0:\n inline_asm asm0\n EXIT", "an extra that does not exist");
  expectSsa("  asm 0 = \"x\" [use 0]\nbb0:\n inline_asm asm0\n EXIT",
            "that the instruction does not have");
  expectSsa("bb0:\n JA bb1\nbb1:\n %16 = arg 1\n EXIT", "an argument");
  expectSsa("bb0:\n EXIT !3", "a loc that does not exist");
}

TEST(MirCheck, AcceptsAllocated) {
  EXPECT_EQ(verdict("bb0:\n r6 = MOV_RR r1\n r0 = CALL_HELPER r1, 5\n"
                    " r0 = ADD_RR r6, r0\n EXIT r0",
                    Form::Allocated),
            "");
}

TEST(MirCheck, RefusesBrokenAllocation) {
  expectAllocated("bb0:\n r0 = SUB_RR r1, r0\n EXIT r0", "overwrites");
  expectAllocated("bb0:\n %16 = MOV_RI 0\n EXIT", "a result in no register");
  expectAllocated("bb0:\n r10 = MOV_RI 0\n EXIT", "a result in no register");
  expectAllocated("bb0:\n r0 = CALL_HELPER r2, 5\n EXIT r0", "an argument in");
  expectAllocated("bb0:\n r1 = CALL_HELPER 5\n EXIT", "a result outside r0");
  expectAllocated("bb0:\n CALL_HELPER 5\n EXIT r0", "r0 is read but may not");
  expectAllocated("bb0:\n JEQ_RI r1, 0, bb1, bb2\nbb1:\n r6 = MOV_RI 0\n"
                  " JA bb2\nbb2:\n STW r6, 0, 0\n EXIT",
                  "bb2, instruction 0 (STW): r6 is read");
  expectAllocated("bb0:\n r3 = FETCH_ADD64 r1, 0, r2\n EXIT", "fetched value");
  expectAllocated("bb0:\n r0 = MOV_RI 0\n r0 = CMPXCHG64 r1, 0, r2, r3\n EXIT",
                  "an expected value outside r0");
  expectAllocated("bb0:\n r0 = LD_ABS_W r1, 0\n EXIT r0", "a packet load");
}

TEST(Dominators, EarlyExitsOfALongChain) {
  // bb0..bbN-1 each leave to bbN+1 or go on.
  constexpr BlockId N = 20000;
  Function F;
  F.Blocks.resize(N + 2);
  for (BlockId B = 0; B < N; ++B) {
    Inst I;
    I.Op = JEQ_RI;
    I.Uses = {isa::R1};
    I.Targets = {N + 1, B + 1};
    F.Blocks[B].Insts.push_back(I);
  }
  for (BlockId B = N; B < N + 2; ++B) {
    Inst I;
    I.Op = EXIT;
    F.Blocks[B].Insts.push_back(I);
  }
  computePreds(F);
  Dominators Dom(F);
  EXPECT_EQ(Dom.idom(N + 1), 0u);
  EXPECT_EQ(Dom.idom(N), N - 1);
  EXPECT_TRUE(Dom.dominates(17, N));
  EXPECT_FALSE(Dom.dominates(17, N + 1));
}

TEST(Dominators, AgreeWithTheDefinitionOnRandomGraphs) {
  for (unsigned Seed = 0; Seed < 300; ++Seed) {
    std::mt19937 Random(Seed);
    BlockId N = 2 + Random() % 9;
    Function F;
    F.Blocks.resize(N);
    for (BlockId B = 0; B < N; ++B) {
      Inst I;
      I.Op = Random() % 4 ? JEQ_RI : EXIT;
      if (I.Op == JEQ_RI) {
        I.Uses = {isa::R1};
        I.Targets = {BlockId(1 + Random() % (N - 1)),
                     BlockId(1 + Random() % (N - 1))};
      }
      F.Blocks[B].Insts.push_back(I);
    }
    Dominators Dom(F);
    auto ReachedWithout = [&](BlockId Cut) {
      std::vector<bool> Seen(N);
      std::vector<BlockId> Work;
      auto Visit = [&](BlockId B) {
        if (B != Cut && !Seen[B])
          Seen[B] = true, Work.push_back(B);
      };
      Visit(0);
      while (!Work.empty()) {
        BlockId B = Work.back();
        Work.pop_back();
        for (BlockId T : successors(F.Blocks[B]))
          Visit(T);
      }
      return Seen;
    };
    std::vector<bool> Reached = ReachedWithout(~0u);
    for (BlockId A = 0; A < N; ++A) {
      ASSERT_EQ(Dom.isReachable(A), Reached[A]);
      if (!Reached[A])
        continue;
      std::vector<bool> Rest = ReachedWithout(A);
      for (BlockId B = 0; B < N; ++B)
        if (Reached[B]) {
          ASSERT_EQ(Dom.dominates(A, B), !Rest[B])
              << "seed " << Seed << ": bb" << A << ", bb" << B;
        }
    }
  }
}

#include "runtime/interp/Flow.h"

#include "Build.h"
#include "runtime/interp/Predecode.h"

using namespace bpfcc;
using namespace bpfcc::isa;

namespace {

/// Main calls subprogram 1 and returns by \p AfterCall.
Program calling(std::vector<Inst> Callee, std::vector<Inst> AfterCall) {
  std::vector<Inst> Main = {{Op::CALL_SUBPROG, 0, 0, 0, 1}};
  Main.insert(Main.end(), AfterCall.begin(), AfterCall.end());
  Program P;
  P.Subprogs.push_back(test::subprog("main", std::move(Main)));
  P.Subprogs.push_back(test::subprog("callee", std::move(Callee)));
  return P;
}

std::vector<Flow> flowsOf(const Program &P) {
  auto I = llvm::cantFail(instantiate(P));
  Predecoded Code(P, I->Env);
  predecode(Code);
  return analyse(Code);
}

const std::vector<Inst> ReturnTwo = {{Op::MOV_RI, R0, 0, 0, 2},
                                     {Op::EXIT, 0, 0, 0, 0}};
const std::vector<Inst> ReturnWhatCameBack = {{Op::EXIT, 0, 0, 0, 0}};
const std::vector<Inst> Nothing = {{Op::EXIT, 0, 0, 0, 0}};
const std::vector<Inst> Sometimes = {{Op::JEQ_RI, R1, 0, 1, 0},
                                     {Op::MOV_RI, R0, 0, 0, 1},
                                     {Op::EXIT, 0, 0, 0, 0}};

TEST(Flow, SubprogramsMayReturnNothing) {
  Program P = calling(Nothing, ReturnTwo);
  std::vector<Flow> Flows = flowsOf(P);
  EXPECT_FALSE(Flows[1].Returns);
  EXPECT_TRUE(Flows[1].Proven);
  EXPECT_TRUE(Flows[0].Proven);
  EXPECT_TRUE(Flows[0].isEntered(1 << R1));
  EXPECT_FALSE(Flows[1].isEntered(1 << R1));
  std::vector<uint8_t> Frame(14);
  auto R = test::runXdp(P, Frame);
  ASSERT_TRUE(bool(R));
  EXPECT_EQ(R->R0, 2u);
  EXPECT_EQ(R->Insts, 4u);
}

TEST(Flow, ReadingWhatNobodyReturnedIsNotProven) {
  Program P = calling(Nothing, ReturnWhatCameBack);
  std::vector<Flow> Flows = flowsOf(P);
  EXPECT_FALSE(Flows[1].Returns);
  EXPECT_FALSE(Flows[0].Returns);
  std::vector<uint8_t> Frame(14);
  auto R = test::runXdp(P, Frame);
  ASSERT_FALSE(bool(R));
  EXPECT_THAT(takeMessages(R.takeError()),
              testing::HasSubstr("r0 is returned before it is written"));
}

TEST(Flow, WhatReturnsOnSomeWaysDoesNotReturn) {
  std::vector<Flow> Flows = flowsOf(calling(Sometimes, ReturnTwo));
  EXPECT_FALSE(Flows[1].Returns);
  EXPECT_TRUE(Flows[0].Returns);
}

} // namespace

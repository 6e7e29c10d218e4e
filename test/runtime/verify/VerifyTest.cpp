// Programs by hand: what they cost, and what is said of them.

#include "runtime/verify/Verify.h"
#include "../interp/Build.h"

#include <chrono>

using namespace bpfcc;
using namespace bpfcc::isa;
using enum bpfcc::isa::Op;

namespace {

verify::Result check(std::vector<Inst> Code,
                     target::KernelVersion Kernel = {6, 12}) {
  verify::Options O;
  O.Kernel = Kernel;
  O.Type = target::ProgType::Xdp;
  return verify::verify(test::program(std::move(Code)), 0, O);
}

std::vector<Inst> countTo(int64_t Limit) {
  return {{MOV_RI, 1, 0, 0, 0},
          {ADD_RI, 1, 0, 0, 1},
          {JLT_RI, 1, 0, -2, Limit},
          {MOV_RI, 0, 0, 0, 0},
          {EXIT, 0, 0, 0, 0}};
}

TEST(Verify, FollowsCountedLoopsToTheirEnd) {
  verify::Result R = check(countTo(100));
  EXPECT_EQ(R.V, verify::Verdict::Accepted);
  EXPECT_EQ(R.Stats.Processed, 1 + 2 * 100 + 2u);
}

TEST(Verify, OldKernelsHaveNoLoops) {
  verify::Result R = check(countTo(100), {5, 2});
  EXPECT_EQ(R.V, verify::Verdict::Rejected);
  EXPECT_EQ(R.Why.Code, DiagCode::KernelLacks);
  EXPECT_EQ(R.Why.At.Inst, 2u);
}

TEST(Verify, GivesUpAfterAMillionStepsSoon) {
  auto Start = std::chrono::steady_clock::now();
  verify::Result R = check(countTo(10'000'000));
  EXPECT_EQ(R.V, verify::Verdict::Rejected);
  EXPECT_EQ(R.Why.Code, DiagCode::TooComplex);
  EXPECT_EQ(R.Stats.Processed, 1'000'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - Start,
            std::chrono::seconds(20)); // 3 on a machine of its own
}

TEST(Verify, SeesLoopsThatChangeNothing) {
  verify::Result R = check({{MOV_RI, 0, 0, 0, 0},
                            {MOV_RI, 2, 0, 0, 0},
                            {JA, 0, 0, -2, 0},
                            {EXIT, 0, 0, 0, 0}});
  EXPECT_EQ(R.V, verify::Verdict::Rejected);
  // The exit is never reached, which is seen first.
  EXPECT_EQ(R.Why.Code, DiagCode::Unreachable);
}

TEST(Verify, NamesTheInstructionThatReadsWhatIsNotSet) {
  verify::Result R = check({{MOV_RR, 0, 3, 0, 0}, {EXIT, 0, 0, 0, 0}});
  EXPECT_EQ(R.Why.Code, DiagCode::UninitRegister);
  EXPECT_EQ(R.Why.At.Inst, 0u);
}

TEST(Verify, TheFramePointerIsNotWritten) {
  for (Inst I : {Inst{MOV_RI, 10, 0, 0, 0}, Inst{LD_IMM64, 10, 0, 0, 0},
                 Inst{LDXDW, 10, 10, -8, 0}, Inst{ADD_RI, 10, 0, 0, 8},
                 Inst{FETCH_ADD64, 10, 10, -8, 0}}) {
    verify::Result R = check({I, {MOV_RI, 0, 0, 0, 0}, {EXIT, 0, 0, 0, 0}});
    EXPECT_EQ(R.V, verify::Verdict::Rejected) << unsigned(I.Opcode);
  }
}

TEST(Verify, WhatIsNotKnownIsNotAccepted) {
  Program P = test::program(
      {{CALL_KFUNC, 0, 0, 0, 0}, {MOV_RI, 0, 0, 0, 0}, {EXIT, 0, 0, 0, 0}});
  verify::Options O;
  O.Type = target::ProgType::Xdp;
  EXPECT_EQ(verify::verify(P, 0, O).V, verify::Verdict::Unjudged);
}

TEST(Verify, MeetsAgainWhatItHasSeen) {
  // Both ways of each branch lead to the same state: the paths do not multiply.
  std::vector<Inst> Code = {{MOV_RR, 6, 1, 0, 0}, {MOV_RI, 7, 0, 0, 0}};
  for (unsigned N = 0; N != 40; ++N) {
    Code.push_back({LDXW, 2, 6, 12, 0});
    Code.push_back({JEQ_RI, 2, 0, 1, int64_t(N)});
    Code.push_back({ADD_RI, 7, 0, 0, 1});
    for (unsigned K = 0; K != 6; ++K)
      Code.push_back({MOV_RI, 3, 0, 0, K});
  }
  Code.push_back({MOV_RI, 0, 0, 0, 0});
  Code.push_back({EXIT, 0, 0, 0, 0});
  verify::Result R = check(Code);
  EXPECT_EQ(R.V, verify::Verdict::Accepted);
  EXPECT_LT(R.Stats.Processed, 4 * Code.size());
}

} // namespace

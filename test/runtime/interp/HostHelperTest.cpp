// Helpers that the program around the runtime gives.

#include "Build.h"

using namespace bpfcc;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

std::vector<isa::Inst> code(llvm::StringRef Text) {
  auto Code = isa::assemble(Text);
  EXPECT_TRUE(bool(Code)) << takeMessages(Code.takeError());
  return Code->Insts;
}

/// A program in a world with host helpers.
struct Host {
  explicit Host(llvm::StringRef Text) : P(test::program(code(Text))) {}

  void helper(std::optional<uint32_t> Number, std::string Name,
              unsigned NumArgs) {
    Helpers.push_back({Number, std::move(Name), NumArgs,
                       [this](Environment &, llvm::ArrayRef<uint64_t> Args)
                           -> llvm::Expected<uint64_t> {
                         Calls.push_back(Args.vec());
                         return 100 + (Args.empty() ? 0 : Args[0]);
                       }});
  }

  std::string run(uint64_t Ctx = 0) {
    auto I = llvm::cantFail(test::instantiate(P));
    I->Env.HostHelpers = Helpers;
    auto R = test::execute(P, 0, Ctx, I->Env);
    return R ? std::to_string(R->R0) + " after " + std::to_string(R->Insts)
             : takeMessages(R.takeError());
  }

  Program P;
  std::vector<HostHelper> Helpers;
  std::vector<std::vector<uint64_t>> Calls;
};

TEST(HostHelper, GetsItsArgumentsAndGivesR0) {
  Host H("r1 = 3\nr2 = -4 ll\nr3 = 5\ncall 1000\nr0 += 1\nexit");
  H.helper(1000, "mine", 2);
  EXPECT_EQ(H.run(), "104 after 6");
  EXPECT_THAT(H.Calls, ElementsAre(ElementsAre(3, uint64_t(-4))));
}

TEST(HostHelper, MayHaveAnyNumber) {
  for (unsigned Number : {1u, 5u, 6u, 8u, 12u, 181u, 70000u, 0x7fffffffu}) {
    Host H("r1 = 1\nr2 = 2\nr3 = 3\ncall " + std::to_string(Number) + "\nexit");
    H.helper(Number, "mine", 3);
    EXPECT_EQ(H.run(), "101 after 5") << Number;
    EXPECT_THAT(H.Calls, ElementsAre(ElementsAre(1, 2, 3))) << Number;
  }
}

TEST(HostHelper, IsFoundByTheNameOfAnExtern) {
  Host H("r1 = 3\ncall 0\nexit");
  H.P.Subprogs[0].Insts[1] = {isa::Op::CALL_KFUNC, 0, 0, 0, 0};
  H.P.Externs = {"mine"};
  H.helper({}, "other", 1);
  EXPECT_THAT(H.run(), HasSubstr("`mine` exists in the kernel only"));
  H.helper({}, "mine", 1);
  EXPECT_EQ(H.run(), "103 after 3");
}

TEST(HostHelper, SeesZeroInRegistersThatWereNotWritten) {
  Host H("if r1 == 0 goto +2\nr2 = 7\nr3 = 8\nr1 = 1\ncall 1000\nexit");
  H.helper(1000, "mine", 4);
  EXPECT_EQ(H.run(0), "101 after 4");
  EXPECT_EQ(H.run(1), "101 after 6");
  EXPECT_THAT(H.Calls,
              ElementsAre(ElementsAre(1, 0, 0, 0), ElementsAre(1, 7, 8, 0)));
}

TEST(HostHelper, LeavesNoArgumentsBehind) {
  Host H("r1 = 3\ncall 1000\nr0 = r1\nexit");
  H.helper(1000, "mine", 1);
  EXPECT_THAT(H.run(), HasSubstr("r1 is read before it is written"));
}

TEST(HostHelper, EndsTheRunWithItsError) {
  Host H("r1 = 3\ncall 1000\nexit");
  H.Helpers.push_back(
      {1000, "refuse", 1, [](Environment &, llvm::ArrayRef<uint64_t>) {
         return diagError(DiagCode::RunError, {}, "refuse: not today");
       }});
  EXPECT_EQ(H.run(), "in `main`: refuse: not today (instruction 1: "
                     "`call 0x3e8`)");
}

TEST(HostHelper, IsMissedOnlyWhereItIsCalled) {
  Host H("r0 = 0\nif r1 == 0 goto +1\ncall 1000\nexit");
  EXPECT_EQ(H.run(0), "0 after 3");
  EXPECT_THAT(H.run(1), HasSubstr("no helper has number 1000"));
}

TEST(HostHelper, MayCallTheProgramBack) {
  Host H("r1 = 0 ll\nr2 = 20\ncall 1000\nr0 += 1\nexit");
  H.P.Subprogs[0].Insts[0] = {isa::Op::LD_FUNC, isa::R1, 0, 0, 1};
  H.P.Subprogs.push_back(
      test::subprog("callback", code("r0 = r1\nr0 *= 2\nexit")));
  H.Helpers.push_back(
      {1000, "twice", 2, [](Environment &Env, llvm::ArrayRef<uint64_t> Args) {
         return Env.CallBack(Args[0], {Args[1]});
       }});
  EXPECT_EQ(H.run(), "41 after 8");
}

TEST(Entry, MayGetSeveralArguments) {
  Program P = test::program(code("r0 = r1\nr0 -= r2\nr0 *= r5\nexit"));
  auto I = llvm::cantFail(test::instantiate(P));
  auto R = test::execute(P, 0, {9, 2, 0, 0, 6}, I->Env);
  ASSERT_TRUE(bool(R)) << takeMessages(R.takeError());
  EXPECT_EQ(R->R0, 42u);
  R = test::execute(P, 0, {9, 2}, I->Env);
  EXPECT_THAT(takeMessages(R.takeError()),
              HasSubstr("r5 is read before it is written"));
}

} // namespace

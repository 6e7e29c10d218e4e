// Instructions are counted exactly, wherever compiled code compares the count
// with the limit.

#include "Build.h"

using namespace bpfcc;

namespace {

struct Runner {
  Program P;
  std::unique_ptr<Instance> I;
  Context C;
  std::unique_ptr<Jit> J;

  explicit Runner(llvm::StringRef Text)
      : P(test::program(llvm::cantFail(isa::assemble(Text)).Insts)),
        I(llvm::cantFail(test::instantiate(P))),
        C(I->Env, true, std::vector<uint8_t>(16)),
        J(llvm::cantFail(test::compile(P, I->Env))) {
    EXPECT_TRUE(J->isTranslated(0));
  }

  std::string outcome(bool Compiled, uint64_t MaxInsts) {
    RunLimits Limits;
    Limits.MaxInsts = MaxInsts;
    auto R = Compiled ? J->run(0, C.address(), Limits)
                      : interpret(P, 0, C.address(), I->Env, Limits);
    if (!R)
      return takeMessages(R.takeError());
    return std::to_string(R->R0) + " after " + std::to_string(R->Insts);
  }

  void compare() {
    RunLimits Limits;
    auto Total = llvm::cantFail(interpret(P, 0, C.address(), I->Env)).Insts;
    for (uint64_t Limit :
         {uint64_t(1), Total / 3, Total - 2, Total - 1, Total, Total + 1,
          2 * Total, uint64_t(1) << 20, Limits.MaxInsts})
      EXPECT_EQ(outcome(true, Limit), outcome(false, Limit)) << Limit;
  }
};

TEST(Limit, OfALoopWithAConstantBound) {
  Runner("r2 = 0\nr0 = 0\nr0 += r2\nr2 += 1\nif r2 != 1000 goto -3\nexit")
      .compare();
}

TEST(Limit, OfALoopWhoseBoundIsFoundAtRunTime) {
  Runner("r3 = *(u32 *)(r1 + 0)\nr3 += 5000\nr2 = 0\nr0 = 0\nr0 += r2\n"
         "r2 += 1\nif r2 < r3 goto -3\nexit")
      .compare();
}

TEST(Limit, OfALoopOfSeveralWays) {
  Runner("r2 = 0\nr0 = 0\nr3 = r2\nr3 &= 3\nif r3 == 0 goto +3\nr0 += r2\n"
         "r0 *= 3\nr0 ^= 7\nr2 += 1\nif r2 != 999 goto -8\nexit")
      .compare();
}

TEST(Limit, OfALoopThatIsEnteredInTheMiddle) {
  Runner("r2 = 0\nr0 = 0\ngoto +3\nr0 += r2\nr2 += 1\n"
         "if r2 == 700 goto +3\nr0 ^= r2\nif r0 s> 5 goto -5\ngoto -6\nexit")
      .compare();
}

TEST(Limit, OfLoopsInALoop) {
  Runner("r2 = 0\nr0 = 0\nr3 = 0\nr0 += r3\nr3 += 1\nif r3 != 20 goto -3\n"
         "r2 += 1\nif r2 != 50 goto -6\nexit")
      .compare();
}

TEST(Limit, OfALoopThatEndsEarly) {
  Runner("r2 = 0\nr0 = 0\nr0 += r2\nif r0 > 400000 goto +2\nr2 += 1\n"
         "if r2 != 10000 goto -4\nexit")
      .compare();
}

} // namespace

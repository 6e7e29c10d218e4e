// Where the interpreter takes a run over, it finds what compiled code kept in
// registers: its own, those of the callers, and their stacks.

#include "Build.h"

using namespace bpfcc;

namespace {

/// Reads r6 where it may or may not be written: left to the interpreter.
constexpr const char *Unproven =
    "if r1 == 0 goto +1\nr6 = r1\nr0 = r6\nr0 *= 2\nexit";

std::vector<isa::Inst> code(llvm::StringRef Text) {
  auto Code = isa::assemble(Text);
  EXPECT_TRUE(bool(Code)) << takeMessages(Code.takeError());
  return Code->Insts;
}

std::string outcome(const Program &P, bool Compiled) {
  auto I = llvm::cantFail(test::instantiate(P));
  Context C(I->Env, true, std::vector<uint8_t>(16));
  llvm::Expected<RunResult> R = RunResult();
  if (Compiled) {
    auto J = llvm::cantFail(test::compile(P, I->Env));
    EXPECT_TRUE(J->isTranslated(0));
    R = J->run(0, C.address());
  } else {
    R = interpret(P, 0, C.address(), I->Env);
  }
  if (!R)
    return takeMessages(R.takeError());
  return std::to_string(R->R0) + " after " + std::to_string(R->Insts);
}

TEST(Handover, GivesRegistersAndStacksOfAllCallers) {
  Program P = test::program(
      code("r6 = 3\nr7 = 40\n*(u64 *)(r10 - 8) = 500\nr1 = 6\ncall pc+5\n"
           "r0 += r6\nr0 += r7\nr1 = *(u64 *)(r10 - 8)\nr0 += r1\nexit"));
  P.Subprogs.push_back(test::subprog(
      "middle", code("r7 = r1\n*(u32 *)(r10 - 4) = 7000\ncall pc+0\n"
                     "r1 = *(u32 *)(r10 - 4)\nr0 += r1\nr0 += r7\nexit")));
  P.Subprogs.push_back(test::subprog("unproven", code(Unproven)));
  P.Subprogs[0].Insts[4] = {isa::Op::CALL_SUBPROG, 0, 0, 0, 1};
  P.Subprogs[1].Insts[2] = {isa::Op::CALL_SUBPROG, 0, 0, 0, 2};
  EXPECT_EQ(outcome(P, true), outcome(P, false));
  EXPECT_EQ(outcome(P, true).substr(0, 5), "7561 ");
}

TEST(Handover, InACallbackEndsWithTheCallback) {
  Program P = test::program(
      code("r1 = 3\nr2 = 0 ll\nr3 = 0\nr4 = 0\ncall 181\nr0 += 4\nexit"));
  P.Subprogs[0].Insts[1] = {isa::Op::LD_FUNC, isa::R2, 0, 0, 1};
  P.Subprogs.push_back(
      test::subprog("callback", code("r1 = 5\ncall pc+0\nr0 = 0\nexit")));
  P.Subprogs.push_back(test::subprog("unproven", code(Unproven)));
  P.Subprogs[1].Insts[1] = {isa::Op::CALL_SUBPROG, 0, 0, 0, 2};
  EXPECT_EQ(outcome(P, true), outcome(P, false));
  EXPECT_EQ(outcome(P, true).substr(0, 2), "7 ");
}

} // namespace

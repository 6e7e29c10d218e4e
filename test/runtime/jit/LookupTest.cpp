// Lookups in arrays, which compiled code does without a call.

#include "Build.h"

using namespace bpfcc;

namespace {

constexpr uint32_t Hash = 1, Array = 2, PerCpuArray = 6;

/// \p Text with map 0, of 4-byte keys, 8-byte values and 4 elements.
Program withMap(llvm::StringRef Text, uint32_t Type) {
  auto Code = isa::assemble(Text);
  EXPECT_TRUE(bool(Code)) << takeMessages(Code.takeError());
  Program P = test::program(Code->Insts);
  MapDef Def;
  Def.Name = "elements";
  Def.Type = Type;
  Def.KeySize = 4;
  Def.ValueSize = 8;
  Def.MaxEntries = 4;
  P.Maps.push_back(Def);
  P.InnerMaps.push_back(~0u);
  return P;
}

std::string outcome(const Program &P, bool Compiled) {
  auto I = llvm::cantFail(test::instantiate(P));
  std::vector<uint8_t> Bytes(16);
  Context C(I->Env, true, Bytes);
  llvm::Expected<RunResult> R = RunResult();
  for (unsigned Run = 0; Run != 2; ++Run) {
    llvm::consumeError(R.takeError());
    if (Compiled)
      R = llvm::cantFail(test::compile(P, I->Env))->run(0, C.address());
    else
      R = interpret(P, 0, C.address(), I->Env);
  }
  if (!R)
    return takeMessages(R.takeError());
  return std::to_string(R->R0) + " after " + std::to_string(R->Insts);
}

/// Looks key 5, 4, ... 0 up, adds 1 to each element and 100 for each miss.
constexpr const char *CountDown = "r6 = 5\nr7 = 0\n"
                                  "*(u32 *)(r10 - 4) = r6\n"
                                  "r2 = r10\nr2 += -4\n"
                                  "r1 = map_fd(0) ll\ncall 1\n"
                                  "if r0 != 0 goto +2\nr7 += 100\ngoto +4\n"
                                  "r1 = *(u64 *)(r0 + 0)\nr1 += 1\n"
                                  "*(u64 *)(r0 + 0) = r1\nr7 += r1\n"
                                  "r6 += -1\nif r6 s>= 0 goto -15\n"
                                  "r0 = r7\nexit";

TEST(Lookup, FindsWhatTheInterpreterFinds) {
  for (uint32_t Type : {Array, Hash, PerCpuArray})
    EXPECT_EQ(outcome(withMap(CountDown, Type), true),
              outcome(withMap(CountDown, Type), false));
  EXPECT_EQ(outcome(withMap(CountDown, Array), true).substr(0, 4), "208 ");
}

TEST(Lookup, FindsTheProcessorsOwnElements) {
  Program P = withMap(CountDown, PerCpuArray);
  auto I = llvm::cantFail(test::instantiate(P));
  auto Code = llvm::cantFail(test::compile(P, I->Env));
  std::vector<uint8_t> Bytes(16), Key(4);
  Context C(I->Env, true, Bytes);
  for (unsigned Cpu : {0, 3, 3, 1, 3}) {
    I->Env.Cpu = Cpu;
    llvm::cantFail(Code->run(0, C.address()));
  }
  std::vector<uint8_t> Values = I->Maps[0]->valueForUser(Key.data());
  ASSERT_EQ(Values.size(), 32u);
  EXPECT_EQ(Values[0], 1);
  EXPECT_EQ(Values[8], 1);
  EXPECT_EQ(Values[16], 0);
  EXPECT_EQ(Values[24], 3);
}

TEST(Lookup, BadKeysAreTheSameFault) {
  for (const char *Key :
       {"r2 = 8", "r2 = r10\nr2 += -3", "r2 = r10", "r2 = r10\nr2 += -516",
        "r2 = r1", "r2 = r1\nr2 += 13", "r2 = -1 ll"}) {
    Program P = withMap(
        std::string(Key) + "\nr1 = map_fd(0) ll\ncall 1\nr0 = 0\nexit", Array);
    EXPECT_EQ(outcome(P, true), outcome(P, false)) << Key;
  }
}

TEST(Lookup, ElementsEndWhereTheyEnd) {
  Program P = withMap("*(u32 *)(r10 - 4) = 1\nr2 = r10\nr2 += -4\n"
                      "r1 = map_fd(0) ll\ncall 1\nr0 = *(u32 *)(r0 + 6)\nexit",
                      Array);
  EXPECT_EQ(outcome(P, true), outcome(P, false));
  EXPECT_THAT(outcome(P, true),
              testing::HasSubstr("cannot read 4 bytes at elements+6"));
}

#ifndef BPFCC_TEST_REMOTE // which checks all accesses
TEST(Jit, VerifiedProgramsGiveTheSame) {
  Program P = withMap(CountDown, Array);
  auto I = llvm::cantFail(test::instantiate(P));
  Context C(I->Env, true, std::vector<uint8_t>(16));
  JitOptions Options = test::jitOptions();
  Options.Verified = true;
  auto J = llvm::cantFail(test::compile(P, I->Env, Options));
  auto Checked = llvm::cantFail(test::compile(P, I->Env));
  EXPECT_LT(J->codeSize(), Checked->codeSize());
  EXPECT_EQ(llvm::cantFail(J->run(0, C.address())).R0, 204u);
}
#endif

TEST(Jit, LeavesWhatItCannotProveToTheInterpreter) {
  auto Translates = [](llvm::StringRef Text) {
    Program P = withMap(Text, Array);
    auto I = llvm::cantFail(test::instantiate(P));
    return llvm::cantFail(test::compile(P, I->Env))->isTranslated(0);
  };
  EXPECT_TRUE(Translates("r0 = r1\nexit"));
  EXPECT_TRUE(Translates("r0 = r2\nexit")); // a fault for sure
  EXPECT_FALSE(Translates("if r1 == 0 goto +1\nr6 = 1\nr0 = r6\nexit"));
}

} // namespace

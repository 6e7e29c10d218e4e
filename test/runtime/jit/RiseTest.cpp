// LLVM's code takes the place of the templates' between two runs.

#include "Build.h"

#if !defined(BPFCC_TEST_LLVM) && !defined(BPFCC_TEST_REMOTE)

#include <chrono>

using namespace bpfcc;

namespace {

TEST(Rise, BetterCodeGivesTheSame) {
  auto Code = isa::assemble("r2 = 0\nr0 = 0\n*(u64 *)(r10 - 8) = 0\n"
                            "r3 = *(u64 *)(r10 - 8)\nr3 += r2\n"
                            "*(u64 *)(r10 - 8) = r3\nr0 ^= r3\nr2 += 1\n"
                            "if r2 != 1000000 goto -6\nexit");
  Program P = test::program(llvm::cantFail(std::move(Code)).Insts);
  auto I = llvm::cantFail(instantiate(P));
  Context C(I->Env, true, std::vector<uint8_t>(16));
  JitOptions Options;
  Options.OptimiseLater = true;
  auto J = llvm::cantFail(Jit::compile(P, I->Env, Options));
  uint64_t Size = J->codeSize();
  RunResult First = llvm::cantFail(J->run(0, C.address()));
  auto Run = [&] {
    RunResult R = llvm::cantFail(J->run(0, C.address()));
    EXPECT_EQ(R.R0, First.R0);
    EXPECT_EQ(R.Insts, First.Insts);
  };
  auto End = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (J->codeSize() == Size && std::chrono::steady_clock::now() < End)
    Run();
  EXPECT_NE(J->codeSize(), Size);
  Run();
}

} // namespace

#endif

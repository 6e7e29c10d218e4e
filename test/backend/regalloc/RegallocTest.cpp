#include "Evaluator.h"
#include "RandomProgram.h"

#include "backend/mir/Check.h"
#include "backend/mir/Text.h"
#include "backend/regalloc/Regalloc.h"

#include "gtest/gtest.h"

#include <chrono>

using namespace bpfcc;

namespace {

std::string text(const mir::Function &F) {
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  mir::print(OS, F);
  return Out;
}

/// Allocates and compares the runs before and after. Gives false when the
/// program asks for more registers than there are.
bool expectSameRun(const mir::Function &Before, unsigned Seed) {
  if (llvm::Error E = mir::check(Before, mir::Form::Ssa, "the test")) {
    ADD_FAILURE() << "seed " << Seed << ": " << llvm::toString(std::move(E));
    return false;
  }
  mir::Function After = Before;
  if (llvm::Error E = allocateRegisters(After)) {
    std::string Why = llvm::toString(std::move(E));
    EXPECT_NE(Why.find("more registers than there are"), std::string::npos)
        << "seed " << Seed << ": " << Why;
    return false;
  }
  llvm::Error Bad = mir::check(After, mir::Form::Allocated, "regalloc");
  if (Bad) {
    ADD_FAILURE() << "seed " << Seed << ": " << llvm::toString(std::move(Bad))
                  << text(Before) << text(After);
    return false;
  }
  std::string Want = evaluate(Before), Got = evaluate(After);
  if (Want != Got)
    ADD_FAILURE() << "seed " << Seed << "\nwant " << Want << "\ngot " << Got
                  << '\n'
                  << text(Before) << text(After);
  return true;
}

} // namespace

TEST(Regalloc, RandomProgramsRunAsBefore) {
  unsigned Allocated = 0;
  constexpr unsigned Seeds = 3000;
  for (unsigned Seed = 0; Seed < Seeds && !HasFailure(); ++Seed) {
    ProgramShape S;
    S.Variables = 2 + Seed % 19;
    S.Blocks = 1 + Seed / 19 % 7;
    S.Length = 2 + Seed / 133 % 13;
    Allocated += expectSameRun(randomProgram(Seed, S), Seed);
  }
  EXPECT_GT(Allocated, Seeds * 9 / 10);
}

TEST(Regalloc, LargeFunctionsTakeAboutASecond) {
  ProgramShape S;
  S.Variables = 20;
  S.Blocks = 2000;
  S.Length = 50;
  mir::Function F = randomProgram(1, S);
  auto Start = std::chrono::steady_clock::now();
  llvm::Error E = allocateRegisters(F);
  EXPECT_FALSE(bool(E));
  llvm::consumeError(std::move(E));
  std::chrono::duration<double> Took = std::chrono::steady_clock::now() - Start;
  EXPECT_LT(Took.count(), 20); // far above, for loaded machines
  RecordProperty("seconds", std::to_string(Took.count()));
}

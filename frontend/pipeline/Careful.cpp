// Some code is refused for what the optimiser made of it:
//
//   if (i < 64) s += t[i];          p = t + i; if (i < 64) s += p[0];
//   if (i < 63) s += t[i + 1];      if (i < 63) s += p[1];
//
// is the same to LLVM. A verifier learns bounds of i from comparisons, and none
// of p, which was made before. Whether that matters depends on what the kernel
// knows, so these passes run until a verifier says no, and then not on the
// functions that it was asked about.

#include "frontend/pipeline/Careful.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace bpfcc {

/// Passes that move code across branches, or use a value that one branch made
/// behind another.
static constexpr StringLiteral MovesCode[] = {
    "GVNPass",        "JumpThreadingPass",       "LICMPass",
    "LoopSinkPass",   "SimpleLoopUnswitchPass",  "DFAJumpThreadingPass",
    "MergeICmpsPass", "SpeculativeExecutionPass"};

CarefulFunctions::CarefulFunctions(const Module &M, const CareOf &Of) {
  for (const auto &[Program, How] : Of) {
    std::vector<const Function *> Work = {M.getFunction(Program)};
    while (!Work.empty()) {
      const Function *F = Work.back();
      Work.pop_back();
      if (!F || F->isDeclaration())
        continue;
      auto [It, New] = Functions.try_emplace(F->getName(), How);
      if (!New && It->second >= How)
        continue;
      It->second = How;
      for (const Instruction &I : instructions(F))
        for (const Value *Operand : I.operands())
          Work.push_back(dyn_cast<Function>(Operand->stripPointerCasts()));
    }
  }
}

/// The function that a pass runs on; null if it is about more than one.
static const Function *functionOf(const Any &IR) {
  if (const auto *F = any_cast<const Function *>(&IR))
    return *F;
  if (const auto *L = any_cast<const Loop *>(&IR))
    return (*L)->getHeader()->getParent();
  return nullptr;
}

bool CarefulFunctions::mayRun(StringRef Name, const Any &IR) const {
  if (Functions.empty())
    return true;
  const Function *F = functionOf(IR);
  auto It = F ? Functions.find(F->getName()) : Functions.end();
  if (It == Functions.end())
    return true;
  return It->second == Care::KeepPlace && !is_contained(MovesCode, Name);
}

bool CarefulFunctions::isLeast(const Function &F) const {
  auto It = Functions.find(F.getName());
  return It != Functions.end() && It->second == Care::Least;
}

} // namespace bpfcc

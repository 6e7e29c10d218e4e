// From LLVM IR to the part of it that select takes, on one screen. Order
// matters: what makes calls of memory functions comes before their expansion,
// what makes selects before theirs, and nothing that could undo a step runs
// after it.

#include "backend/prepare/Prepare.h"

#include "backend/prepare/Passes.h"

#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;

static Error prepareFunction(Function &F, const PrepareOptions &Options) {
  removeUnreachableBlocks(F);
  if (Error E = diagnose(F))
    return E;
  shareStack(F);
  if (Error E = expandMemoryCalls(F))
    return E;
  if (Error E = expandIntrinsics(F))
    return E;
  if (Options.Cpu < 4)
    expandSignedDivision(F);
  lowerSwitches(F);
  splitBranches(F);
  lowerSelects(F);
  splitBranches(F);
  materialiseCompares(F);
  removeUnreachableBlocks(F);
  return Error::success();
}

Error prepare(Module &M, const PrepareOptions &Options) {
  Error Errors = Error::success();
  for (Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage())
      if (Error E = prepareFunction(F, Options))
        Errors = joinErrors(std::move(Errors), std::move(E));
  return Errors;
}

} // namespace bpfcc

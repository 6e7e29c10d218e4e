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
  if (Error E = collectAllocas(F))
    return E;
  shareStack(F);
  if (Options.Level) {
    shareKeys(F);
    joinCopies(F);
  }
  expandMemoryCalls(F);
  scalariseVectors(F);
  if (Error E = expandIntrinsics(F))
    return E;
  lowerSwitches(F);
  expandWideDivision(F);
  if (Error E = splitValues(F))
    return E;
  narrowAccesses(F);
  if (Options.Level) {
    mergeLoads(F);
    mergeAccesses(F);
    comparePhis(F);
    skipStoredConstants(F);
    testNextCounters(F);
  }
  expandSignedDivision(F, Options.Cpu);
  splitBranches(F);
  if (Options.Level) {
    foldTruths(F);
    computeTruths(F, Options.Cpu);
  }
  lowerSelects(F);
  splitBranches(F);
  materialiseCompares(F);
  if (Options.Level) {
    joinPhis(F);
    threadBranches(F);
  }
  removeUnreachableBlocks(F);
  return Error::success();
}

Error prepare(Module &M, const PrepareOptions &Options) {
  Error Errors = Error::success();
  auto Add = [&](Error E) {
    Errors = joinErrors(std::move(Errors), std::move(E));
  };
  for (Function &F : M)
    if (!F.isDeclarationForLinker())
      removeUnreachableBlocks(F);
  Add(diagnose(M));
  Add(rewriteSignatures(M));
  if (Errors)
    return Errors;
  markAccesses(M, Options.Misaligned);
  for (Function &F : M)
    if (!F.isDeclarationForLinker())
      Add(prepareFunction(F, Options));
  inlineLibrary(M);
  if (Options.Level)
    shareSections(M);
  return Errors;
}

} // namespace bpfcc

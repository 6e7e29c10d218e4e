// Needs: any IR. Gives: IR whose vectors are only built, taken apart, loaded,
// stored, reinterpreted and passed around, not computed with.
//
//   %v = add <2 x i64> %a, %b   ->   two adds, extractelement, insertelement
//
// LLVM's Scalarizer does it. It needs its managers set up, so that functions
// without vectors, which are nearly all, are left out.

#include "backend/prepare/Passes.h"

#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Transforms/Scalar/Scalarizer.h"

namespace bpfcc {

using namespace llvm;

static bool hasVectors(Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    return I.getType()->isVectorTy() || any_of(I.operands(), [](const Use &U) {
             return U->getType()->isVectorTy();
           });
  });
}

void scalariseVectors(Function &F) {
  if (!hasVectors(F))
    return;
  FunctionAnalysisManager Analyses;
  Analyses.registerPass([] { return PassInstrumentationAnalysis(); });
  Analyses.registerPass([] { return DominatorTreeAnalysis(); });
  Analyses.registerPass([] { return TargetIRAnalysis(); });
  ScalarizerPassOptions Options;
  Options.ScalarizeLoadStore = true;
  ScalarizerPass(Options).run(F, Analyses);
}

} // namespace bpfcc

#include "frontend/pipeline/Pipeline.h"

#include "frontend/pipeline/Passes.h"
#include "frontend/pipeline/TargetInfo.h"

#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/IPO/AlwaysInliner.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/GlobalOpt.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Scalar/Sink.h"

namespace bpfcc {

namespace {

/// BPF has no C library. What LLVM may still assume is what the back end
/// expands itself, and not memcpy and memset: it would make calls of them, of a
/// size known at run time, from loops that fit BPF as they are.
llvm::TargetLibraryInfoImpl libraryInfo(const llvm::Module &M) {
  llvm::TargetLibraryInfoImpl Library(M.getTargetTriple());
  Library.disableAllFunctions();
  for (llvm::LibFunc F : {llvm::LibFunc_memcmp, llvm::LibFunc_bcmp})
    Library.setAvailable(F);
  return Library;
}

llvm::PipelineTuningOptions tuning() {
  llvm::PipelineTuningOptions Options;
  Options.LoopVectorization = false;
  Options.SLPVectorization = false;
  Options.LoopInterleaving = false;
  Options.CallGraphProfile = false;
  Options.MergeFunctions = false;
  return Options;
}

llvm::OptimizationLevel levelFor(OptLevel Level) {
  switch (Level) {
  case OptLevel::O0:
    return llvm::OptimizationLevel::O0;
  case OptLevel::O1:
    return llvm::OptimizationLevel::O1;
  case OptLevel::O2:
    return llvm::OptimizationLevel::O2;
  case OptLevel::O3:
    return llvm::OptimizationLevel::O3;
  case OptLevel::Os:
    return llvm::OptimizationLevel::Os;
  case OptLevel::Oz:
    return llvm::OptimizationLevel::Oz;
  }
  return llvm::OptimizationLevel::O2;
}

/// The least that a verifier needs: locals in registers, inlined helpers,
/// constant pointers to helper functions folded.
llvm::ModulePassManager leastPasses() {
  llvm::ModulePassManager Passes;
  Passes.addPass(ParameterNamesPass());
  Passes.addPass(llvm::AlwaysInlinerPass());
  Passes.addPass(llvm::GlobalOptPass());
  llvm::FunctionPassManager Each;
  Each.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  Each.addPass(llvm::EarlyCSEPass());
  Each.addPass(llvm::SimplifyCFGPass());
  Passes.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(Each)));
  Passes.addPass(llvm::GlobalDCEPass());
  return Passes;
}

/// The last passes: nothing folds after them what they took apart.
llvm::FunctionPassManager verifiablePasses() {
  llvm::FunctionPassManager Passes;
  Passes.addPass(DropGuardsPass());
  Passes.addPass(ContextAccessPass());
  Passes.addPass(DistancesPass());
  Passes.addPass(PlainBranchesPass());
  Passes.addPass(CompareWidePass());
  // A packet must not be read before the check that only now is a branch.
  Passes.addPass(llvm::SinkingPass());
  return Passes;
}

} // namespace

void optimise(llvm::Module &M, OptLevel Level,
              const llvm::StringSet<> &Without) {
  llvm::LoopAnalysisManager Loops;
  llvm::FunctionAnalysisManager Functions;
  llvm::CGSCCAnalysisManager Components;
  llvm::ModuleAnalysisManager Modules;

  // DeadArgumentsPass runs it, on static functions alone.
  llvm::PassInstrumentationCallbacks Instrumentation;
  Instrumentation.registerShouldRunOptionalPassCallback(
      [&](llvm::StringRef Pass, llvm::Any) {
        return Pass != "DeadArgumentEliminationPass" && !Without.contains(Pass);
      });

  llvm::PassBuilder Builder(nullptr, tuning(), std::nullopt, &Instrumentation);
  Builder.registerPeepholeEPCallback(
      [](llvm::FunctionPassManager &Passes, llvm::OptimizationLevel) {
        Passes.addPass(GuardIndexesPass());
      });
  Builder.registerOptimizerEarlyEPCallback(
      [](llvm::ModulePassManager &Passes, llvm::OptimizationLevel,
         llvm::ThinOrFullLTOPhase) { Passes.addPass(DeadArgumentsPass()); });
  Builder.registerOptimizerLastEPCallback([](llvm::ModulePassManager &Passes,
                                             llvm::OptimizationLevel,
                                             llvm::ThinOrFullLTOPhase) {
    Passes.addPass(llvm::createModuleToFunctionPassAdaptor(verifiablePasses()));
  });
  Functions.registerPass([] { return llvm::TargetIRAnalysis(bpfTargetInfo); });
  Functions.registerPass(
      [&] { return llvm::TargetLibraryAnalysis(libraryInfo(M)); });
  Builder.registerModuleAnalyses(Modules);
  Builder.registerCGSCCAnalyses(Components);
  Builder.registerFunctionAnalyses(Functions);
  Builder.registerLoopAnalyses(Loops);
  Builder.crossRegisterProxies(Loops, Functions, Components, Modules);

  // Level O0 runs no guard: nothing moves code there.
  llvm::ModulePassManager Passes =
      Level == OptLevel::O0
          ? leastPasses()
          : Builder.buildPerModuleDefaultPipeline(levelFor(Level));
  Passes.run(M, Modules);
}

} // namespace bpfcc

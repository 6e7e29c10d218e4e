#include "frontend/pipeline/Pipeline.h"

#include "frontend/pipeline/Careful.h"
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

llvm::FunctionPassManager leastFunctionPasses() {
  llvm::FunctionPassManager Passes;
  Passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  Passes.addPass(llvm::EarlyCSEPass());
  Passes.addPass(llvm::SimplifyCFGPass());
  return Passes;
}

/// The least that a verifier needs: locals in registers, inlined helpers,
/// constant pointers to helper functions folded.
llvm::ModulePassManager leastPasses() {
  llvm::ModulePassManager Passes;
  Passes.addPass(ParameterNamesPass());
  Passes.addPass(llvm::AlwaysInlinerPass());
  Passes.addPass(llvm::GlobalOptPass());
  Passes.addPass(
      llvm::createModuleToFunctionPassAdaptor(leastFunctionPasses()));
  Passes.addPass(llvm::GlobalDCEPass());
  return Passes;
}

/// Ends the care for functions: those on which nothing ran get the passes of
/// -O0.
struct EndCarePass : llvm::PassInfoMixin<EndCarePass> {
  CarefulFunctions &Careful;
  explicit EndCarePass(CarefulFunctions &C) : Careful(C) {}

  llvm::PreservedAnalyses run(llvm::Module &M,
                              llvm::ModuleAnalysisManager &Analyses) {
    auto &Functions =
        Analyses.getResult<llvm::FunctionAnalysisManagerModuleProxy>(M)
            .getManager();
    std::vector<llvm::Function *> Least;
    for (llvm::Function &F : M)
      if (!F.isDeclaration() && Careful.isLeast(F))
        Least.push_back(&F);
    Careful.end();
    for (llvm::Function *F : Least)
      Functions.invalidate(*F, leastFunctionPasses().run(*F, Functions));
    return llvm::PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

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

void optimise(llvm::Module &M, OptLevel Level, const llvm::StringSet<> &Without,
              const CareOf &Careful) {
  CarefulFunctions CareTaken(M, Careful);
  llvm::LoopAnalysisManager Loops;
  llvm::FunctionAnalysisManager Functions;
  llvm::CGSCCAnalysisManager Components;
  llvm::ModuleAnalysisManager Modules;

  // DeadArgumentsPass runs it, on static functions alone.
  llvm::PassInstrumentationCallbacks Instrumentation;
  Instrumentation.registerShouldRunOptionalPassCallback(
      [&](llvm::StringRef Pass, const llvm::Any &IR) {
        return Pass != "DeadArgumentEliminationPass" &&
               !Without.contains(Pass) && CareTaken.mayRun(Pass, IR);
      });

  llvm::PassBuilder Builder(nullptr, tuning(), std::nullopt, &Instrumentation);
  Builder.registerPeepholeEPCallback(
      [](llvm::FunctionPassManager &Passes, llvm::OptimizationLevel) {
        Passes.addPass(GuardIndexesPass());
      });
  Builder.registerOptimizerEarlyEPCallback(
      [](llvm::ModulePassManager &Passes, llvm::OptimizationLevel,
         llvm::ThinOrFullLTOPhase) { Passes.addPass(DeadArgumentsPass()); });
  Builder.registerOptimizerLastEPCallback([&](llvm::ModulePassManager &Passes,
                                              llvm::OptimizationLevel,
                                              llvm::ThinOrFullLTOPhase) {
    if (!Careful.empty())
      Passes.addPass(EndCarePass(CareTaken));
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

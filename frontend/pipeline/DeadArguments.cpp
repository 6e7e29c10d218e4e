// Arguments and results of static functions that nothing reads.
//
//   static int f(int unused, struct xdp_md *ctx)  ->  f(ctx) in registers
//
// needs: the module after inlining
// gives: static functions without dead arguments and results; all others as
//        they are
//
// LLVM's pass also gives the callers of global functions poison for what those
// do not read. The verifier checks a global function, and each call of it, by
// the types of all its parameters, so global functions have to look as if
// another module might define them while that pass runs. The kernel sees that
// the types of such a static function do not fit (BTF still has the source's)
// and traces it with five plain arguments.

#include "frontend/pipeline/Passes.h"

#include "llvm/IR/Module.h"
#include "llvm/Transforms/IPO/DeadArgumentElimination.h"

namespace bpfcc {

llvm::PreservedAnalyses
DeadArgumentsPass::run(llvm::Module &M, llvm::ModuleAnalysisManager &Analyses) {
  std::vector<std::pair<llvm::Function *, llvm::GlobalValue::LinkageTypes>>
      Globals;
  for (llvm::Function &F : M)
    if (!F.isDeclaration() && !F.hasLocalLinkage()) {
      Globals.push_back({&F, F.getLinkage()});
      F.setLinkage(llvm::GlobalValue::WeakAnyLinkage);
    }
  llvm::PreservedAnalyses Kept =
      llvm::DeadArgumentEliminationPass().run(M, Analyses);
  for (auto [F, Linkage] : Globals)
    F->setLinkage(Linkage);
  return Kept;
}

} // namespace bpfcc

// Needs: IR as Clang makes it. Gives: the variables of all parameters in the
// lists of their functions (retainedNodes), where BTF takes their names from.
//
// Clang fills the lists only where it optimises. The kernel refuses BTF of a
// function whose parameters have no names.

#include "frontend/pipeline/Passes.h"

#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

namespace bpfcc {

using namespace llvm;

static void nameParameters(Function &F) {
  DISubprogram *P = F.getSubprogram();
  if (!P || any_of(P->getRetainedNodes(), [](const DINode *N) {
        auto *V = dyn_cast<DILocalVariable>(N);
        return V && V->getArg();
      }))
    return;
  SmallVector<Metadata *, 8> Nodes;
  append_range(Nodes, P->getRetainedNodes());
  size_t Before = Nodes.size();
  for (Instruction &I : instructions(F))
    for (DbgVariableRecord &R : filterDbgVars(I.getDbgRecordRange()))
      if (DILocalVariable *V = R.getVariable();
          V->getArg() && V->getScope() == P && !is_contained(Nodes, V))
        Nodes.push_back(V);
  if (Nodes.size() > Before)
    P->replaceRetainedNodes(MDTuple::get(F.getContext(), Nodes));
}

PreservedAnalyses ParameterNamesPass::run(Module &M, ModuleAnalysisManager &) {
  for (Function &F : M)
    nameParameters(F);
  return PreservedAnalyses::all();
}

} // namespace bpfcc

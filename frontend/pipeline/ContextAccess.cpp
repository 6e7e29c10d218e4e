// Needs: optimised IR. Gives: each load and store of the context (the pointer
// that the kernel passes to a program) at a constant offset.
//
//   %k = select i1 %c, i64 16, i64 32          br %c, %a, %b
//   %p = getelementptr i8, ptr %ctx, i64 %k    a: %x = load (ctx + 16)
//   %v = load i32, ptr %p                ->    b: %y = load (ctx + 32)
//                                              %v = phi [%x, %a], [%y, %b]
//
// The kernel rewrites each access of the context into one of its own structure
// by its offset, and refuses an offset that is not in the instruction
// ("dereference of modified ctx ptr"). LLVM sinks `c ? ctx->a : ctx->b` into
// the left side.

#include "frontend/pipeline/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr unsigned MaxSteps = 16;   ///< instructions in one address
constexpr unsigned MaxChoices = 64; ///< accesses made anew in one function

/// The path from an access to the choice in its address: the choice first.
using Chain = SmallVector<Instruction *, 8>;

bool leadsToContext(const Value *V, const Argument &Context, unsigned Steps) {
  if (V == &Context)
    return true;
  if (!Steps)
    return false;
  if (auto *Gep = dyn_cast<GetElementPtrInst>(V))
    return leadsToContext(Gep->getPointerOperand(), Context, Steps - 1);
  if (auto *Select = dyn_cast<SelectInst>(V))
    return leadsToContext(Select->getTrueValue(), Context, Steps - 1) &&
           leadsToContext(Select->getFalseValue(), Context, Steps - 1);
  if (auto *Phi = dyn_cast<PHINode>(V))
    return Phi->getNumIncomingValues() <= 4 &&
           all_of(Phi->incoming_values(), [&](const Use &U) {
             return U.get() != Phi &&
                    leadsToContext(U.get(), Context, Steps / 2);
           });
  return false;
}

/// Finds a select or phi that \p V depends on through address arithmetic.
bool findChoice(Value *V, Chain &Path, unsigned Steps) {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !Steps)
    return false;
  if (isa<SelectInst, PHINode>(I)) {
    Path.push_back(I);
    return true;
  }
  if (!isa<GetElementPtrInst, CastInst, BinaryOperator>(I) ||
      isa<PtrToIntInst, IntToPtrInst>(I))
    return false;
  for (Value *Operand : I->operands())
    if (findChoice(Operand, Path, Steps - 1)) {
      Path.push_back(I);
      return true;
    }
  return false;
}

/// The access, and the address steps before it, with \p Value for the choice.
Instruction *cloneAccess(Instruction &Access, const Chain &Path, Value *Value,
                         Instruction *Before) {
  Instruction *Old = Path.front();
  for (Instruction *Step : llvm::drop_begin(Path)) {
    Instruction *New = Step->clone();
    New->replaceUsesOfWith(Old, Value);
    New->insertBefore(Before->getIterator());
    Old = Step;
    Value = New;
  }
  Instruction *New = Access.clone();
  New->setOperand(isa<LoadInst>(Access) ? 0 : 1, Value);
  New->insertBefore(Before->getIterator());
  return New;
}

void replaceWithPhi(Instruction &Access, ArrayRef<Instruction *> Clones,
                    BasicBlock::iterator At) {
  if (!Access.getType()->isVoidTy()) {
    PHINode *Phi = PHINode::Create(Access.getType(), unsigned(Clones.size()));
    Phi->insertBefore(At);
    for (Instruction *C : Clones)
      Phi->addIncoming(C, C->getParent());
    Access.replaceAllUsesWith(Phi);
  }
  Access.eraseFromParent();
}

void splitSelect(Instruction &Access, const Chain &Path) {
  auto *Select = cast<SelectInst>(Path.front());
  Instruction *Then, *Else;
  SplitBlockAndInsertIfThenElse(Select->getCondition(), Access.getIterator(),
                                &Then, &Else);
  Instruction *Clones[] = {
      cloneAccess(Access, Path, Select->getTrueValue(), Then),
      cloneAccess(Access, Path, Select->getFalseValue(), Else)};
  replaceWithPhi(Access, Clones, Access.getParent()->begin());
}

/// An access may move up to the ends of the preceding blocks if it lies in the
/// phi's block with nothing before it that touches memory.
bool canMoveUp(const Instruction &Access, const Chain &Path) {
  const BasicBlock *B = Path.front()->getParent();
  for (const Instruction *Step : Path)
    if (Step->getParent() != B)
      return false;
  if (Access.getParent() != B)
    return false;
  for (const Instruction &I : *B) {
    if (&I == &Access)
      break;
    if (I.mayReadOrWriteMemory())
      return false;
    // What the address needs beside the choice must exist before the block.
    if (!isa<PHINode>(I) && !is_contained(Path, &I) &&
        any_of(I.users(), [&](const User *U) {
          return U == &Access || is_contained(Path, U);
        }))
      return false;
  }
  return all_of(predecessors(B), [](const BasicBlock *P) {
    return isa<BranchInst>(P->getTerminator());
  });
}

void splitPhi(Instruction &Access, const Chain &Path) {
  auto *Phi = cast<PHINode>(Path.front());
  BasicBlock *B = Phi->getParent();
  SmallVector<BasicBlock *, 4> Before(predecessors(B));
  SmallPtrSet<BasicBlock *, 4> Done;
  SmallVector<Instruction *, 4> Clones;
  for (BasicBlock *P : Before) {
    if (!Done.insert(P).second)
      continue;
    if (P->getSingleSuccessor() != B)
      P = SplitEdge(P, B);
    Instruction *End = P->getTerminator();
    Clones.push_back(
        cloneAccess(Access, Path, Phi->getIncomingValueForBlock(P), End));
    // Other phis of this block that the address reads take P's values too.
    for (Instruction &New : *P)
      for (Use &U : New.operands())
        if (auto *Other = dyn_cast<PHINode>(U.get());
            Other && Other->getParent() == B)
          U.set(Other->getIncomingValueForBlock(P));
  }
  replaceWithPhi(Access, Clones, B->getFirstNonPHIIt());
}

bool fixAccess(Instruction &Access, const Argument &Context) {
  Value *Address = getLoadStorePointerOperand(&Access);
  Chain Path;
  if (!leadsToContext(Address, Context, MaxSteps) ||
      !findChoice(Address, Path, MaxSteps))
    return false;
  if (isa<SelectInst>(Path.front())) {
    splitSelect(Access, Path);
    return true;
  }
  if (!canMoveUp(Access, Path))
    return false;
  splitPhi(Access, Path);
  return true;
}

} // namespace

PreservedAnalyses ContextAccessPass::run(Function &F,
                                         FunctionAnalysisManager &) {
  if (F.isDeclaration() || !F.hasSection() || F.arg_empty() ||
      !F.getArg(0)->getType()->isPointerTy())
    return PreservedAnalyses::all();
  bool Changed = false;
  for (unsigned Round = 0; Round < MaxChoices; ++Round) {
    Instruction *Fixed = nullptr;
    for (BasicBlock &B : F) {
      for (Instruction &I : make_early_inc_range(B))
        if (isa<LoadInst, StoreInst>(I) && fixAccess(I, *F.getArg(0))) {
          Fixed = &I;
          break; // the block was split
        }
      if (Fixed)
        break;
    }
    if (!Fixed)
      break;
    Changed = true;
  }
  return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace bpfcc

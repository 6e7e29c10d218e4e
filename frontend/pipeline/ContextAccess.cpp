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
// ("dereference of modified ctx ptr") and an instruction that accesses the
// context on one way and a map value on another ("same insn cannot be used with
// different pointers"). LLVM sinks `c ? ctx->a : ctx->b` into the left side,
// and `c ? ctx->a : value->a` likewise.

#include "frontend/pipeline/Passes.h"

#include "llvm/Analysis/CFG.h"
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

/// Whether an address is the context's plus something, on some way at least.
/// One that moves in a loop is not.
class Provenance {
public:
  explicit Provenance(const Argument &Context) { Known[&Context] = Ours; }

  bool leadsToContext(const Value *V) { return kindOf(V, 0) == Ours; }

private:
  enum Kind { Other, Ours, Moving }; ///< of several ways the last counts

  Kind kindOf(const Value *V, unsigned Depth) {
    constexpr unsigned MaxDepth = 256;
    auto [It, New] = Known.try_emplace(V, Moving);
    if (!New)
      return It->second;
    if (Depth == MaxDepth)
      return Moving;
    Kind Found = Other;
    auto Meet = [&](const Value *From) {
      Found = std::max(Found, kindOf(From, Depth + 1));
    };
    if (auto *Gep = dyn_cast<GetElementPtrInst>(V))
      Meet(Gep->getPointerOperand());
    else if (auto *Select = dyn_cast<SelectInst>(V)) {
      Meet(Select->getTrueValue());
      Meet(Select->getFalseValue());
    } else if (auto *Phi = dyn_cast<PHINode>(V))
      for_each(Phi->incoming_values(), Meet);
    return Known[V] = Found;
  }

  DenseMap<const Value *, Kind> Known;
};

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
    return isa<BranchInst, SwitchInst>(P->getTerminator()) &&
           (!P->getUniqueSuccessor() || P->getSingleSuccessor());
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
      P = SplitCriticalEdge(
          P->getTerminator(), GetSuccessorNumber(P, B),
          CriticalEdgeSplittingOptions().setMergeIdenticalEdges());
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

/// Says with a number which of some constant addresses a choice has taken.
class Numbering {
public:
  explicit Numbering(Argument &Context) : Context(Context) {}

  /// The number for \p V; null if it is neither a choice nor can be had
  /// anywhere, as a constant and the context plus a constant can.
  Value *numberOf(Value *V, unsigned Steps) {
    auto *Int = Type::getInt32Ty(V->getContext());
    if (isFree(V)) {
      auto At = find(Constants, V);
      if (At == Constants.end())
        At = &Constants.emplace_back(V);
      return ConstantInt::get(Int, At - Constants.begin());
    }
    if (!Steps)
      return nullptr;
    if (auto *Select = dyn_cast<SelectInst>(V)) {
      Value *Then = numberOf(Select->getTrueValue(), Steps - 1);
      Value *Else = numberOf(Select->getFalseValue(), Steps - 1);
      return Then && Else ? IRBuilder<>(Select).CreateSelect(
                                Select->getCondition(), Then, Else)
                          : nullptr;
    }
    auto *Phi = dyn_cast<PHINode>(V);
    if (!Phi)
      return nullptr;
    SmallVector<Value *, 8> Incoming;
    for (Value *In : Phi->incoming_values())
      if (Value *N = numberOf(In, Steps - 1))
        Incoming.push_back(N);
      else
        return nullptr;
    PHINode *Number =
        IRBuilder<>(Phi).CreatePHI(Int, unsigned(Incoming.size()));
    for (auto [N, Block] : zip(Incoming, Phi->blocks()))
      Number->addIncoming(N, Block);
    return Number;
  }

  Value *addressOf(Value *Number, IRBuilder<> &Builder) {
    Value *Chosen = nullptr;
    for (auto [N, V] : enumerate(Constants)) {
      APInt Offset(64, 0);
      Value *Address = V;
      if (!isa<Constant>(V)) {
        V->stripAndAccumulateConstantOffsets(layout(), Offset, true);
        Address = Builder.CreatePtrAdd(&Context, Builder.getInt(Offset));
      }
      Chosen = Chosen ? Builder.CreateSelect(
                            Builder.CreateICmpEQ(Number, Builder.getInt32(N)),
                            Address, Chosen)
                      : Address;
    }
    return Chosen;
  }

private:
  const DataLayout &layout() const {
    return Context.getParent()->getDataLayout();
  }

  bool isFree(const Value *V) const {
    APInt Offset(64, 0);
    return isa<Constant>(V) || V->stripAndAccumulateConstantOffsets(
                                   layout(), Offset, true) == &Context;
  }

  Argument &Context;
  SmallVector<Value *, 8> Constants;
};

/// Where the access cannot move up to the choice, the choice comes down to the
/// access: as a number, from which selects make the address.
bool bringDown(PHINode &Phi, Argument &Context) {
  Numbering Numbers(Context);
  Value *Number = Numbers.numberOf(&Phi, MaxSteps);
  if (!Number)
    return false;
  BasicBlock *B = Phi.getParent();
  IRBuilder<> Builder(B, B->getFirstInsertionPt());
  Phi.replaceAllUsesWith(Numbers.addressOf(Number, Builder));
  Phi.eraseFromParent();
  return true;
}

bool fixAccess(Instruction &Access, Argument &Context, Provenance &Origins) {
  Value *Address = getLoadStorePointerOperand(&Access);
  Chain Path;
  if (!Origins.leadsToContext(Address) || !findChoice(Address, Path, MaxSteps))
    return false;
  if (isa<SelectInst>(Path.front())) {
    splitSelect(Access, Path);
    return true;
  }
  if (!canMoveUp(Access, Path))
    return bringDown(*cast<PHINode>(Path.front()), Context);
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
    Provenance Origins(*F.getArg(0));
    for (BasicBlock &B : F) {
      for (Instruction &I : make_early_inc_range(B))
        if (isa<LoadInst, StoreInst>(I) &&
            fixAccess(I, *F.getArg(0), Origins)) {
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

// Needs: IR without switch. Gives: IR without select, and without icmp as a
// value.
//
//   %m = select %c, %a, %b            br %c, Yes, Join
//                               ->    Yes: br Join
//                                     Join: %m = phi [%a, Yes], [%b, Before]
//
//   %z = zext (icmp eq %x, 3)   ->    the same with phi [1, Yes], [0, Before]
//
//   %s = add %x, (zext (icmp ..))    br %c, Yes, Join
//                               ->    Yes: %y = add %x, 1
//                                     Join: %s = phi [%y, Yes], [%x, Before]
//
// Selects that stand together and have one condition share the branch. What
// only one arm needs moves to where it is taken, and that arm has the block.
// If no arm is computed, a constant has it: the other arm is a value that may
// stay in its register. Of two constants, the one that the condition compares
// with is in a register already.

#include "backend/prepare/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

/// What a branch on \p Condition before \p Before looks like.
struct Diamond {
  BasicBlock *Before, *Yes, *Join;
};

Diamond makeDiamond(Value *Condition, Instruction *At) {
  BasicBlock *Before = At->getParent();
  BasicBlock *Join = Before->splitBasicBlock(At->getIterator());
  BasicBlock *Yes =
      BasicBlock::Create(At->getContext(), "", Before->getParent(), Join);
  BranchInst::Create(Join, Yes)->setDebugLoc(At->getDebugLoc());
  Before->getTerminator()->eraseFromParent();
  BranchInst::Create(Yes, Join, Condition, Before)
      ->setDebugLoc(At->getDebugLoc());
  return {Before, Yes, Join};
}

PHINode *joinValues(const Diamond &D, Value *IfYes, Value *IfNo,
                    const DebugLoc &Loc) {
  PHINode *Phi =
      PHINode::Create(IfYes->getType(), 2, "", D.Join->getFirstNonPHIIt());
  Phi->addIncoming(IfYes, D.Yes);
  Phi->addIncoming(IfNo, D.Before);
  Phi->setDebugLoc(Loc);
  return Phi;
}

bool sinks(const Value *V, const BasicBlock &From) {
  const auto *I = dyn_cast<Instruction>(V);
  return I && I->getParent() == &From && I->hasOneUse() &&
         !isa<PHINode, AllocaInst, SelectInst>(I) &&
         !I->mayReadOrWriteMemory() && !I->mayHaveSideEffects();
}

/// Moves what only the arm needs into its block: each before what needs it.
void sinkArm(Value *V, BasicBlock &Arm, const BasicBlock &From) {
  SmallVector<Value *, 8> Work{V};
  while (!Work.empty()) {
    Value *Next = Work.pop_back_val();
    if (!sinks(Next, From))
      continue;
    auto *I = cast<Instruction>(Next);
    I->moveBefore(Arm, Arm.begin());
    append_range(Work, I->operand_values());
  }
}

/// Whether \p Condition says that something equals \p C.
bool comparesWith(const Value *Condition, const Constant *C) {
  const auto *Compare = dyn_cast<ICmpInst>(Condition);
  return Compare && C && Compare->getOperand(1) == C &&
         Compare->getPredicate() == CmpInst::ICMP_EQ;
}

/// Whether the arm for false, not that for true, gets the block.
bool falseArmHasBlock(const SelectInst &S) {
  const auto *IfTrue = dyn_cast<Constant>(S.getTrueValue());
  const auto *IfFalse = dyn_cast<Constant>(S.getFalseValue());
  if (IfTrue && IfFalse)
    return comparesWith(S.getCondition(), IfTrue);
  if (IfTrue)
    return sinks(S.getFalseValue(), *S.getParent());
  if (IfFalse)
    return !sinks(S.getTrueValue(), *S.getParent());
  return false;
}

/// Lowers selects that stand together and have one condition.
void lowerGroup(ArrayRef<SelectInst *> Group) {
  SelectInst *First = Group.front();
  Value *Condition = First->getCondition();
  bool Swap = falseArmHasBlock(*First);
  if (Swap) {
    IRBuilder<> Builder(First);
    auto *Compare = dyn_cast<ICmpInst>(Condition);
    bool OnlyHere = Compare && all_of(Compare->users(), [&](User *U) {
                      return is_contained(Group, U);
                    });
    if (OnlyHere)
      Compare->setPredicate(Compare->getInversePredicate());
    else
      Condition = Builder.CreateNot(Condition);
  }
  Diamond D = makeDiamond(Condition, First);
  for (SelectInst *S : Group) {
    Value *IfYes = Swap ? S->getFalseValue() : S->getTrueValue();
    Value *IfNo = Swap ? S->getTrueValue() : S->getFalseValue();
    PHINode *Phi = joinValues(D, IfYes, IfNo, S->getDebugLoc());
    Phi->takeName(S);
    S->replaceAllUsesWith(Phi);
    S->eraseFromParent();
  }
  for (PHINode &Phi : D.Join->phis())
    sinkArm(Phi.getIncomingValueForBlock(D.Yes), *D.Yes, *D.Before);
}

bool isValueUse(const Use &U) { return !isa<BranchInst>(U.getUser()); }

Constant *extended(const Instruction &Extend, bool Truth) {
  Type *Ty = Extend.getType();
  if (!Truth)
    return Constant::getNullValue(Ty);
  return isa<SExtInst>(Extend) ? Constant::getAllOnesValue(Ty)
                               : ConstantInt::get(Ty, 1);
}

void materialise(ICmpInst &Compare) {
  Instruction *At = Compare.getNextNode();
  Diamond D = makeDiamond(&Compare, At);
  PHINode *Truth = nullptr;
  for (Use &U : make_early_inc_range(Compare.uses())) {
    auto *User = cast<Instruction>(U.getUser());
    if (!isValueUse(U))
      continue;
    if (isa<ZExtInst, SExtInst>(User)) {
      User->replaceAllUsesWith(joinValues(D, extended(*User, true),
                                          extended(*User, false),
                                          User->getDebugLoc()));
      User->eraseFromParent();
      continue;
    }
    if (!Truth)
      Truth = joinValues(D, ConstantInt::getTrue(Compare.getContext()),
                         ConstantInt::getFalse(Compare.getContext()),
                         Compare.getDebugLoc());
    U.set(Truth);
  }
}

/// `X op (zext C)`, where 0 changes nothing: `select C, X op 1, X`.
void foldTruth(BinaryOperator &Op) {
  if (Op.getOpcode() != Instruction::Add &&
      Op.getOpcode() != Instruction::Sub && Op.getOpcode() != Instruction::Or &&
      Op.getOpcode() != Instruction::Xor)
    return;
  bool Commutes = Op.isCommutative();
  for (unsigned N : {1u, 0u}) {
    Value *Truth = Op.getOperand(N), *X = Op.getOperand(1 - N);
    uint64_t Shift = 0;
    Value *Plain = Truth, *Shifted;
    if (match(Truth, m_OneUse(m_Shl(m_Value(Shifted), m_ConstantInt(Shift)))))
      Plain = Shifted;
    auto *Extend = dyn_cast<CastInst>(Plain);
    if ((N == 0 && !Commutes) || !Extend || !Extend->hasOneUse() ||
        !isa<ZExtInst, SExtInst>(Extend) || isa<Constant>(X))
      continue;
    auto *Compare = dyn_cast<ICmpInst>(Extend->getOperand(0));
    if (!Compare || !Compare->hasOneUse())
      continue;
    IRBuilder<> B(&Op);
    Constant *One = extended(*Extend, true);
    if (Shift)
      One = cast<Constant>(
          B.CreateShl(One, ConstantInt::get(One->getType(), Shift)));
    Value *Changed = B.CreateBinOp(Op.getOpcode(), X, One);
    Value *Select = B.CreateSelect(Compare, Changed, X);
    Select->takeName(&Op);
    Op.replaceAllUsesWith(Select);
    Op.eraseFromParent();
    RecursivelyDeleteTriviallyDeadInstructions(Truth);
    return;
  }
}

} // namespace

void foldTruths(Function &F) {
  for (BasicBlock &B : F)
    for (Instruction &I : make_early_inc_range(B))
      if (auto *Op = dyn_cast<BinaryOperator>(&I))
        foldTruth(*Op);
}

void lowerSelects(Function &F) {
  // Later blocks come to be while earlier ones are split.
  SmallVector<SmallVector<SelectInst *, 4>, 16> Groups;
  for (BasicBlock &B : F) {
    SelectInst *Last = nullptr;
    for (Instruction &I : B) {
      auto *S = dyn_cast<SelectInst>(&I);
      if (!S)
        continue;
      bool Joins =
          Last && Last->getNextNode() == S &&
          Last->getCondition() == S->getCondition() &&
          none_of(Groups.back(), [&](SelectInst *Other) {
            return S->getTrueValue() == Other || S->getFalseValue() == Other;
          });
      if (Joins)
        Groups.back().push_back(S);
      else
        Groups.push_back({S});
      Last = S;
    }
  }
  // From the end, so that each split moves only what follows up to the next.
  for (auto &Group : reverse(Groups))
    lowerGroup(Group);
}

void materialiseCompares(Function &F) {
  SmallVector<ICmpInst *, 16> Compares;
  for (Instruction &I : instructions(F))
    if (auto *Compare = dyn_cast<ICmpInst>(&I))
      if (any_of(Compare->uses(), isValueUse))
        Compares.push_back(Compare);
  for (ICmpInst *Compare : reverse(Compares))
    materialise(*Compare);
}

} // namespace bpfcc

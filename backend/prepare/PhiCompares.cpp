// Needs: any IR. Gives: IR in which a compare stands behind the join of what it
// compares.
//
//   A: br J                                J: %v = phi i8 [0, A], [%x, B]
//   B: %c = icmp eq %x, 17; br J      ->      %d = icmp eq %v, 17
//   J: %d = phi i1 [false, A], [%c, B]
//
// LLVM computes the compare where %x comes from. BPF has no truth values: each
// is a branch and two constants, and keeping one across a call takes a register
// as keeping %v does.

#include "backend/prepare/Passes.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

namespace {

/// A compare that \p Truth, a phi, gets from its preds, if it is one.
ICmpInst *compareOf(PHINode &Truth) {
  ICmpInst *Found = nullptr;
  for (Value *V : Truth.incoming_values()) {
    if (isa<ConstantInt>(V))
      continue;
    auto *Compare = dyn_cast<ICmpInst>(V);
    if (!Compare || !Compare->hasOneUse() ||
        !isa<ConstantInt>(Compare->getOperand(1)) ||
        (Found && (Found->getPredicate() != Compare->getPredicate() ||
                   Found->getOperand(1) != Compare->getOperand(1))))
      return nullptr;
    Found = Compare;
  }
  return Found;
}

/// Whether \p Compare of \p Joined is what \p Truth says, on each way.
bool says(const PHINode &Truth, const ICmpInst &Compare,
          const PHINode &Joined) {
  const auto *Limit = cast<ConstantInt>(Compare.getOperand(1));
  if (Joined.getType() != Limit->getType())
    return false;
  for (unsigned N = 0; N < Truth.getNumIncomingValues(); ++N) {
    const Value *V = Joined.getIncomingValueForBlock(Truth.getIncomingBlock(N));
    if (const auto *C = dyn_cast<ICmpInst>(Truth.getIncomingValue(N))) {
      if (C->getOperand(0) != V)
        return false;
      continue;
    }
    const auto *Number = dyn_cast<ConstantInt>(V);
    bool Is = cast<ConstantInt>(Truth.getIncomingValue(N))->isOne();
    if (!Number || ICmpInst::compare(Number->getValue(), Limit->getValue(),
                                     Compare.getPredicate()) != Is)
      return false;
  }
  return true;
}

/// A number that \p Compare finds to be \p Is.
ConstantInt *numberFor(const ICmpInst &Compare, bool Is) {
  const APInt &Limit = cast<ConstantInt>(Compare.getOperand(1))->getValue();
  for (const APInt &N :
       {APInt::getZero(Limit.getBitWidth()), Limit, Limit + 1, Limit - 1})
    if (ICmpInst::compare(N, Limit, Compare.getPredicate()) == Is)
      return ConstantInt::get(Compare.getContext(), N);
  return nullptr;
}

/// A phi that \p Compare, behind it, says \p Truth of.
PHINode *joinedFor(PHINode &Truth, const ICmpInst &Compare) {
  for (PHINode &Joined : Truth.getParent()->phis())
    if (&Joined != &Truth && says(Truth, Compare, Joined))
      return &Joined;
  SmallVector<Value *, 4> Values;
  for (Value *V : Truth.incoming_values()) {
    const auto *Known = dyn_cast<ConstantInt>(V);
    Values.push_back(Known ? numberFor(Compare, Known->isOne())
                           : cast<ICmpInst>(V)->getOperand(0));
    if (!Values.back())
      return nullptr;
  }
  PHINode *New =
      PHINode::Create(Compare.getOperand(0)->getType(), unsigned(Values.size()),
                      "", Truth.getIterator());
  for (unsigned N = 0; N < Values.size(); ++N)
    New->addIncoming(Values[N], Truth.getIncomingBlock(N));
  return New;
}

void compareBehind(PHINode &Truth) {
  ICmpInst *Compare = compareOf(Truth);
  PHINode *Joined = Compare ? joinedFor(Truth, *Compare) : nullptr;
  if (!Joined)
    return;
  IRBuilder<> B(Truth.getParent(), Truth.getParent()->getFirstNonPHIIt());
  Truth.replaceAllUsesWith(
      B.CreateICmp(Compare->getPredicate(), Joined, Compare->getOperand(1)));
  SmallVector<Value *, 4> Old(Truth.incoming_values());
  Truth.eraseFromParent();
  for (Value *V : Old)
    if (auto *I = dyn_cast<ICmpInst>(V); I && I->use_empty())
      I->eraseFromParent();
}

} // namespace

void comparePhis(Function &F) {
  for (BasicBlock &B : F)
    for (PHINode &Phi : make_early_inc_range(B.phis()))
      if (Phi.getType()->isIntegerTy(1))
        compareBehind(Phi);
}

} // namespace bpfcc

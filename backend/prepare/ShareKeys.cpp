// Needs: allocas in the entry block. Gives: one object where several hold the
// same constant for as long as they live, and are only read.
//
//   store i32 0, %a              store i32 0, %a
//   store i32 0, %b        ->    call lookup(@m, %a)
//   call lookup(@m, %a)          call lookup(@n, %a)
//   call lookup(@n, %b)
//
// Keys of array maps are such objects. That a helper only reads one, its call
// says (DescribeHelpers.h).

#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

namespace {

struct Key {
  AllocaInst *Object;
  StoreInst *Set;
};

std::optional<Key> asKey(AllocaInst &A) {
  Key K = {&A, nullptr};
  for (const Use &U : A.uses()) {
    auto *Store = dyn_cast<StoreInst>(U.getUser());
    if (Store && !K.Set && Store->isSimple() &&
        U.getOperandNo() == StoreInst::getPointerOperandIndex() &&
        isa<ConstantInt>(Store->getValueOperand()))
      K.Set = Store;
    else if (!isOnlyRead(U))
      return std::nullopt;
  }
  const DataLayout &DL = A.getDataLayout();
  if (!K.Set || A.getAllocationSize(DL) !=
                    DL.getTypeStoreSize(K.Set->getValueOperand()->getType()))
    return std::nullopt;
  return K;
}

} // namespace

void shareKeys(Function &F) {
  SmallVector<Key, 8> Keys;
  for (Instruction &I : F.getEntryBlock())
    if (auto *A = dyn_cast<AllocaInst>(&I))
      if (std::optional<Key> K = asKey(*A))
        Keys.push_back(*K);
  if (Keys.size() < 2)
    return;
  DominatorTree Dom(F);
  for (size_t N = 0; N < Keys.size(); ++N)
    for (size_t M = 0; M < Keys.size(); ++M) {
      Key &A = Keys[N], &B = Keys[M];
      if (N == M || !A.Object || !B.Object ||
          A.Set->getValueOperand() != B.Set->getValueOperand() ||
          !Dom.dominates(A.Set, B.Set))
        continue;
      A.Object->setAlignment(
          std::max(A.Object->getAlign(), B.Object->getAlign()));
      B.Set->eraseFromParent();
      A.Object->moveBefore(F.getEntryBlock().begin());
      B.Object->replaceAllUsesWith(A.Object);
      B.Object->eraseFromParent();
      B.Object = nullptr;
    }
}

} // namespace bpfcc

// Needs: IR with lifetime markers. Gives: IR in which stack objects that do
// not live at the same time share one alloca.
//
//   lifetime.start %a ... lifetime.end %a           %b is %a
//   lifetime.start %b ... lifetime.end %b     ->
//
// Inlining leaves a copy of a function's variables for each call of it, and a
// BPF frame has 512 bytes. Objects are taken by falling size, each into the
// first alloca that is free while it lives: first fit, as for any interval
// graph.

#include "backend/prepare/Passes.h"

#include "llvm/Analysis/StackLifetime.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

struct Slot {
  AllocaInst *Object;
  StackLifetime::LiveRange Busy;
};

uint64_t sizeOf(const AllocaInst &A) {
  return A.getAllocationSize(A.getDataLayout())
      .value_or(TypeSize::getFixed(0))
      .getFixedValue();
}

} // namespace

void shareStack(Function &F) {
  SmallVector<const AllocaInst *, 16> Objects;
  for (Instruction &I : F.getEntryBlock())
    if (auto *A = dyn_cast<AllocaInst>(&I); A && A->isStaticAlloca())
      Objects.push_back(A);
  if (Objects.size() < 2)
    return;
  stable_sort(Objects, [](const AllocaInst *A, const AllocaInst *B) {
    return sizeOf(*A) > sizeOf(*B);
  });
  StackLifetime Lifetimes(F, Objects, StackLifetime::LivenessType::May);
  Lifetimes.run();

  SmallVector<Slot, 16> Slots;
  for (const AllocaInst *Object : Objects) {
    auto *A = const_cast<AllocaInst *>(Object);
    const StackLifetime::LiveRange &Lives = Lifetimes.getLiveRange(Object);
    auto Free = find_if(Slots, [&](const Slot &S) {
      return S.Object->getType() == A->getType() && !S.Busy.overlaps(Lives);
    });
    if (Free == Slots.end()) {
      Slots.push_back({A, Lives});
      continue;
    }
    Free->Busy.join(Lives);
    Free->Object->setAlignment(
        std::max(Free->Object->getAlign(), A->getAlign()));
    A->replaceAllUsesWith(Free->Object);
    Free->Object->moveBefore(F.getEntryBlock().begin());
    A->eraseFromParent();
  }
  // What the markers said holds no longer.
  SmallVector<Instruction *, 16> Markers;
  for (Instruction &I : instructions(F))
    if (I.isLifetimeStartOrEnd())
      Markers.push_back(&I);
  for (Instruction *I : Markers)
    I->eraseFromParent();
}

} // namespace bpfcc

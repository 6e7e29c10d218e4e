// Needs: memcpy() not yet expanded. Gives: one where two copy what stands
// beside each other.
//
//   memcpy(eth->h_dest, v->dest, 6)        memcpy(eth->h_dest, v->dest, 12)
//   memcpy(eth->h_source, v->source, 6)  ->
//
// Six bytes take two loads and two stores; so do twelve. The two copies follow
// each other, and the second reads nothing that the first writes: they go from
// one kind of memory to another (PlainMemory.h), or within one object, away
// from what they write.

#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

struct Range {
  Value *Base;
  int64_t Begin, Size;

  bool endsAt(const Range &Next) const {
    return Base == Next.Base && Begin + Size == Next.Begin;
  }
};

Range rangeOf(Value *Address, uint64_t Size, const DataLayout &DL) {
  APInt Offset(64, 0);
  Value *Base = Address->stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true);
  return {Base, Offset.getSExtValue(), int64_t(Size)};
}

bool areApart(const Range &A, const Range &B) {
  if (A.Base == B.Base)
    return A.Begin + A.Size <= B.Begin || B.Begin + B.Size <= A.Begin;
  MemoryKind OfA = memoryKind(*A.Base), OfB = memoryKind(*B.Base);
  return OfA != OfB && OfA != MemoryKind::Unknown && OfB != MemoryKind::Unknown;
}

MemCpyInst *asCopy(Instruction &I) {
  auto *Copy = dyn_cast<MemCpyInst>(&I);
  return Copy && !Copy->isVolatile() && isa<ConstantInt>(Copy->getLength())
             ? Copy
             : nullptr;
}

uint64_t sizeOf(const MemCpyInst &Copy) {
  return cast<ConstantInt>(Copy.getLength())->getZExtValue();
}

/// Lets \p Second, which follows \p First, copy for both if it can.
void join(MemCpyInst &First, MemCpyInst &Second) {
  const DataLayout &DL = First.getDataLayout();
  uint64_t N = sizeOf(First), M = sizeOf(Second);
  constexpr uint64_t Largest = 64; // what comes in parts of 8 gains little
  if (N + M > Largest)
    return;
  Range To = rangeOf(First.getRawDest(), N, DL),
        From = rangeOf(First.getRawSource(), N, DL),
        NextTo = rangeOf(Second.getRawDest(), M, DL),
        NextFrom = rangeOf(Second.getRawSource(), M, DL);
  if (!areApart(To, NextFrom) || !To.endsAt(NextTo) || !From.endsAt(NextFrom))
    return;
  Second.setDest(First.getRawDest());
  Second.setSource(First.getRawSource());
  Second.setDestAlignment(First.getDestAlign().valueOrOne());
  Second.setSourceAlignment(First.getSourceAlign().valueOrOne());
  Second.setLength(ConstantInt::get(Second.getLength()->getType(), N + M));
  First.eraseFromParent();
}

} // namespace

void joinCopies(Function &F) {
  for (BasicBlock &B : F) {
    MemCpyInst *Last = nullptr;
    for (Instruction &I : B) {
      MemCpyInst *Copy = asCopy(I);
      if (Copy && Last)
        join(*Last, *Copy);
      if (Copy || I.mayReadOrWriteMemory())
        Last = Copy;
    }
  }
}

} // namespace bpfcc

// Needs: memcpy() not yet expanded. Gives: one where two copy what stands
// beside each other.
//
//   memcpy(eth->h_dest, v->dest, 6)        memcpy(eth->h_dest, v->dest, 12)
//   memcpy(eth->h_source, v->source, 6)  ->
//
// Six bytes take two loads and two stores; so do twelve. The two copies follow
// each other, and neither reads what the other writes: they go from one kind of
// memory to another (PlainMemory.h), or within one object, away from what they
// write.

#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

bool endsAt(const Extent &E, const Extent &Next) {
  return E.Base == Next.Base && E.Offset + E.Bytes == Next.Offset;
}

bool areApart(const Extent &A, const Extent &B) {
  if (A.Base == B.Base)
    return A.Offset + A.Bytes <= B.Offset || B.Offset + B.Bytes <= A.Offset;
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
  Extent To = extentOf(*First.getRawDest(), unsigned(N), DL),
         From = extentOf(*First.getRawSource(), unsigned(N), DL),
         NextTo = extentOf(*Second.getRawDest(), unsigned(M), DL),
         NextFrom = extentOf(*Second.getRawSource(), unsigned(M), DL);
  if (!endsAt(To, NextTo) || !endsAt(From, NextFrom) ||
      !areApart(To, NextFrom) || !areApart(NextTo, From))
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

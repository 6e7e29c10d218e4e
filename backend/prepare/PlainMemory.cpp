#include "backend/prepare/PlainMemory.h"

#include "llvm/Analysis/ValueTracking.h"

namespace bpfcc {

using namespace llvm;

template <typename T> static Extent extent(const T &I, Type *Ty) {
  const DataLayout &DL = I.getDataLayout();
  APInt Offset(64, 0);
  const Value *Base = I.getPointerOperand()->stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true);
  return {const_cast<Value *>(Base), Offset.getSExtValue(),
          unsigned(DL.getTypeStoreSize(Ty).getFixedValue())};
}

template <typename T> static bool isPlain(const T &I) {
  return I.isSimple() &&
         (I.getMetadata(PlainAccess) ||
          isa<AllocaInst>(getUnderlyingObject(I.getPointerOperand())));
}

Extent extentOf(const LoadInst &Load) { return extent(Load, Load.getType()); }

Extent extentOf(const StoreInst &Store) {
  return extent(Store, Store.getValueOperand()->getType());
}

bool mayBeWidened(const LoadInst &Load) { return isPlain(Load); }
bool mayBeWidened(const StoreInst &Store) { return isPlain(Store); }

} // namespace bpfcc

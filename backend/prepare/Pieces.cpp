#include "backend/prepare/Pieces.h"

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

bool fitsRegister(const Type &Ty) {
  if (Ty.isVoidTy() || Ty.isPointerTy())
    return true;
  if (!Ty.isIntegerTy())
    return false;
  unsigned Width = Ty.getIntegerBitWidth();
  return Width == 1 || (Width >= 8 && Width <= 64 && isPowerOf2_32(Width));
}

bool isPair(const Value *V) {
  if (isa<AtomicCmpXchgInst, CallBrInst>(V))
    return true;
  auto *Call = dyn_cast<CallInst>(V);
  return Call && Call->isInlineAsm();
}

unsigned numElements(const Type &Ty) {
  if (auto *S = dyn_cast<StructType>(&Ty))
    return S->getNumElements();
  if (auto *A = dyn_cast<ArrayType>(&Ty))
    return unsigned(std::min<uint64_t>(A->getNumElements(), UINT32_MAX));
  return cast<FixedVectorType>(&Ty)->getNumElements();
}

Type *elementType(Type &Ty, unsigned N) {
  if (auto *S = dyn_cast<StructType>(&Ty))
    return S->getElementType(N);
  return Ty.isArrayTy() ? Ty.getArrayElementType()
                        : cast<VectorType>(Ty).getElementType();
}

uint64_t elementOffset(Type &Ty, unsigned N, const DataLayout &DL) {
  if (auto *S = dyn_cast<StructType>(&Ty))
    return DL.getStructLayout(S)->getElementOffset(N);
  Type *Element = elementType(Ty, N);
  uint64_t Stride = Ty.isArrayTy() ? DL.getTypeAllocSize(Element)
                                   : DL.getTypeStoreSize(Element);
  return N * Stride;
}

bool canSplit(const Type &Ty) {
  if (isa<StructType, ArrayType, FixedVectorType>(Ty))
    return all_of(Ty.subtypes(), [](Type *Part) { return canSplit(*Part); });
  return Ty.isVoidTy() || Ty.isPointerTy() || Ty.isIntegerTy();
}

static void addPieces(Type &Ty, SmallVectorImpl<Type *> &Pieces) {
  if (Ty.isIntegerTy() && !fitsRegister(Ty)) {
    unsigned Limbs = divideCeil(Ty.getIntegerBitWidth(), 64u);
    Pieces.append(std::min(Limbs, MaxPieces + 1),
                  Type::getInt64Ty(Ty.getContext()));
    return;
  }
  if (isa<StructType, ArrayType, FixedVectorType>(Ty)) {
    for (unsigned N = 0; N < numElements(Ty) && Pieces.size() <= MaxPieces; ++N)
      addPieces(*elementType(Ty, N), Pieces);
    return;
  }
  if (fitsRegister(Ty) && !Ty.isVoidTy())
    Pieces.push_back(&Ty);
}

SmallVector<Type *, 2> pieceTypes(Type &Ty) {
  SmallVector<Type *, 2> Pieces;
  addPieces(Ty, Pieces);
  return Pieces;
}

} // namespace bpfcc

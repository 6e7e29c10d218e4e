// Needs: loads and stores of register types. Gives: none that is wider than
// its address allows.
//
//   load i32, align 2    ->   load i16; load i16; shl; or     (both byte
//   (of a packed field)                                        orders)
//
// The stack must be aligned for every kernel. Where a local variable is what
// an access lacks alignment for, the variable is aligned instead.

#include "backend/prepare/Accesses.h"

#include "backend/prepare/AccessWidth.h"
#include "backend/prepare/Passes.h"
#include "backend/prepare/Pieces.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;

namespace {

/// One access: where it is in the whole, how wide, and what its lowest bit is
/// worth there.
struct Part {
  unsigned At, Bytes, Shift;
};

SmallVector<Part, 8> partsOf(const Place &P, uint64_t Offset, unsigned Bytes,
                             bool BigEndian) {
  SmallVector<Part, 8> Parts;
  Alignment Aligned = alignmentOf(P.Address, P.Known);
  for (unsigned At = 0; At < Bytes;) {
    unsigned Width = Aligned.widthAt(Offset + At);
    while (Width > Bytes - At)
      Width /= 2;
    Parts.push_back({At, Width, 8 * (BigEndian ? Bytes - At - Width : At)});
    At += Width;
  }
  return Parts;
}

Value *addressOf(Builder &B, const Place &P, uint64_t At) {
  return At ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), P.Address, At)
            : P.Address;
}

bool isBigEndian(Builder &B) {
  return B.GetInsertBlock()->getModule()->getDataLayout().isBigEndian();
}

} // namespace

Value *loadBytes(Builder &B, const Place &From, uint64_t Offset,
                 unsigned Bytes) {
  Value *Whole = B.getInt64(0);
  for (Part P : partsOf(From, Offset, Bytes, isBigEndian(B))) {
    Value *V = B.CreateAlignedLoad(B.getIntNTy(P.Bytes * 8),
                                   addressOf(B, From, Offset + P.At),
                                   Align(P.Bytes), From.Volatile);
    Whole = B.CreateOr(Whole,
                       B.CreateShl(B.CreateZExt(V, B.getInt64Ty()), P.Shift));
  }
  return Whole;
}

void storeBytes(Builder &B, Value *V, const Place &To, uint64_t Offset,
                unsigned Bytes) {
  for (Part P : partsOf(To, Offset, Bytes, isBigEndian(B)))
    B.CreateAlignedStore(
        B.CreateTrunc(B.CreateLShr(V, P.Shift), B.getIntNTy(P.Bytes * 8)),
        addressOf(B, To, Offset + P.At), Align(P.Bytes), To.Volatile);
}

Alignment alignmentOf(Value *Address, Align Known) {
  constexpr uint64_t Widest = 8;
  Align There(accessWidth(*Address, Known));
  auto *I = dyn_cast<Instruction>(Address);
  if (!I)
    return {There};
  const DataLayout &DL = I->getDataLayout();
  APInt Offset(64, 0);
  Value *Start = Address->stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true);
  Align Base = std::min(getKnownAlignment(Start, DL, I), Align(Widest));
  if (auto *Local = dyn_cast<AllocaInst>(Start)) {
    uint64_t Size = Local->getAllocationSize(DL)
                        .value_or(TypeSize::getFixed(1))
                        .getFixedValue();
    Base = Align(std::clamp<uint64_t>(bit_floor(Size), Base.value(), Widest));
    Local->setAlignment(std::max(Local->getAlign(), Base));
  }
  if (Base < There)
    return {There};
  return {Base, Offset.getZExtValue()};
}

namespace {

void splitLoad(LoadInst &Load, unsigned Bytes, Builder &B) {
  Place From{Load.getPointerOperand(), Load.getAlign(), Load.isVolatile()};
  Value *V = loadBytes(B, From, 0, Bytes);
  Load.replaceAllUsesWith(Load.getType()->isPointerTy()
                              ? B.CreateIntToPtr(V, Load.getType())
                              : B.CreateTrunc(V, Load.getType()));
  Load.eraseFromParent();
}

void splitStore(StoreInst &Store, unsigned Bytes, Builder &B) {
  Place To{Store.getPointerOperand(), Store.getAlign(), Store.isVolatile()};
  Value *V = Store.getValueOperand();
  V = V->getType()->isPointerTy() ? B.CreatePtrToInt(V, B.getInt64Ty())
                                  : B.CreateZExt(V, B.getInt64Ty());
  storeBytes(B, V, To, 0, Bytes);
  Store.eraseFromParent();
}

} // namespace

void narrowAccesses(Function &F) {
  const DataLayout &DL = F.getDataLayout();
  Builder B(F.getContext(), InstSimplifyFolder(DL));
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    auto *Load = dyn_cast<LoadInst>(&I);
    auto *Store = dyn_cast<StoreInst>(&I);
    if ((!Load && !Store) || I.isAtomic())
      continue;
    Type *Ty = getLoadStoreType(&I);
    Value *Address = getLoadStorePointerOperand(&I);
    if (!fitsRegister(*Ty))
      continue;
    unsigned Bytes = unsigned(DL.getTypeStoreSize(Ty));
    Align Known = getLoadStoreAlignment(&I);
    if (Known.value() >= Bytes)
      continue;
    if (alignmentOf(Address, Known).widthAt(0) >= Bytes) {
      Load ? Load->setAlignment(Align(Bytes))
           : Store->setAlignment(Align(Bytes));
      continue;
    }
    B.SetInsertPoint(&I);
    Load ? splitLoad(*Load, Bytes, B) : splitStore(*Store, Bytes, B);
  }
}

} // namespace bpfcc

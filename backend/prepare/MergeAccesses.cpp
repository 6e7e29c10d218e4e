// Needs: loads and stores as wide as their addresses allow. Gives: fewer of
// them: two stores beside each other become one of twice the width.
//
//   store i32 0, %k             store i64 0, %k               constants
//   store i32 0, %k + 4
//
//   store i8 %x, %k             store i16 (low half of %x)    parts of a value
//   store i8 (%x >> 8), %k + 1
//
//   %a = load i16, %p           %a = load i32, %p             copies
//   store i16 %a, %q            store i32 %a, %q
//   %b = load i16, %p + 2
//   store i16 %b, %q + 2
//
//   store i64 0, %k             store i64 7, %k               constants over
//   store i32 7, %k                                           constants
//
// The wide store stands where the later one stood, so nothing between may touch
// what the earlier one writes. Only memory that takes accesses of any width is
// merged: the stack, and what markAccesses() has marked; a context, or a
// structure of the kernel, is read member by member. A constant of 64 bits must
// be one that a store can hold. Volatile and atomic accesses stay.

#include "backend/prepare/Accesses.h"
#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/BasicAliasAnalysis.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

constexpr unsigned Widest = 8;

/// A part of a value: \p Of, shifted right by \p Shift bits.
struct Part {
  Value *Of = nullptr;
  uint64_t Shift = 0;
};

Part partOf(Value *V) {
  Value *X;
  const APInt *Shift;
  // What is cut off above does not matter where a shift brings nothing down.
  while (match(V, m_Trunc(m_Value(X))) || match(V, m_ZExt(m_Value(X))))
    if (V->getType()->getScalarSizeInBits() <
        X->getType()->getScalarSizeInBits())
      V = X;
    else
      break;
  if (match(V, m_LShr(m_Value(X), m_APInt(Shift))) ||
      match(V, m_AShr(m_Value(X), m_APInt(Shift))))
    return {X, Shift->getLimitedValue()};
  return {V, 0};
}

class Merger {
public:
  explicit Merger(Function &F)
      : DL(F.getDataLayout()), LibraryFacts(noLibrary(F)),
        Library(LibraryFacts), Aliases(Library), Cache(F),
        Basic(DL, F, Library, Cache, nullptr) {
    Aliases.addAAResult(Basic);
  }

  void block(BasicBlock &B) {
    Pending.clear();
    for (Instruction &I : make_early_inc_range(B)) {
      auto *Store = dyn_cast<StoreInst>(&I);
      if (Store && isCandidate(*Store)) {
        while (StoreInst *Merged = merge(*Store))
          Store = Merged;
        forget(*Store);
        constexpr size_t Most = 16;
        if (Pending.size() == Most)
          Pending.erase(Pending.begin());
        Pending.push_back(Store);
      } else if (I.mayReadOrWriteMemory()) {
        forget(I);
      }
    }
  }

private:
  static TargetLibraryInfoImpl noLibrary(const Function &F) {
    TargetLibraryInfoImpl Facts(F.getParent()->getTargetTriple());
    Facts.disableAllFunctions();
    return Facts;
  }

  bool isCandidate(const StoreInst &S) const {
    Type *Ty = S.getValueOperand()->getType();
    return mayBeWidened(S) && (Ty->isIntegerTy() || Ty->isPointerTy()) &&
           isPowerOf2_64(DL.getTypeSizeInBits(Ty)) &&
           DL.getTypeSizeInBits(Ty) >= 8 && DL.getTypeStoreSize(Ty) <= Widest;
  }

  /// What \p I may do to the memory at \p Location.
  ModRefInfo touches(const Instruction &I, const MemoryLocation &Location) {
    if (const Value *Other = getLoadStorePointerOperand(&I)) {
      MemoryKind A = memoryKind(*Other), B = memoryKind(*Location.Ptr);
      if (A != B && A != MemoryKind::Unknown && B != MemoryKind::Unknown)
        return ModRefInfo::NoModRef;
    }
    return Aliases.getModRefInfo(&I, Location);
  }

  /// \p I comes next: stores that it may see, or write over, stay as they are.
  void forget(const Instruction &I) {
    erase_if(Pending, [&](StoreInst *S) {
      return isModOrRefSet(touches(I, MemoryLocation::get(S)));
    });
  }

  StoreInst *merge(StoreInst &Late) {
    Extent L = extentOf(Late);
    for (StoreInst *Early : reverse(Pending)) {
      Extent E = extentOf(*Early);
      if (E.Base != L.Base)
        continue;
      StoreInst *Merged = nullptr;
      if (E.Offset <= L.Offset && L.Offset + L.Bytes <= E.Offset + E.Bytes)
        Merged = overlay(*Early, E, Late, L);
      else if (E.Bytes == L.Bytes && 2 * E.Bytes <= Widest &&
               E.Offset + E.Bytes == L.Offset)
        Merged = join(*Early, Late, Late, E.Bytes);
      else if (E.Bytes == L.Bytes && 2 * E.Bytes <= Widest &&
               L.Offset + L.Bytes == E.Offset)
        Merged = join(Late, *Early, Late, E.Bytes);
      if (!Merged)
        continue;
      Merged->setDebugLoc(Late.getDebugLoc());
      if (MDNode *Plain = Early->getMetadata(PlainAccess))
        Merged->setMetadata(PlainAccess, Plain);
      Pending.erase(find(Pending, Early));
      drop(*Early);
      drop(Late);
      return Merged;
    }
    return nullptr;
  }

  static void drop(StoreInst &S) {
    SmallVector<Value *, 4> Work{S.getValueOperand()};
    S.eraseFromParent();
    while (!Work.empty()) {
      auto *I = dyn_cast<Instruction>(Work.pop_back_val());
      if (!I || !I->use_empty() || I->mayHaveSideEffects())
        continue;
      append_range(Work, I->operand_values());
      I->eraseFromParent();
    }
  }

  /// Whether a store instruction holds \p Bits.
  static bool isImmediate(const APInt &Bits) {
    return Bits.getBitWidth() <= 32 || Bits.isSignedIntN(32);
  }

  StoreInst *storeConstant(const APInt &Bits, Value *Address, Align Known,
                           StoreInst &At) {
    if (!isImmediate(Bits))
      return nullptr;
    IRBuilder<> B(&At);
    return B.CreateAlignedStore(B.getInt(Bits), Address, Known);
  }

  /// \p Late writes a constant over a part of the one that \p Early wrote.
  StoreInst *overlay(StoreInst &Early, const Extent &E, StoreInst &Late,
                     const Extent &L) {
    std::optional<APInt> Under = constantBits(Early.getValueOperand(), E.Bytes);
    std::optional<APInt> Over = constantBits(Late.getValueOperand(), L.Bytes);
    if (!Under || !Over)
      return nullptr;
    unsigned At = unsigned(L.Offset - E.Offset);
    if (DL.isBigEndian())
      At = E.Bytes - L.Bytes - At;
    Under->insertBits(*Over, At * 8);
    return storeConstant(*Under, Early.getPointerOperand(), Early.getAlign(),
                         Late);
  }

  /// One store at \p At of what \p Low and \p High, right above it, write.
  StoreInst *join(StoreInst &Low, StoreInst &High, StoreInst &At,
                  unsigned Bytes) {
    Value *Address = Low.getPointerOperand();
    unsigned Width = alignmentOf(Address, Low.getAlign()).widthAt(0);
    if (Width < 2 * Bytes)
      return nullptr;
    // The address may be computed behind the earlier store.
    if (auto *I = dyn_cast<Instruction>(Address);
        I && I->getParent() == At.getParent() && !I->comesBefore(&At))
      return nullptr;
    Align Known(2 * Bytes);
    if (auto L = constantBits(Low.getValueOperand(), Bytes),
        H = constantBits(High.getValueOperand(), Bytes);
        L && H)
      return storeConstant(DL.isBigEndian() ? L->concat(*H) : H->concat(*L),
                           Address, Known, At);
    IRBuilder<> B(&At);
    Value *Whole = joinParts(B, Low, High, Bytes);
    if (!Whole)
      Whole = joinLoads(Low, High, Bytes);
    return Whole ? B.CreateAlignedStore(Whole, Address, Known) : nullptr;
  }

  Value *joinParts(IRBuilder<> &B, StoreInst &Low, StoreInst &High,
                   unsigned Bytes) {
    Part L = partOf(Low.getValueOperand()), H = partOf(High.getValueOperand());
    if (DL.isBigEndian())
      std::swap(L, H);
    if (L.Of != H.Of || H.Shift != L.Shift + Bytes * 8 ||
        !L.Of->getType()->isIntegerTy() ||
        L.Shift + 2 * Bytes * 8 > L.Of->getType()->getIntegerBitWidth())
      return nullptr;
    Value *Whole = L.Shift ? B.CreateLShr(L.Of, L.Shift) : L.Of;
    return B.CreateTrunc(Whole, B.getIntNTy(2 * Bytes * 8));
  }

  Value *joinLoads(StoreInst &Low, StoreInst &High, unsigned Bytes) {
    auto Load = [&](StoreInst &S) -> LoadInst * {
      auto *L = dyn_cast<LoadInst>(S.getValueOperand());
      return L && L->hasOneUse() && L->getParent() == S.getParent() &&
                     mayBeWidened(*L)
                 ? L
                 : nullptr;
    };
    LoadInst *L = Load(Low), *H = Load(High);
    if (!L || !H)
      return nullptr;
    Extent A = extentOf(*L), B = extentOf(*H);
    if (A.Base != B.Base || A.Offset + Bytes != B.Offset ||
        alignmentOf(L->getPointerOperand(), L->getAlign()).widthAt(0) <
            2 * Bytes)
      return nullptr;
    LoadInst *First = L->comesBefore(H) ? L : H, *Second = First == L ? H : L;
    // At the second, if nothing between writes what the first has read; else at
    // the first, if nothing writes what the second reads.
    LoadInst *At = nullptr;
    if (!isWritten(*First, *Second, *First))
      At = Second;
    else if (!isWritten(*First, *Second, *Second))
      At = First;
    if (!At)
      return nullptr;
    Value *Address = L->getPointerOperand();
    if (auto *I = dyn_cast<Instruction>(Address);
        I && I->getParent() == At->getParent() && !I->comesBefore(At))
      return nullptr;
    IRBuilder<> Builder(At);
    LoadInst *Whole = Builder.CreateAlignedLoad(
        Builder.getIntNTy(2 * Bytes * 8), Address, Align(2 * Bytes));
    Whole->setDebugLoc(At->getDebugLoc());
    if (MDNode *Plain = L->getMetadata(PlainAccess))
      Whole->setMetadata(PlainAccess, Plain);
    return Whole;
  }

  /// Whether anything from \p First to \p Second may write what \p Of reads.
  bool isWritten(LoadInst &First, LoadInst &Second, LoadInst &Of) {
    constexpr unsigned Most = 64;
    unsigned Steps = 0;
    for (Instruction *I = &First; I != &Second; I = I->getNextNode()) {
      if (++Steps > Most)
        return true;
      if (I->mayWriteToMemory() &&
          isModSet(touches(*I, MemoryLocation::get(&Of))))
        return true;
    }
    return false;
  }

  const DataLayout &DL;
  TargetLibraryInfoImpl LibraryFacts;
  TargetLibraryInfo Library;
  AAResults Aliases;
  AssumptionCache Cache;
  BasicAAResult Basic;
  SmallVector<StoreInst *, 16> Pending; ///< in order of the block
};

} // namespace

void mergeAccesses(Function &F) {
  Merger M(F);
  for (BasicBlock &B : F)
    M.block(B);
}

} // namespace bpfcc

// Needs: loads as wide as their addresses allow. Gives: one load where a number
// was put together from narrower ones.
//
//   %a = load i8, %p                          %n = load i16, %p
//   %b = load i8, %p + 1                      %w = zext %n
//   %w = or (zext %a), (shl (zext %b), 8)
//
// In the other byte order the load is followed by a bswap. The tree of `or`s
// may have other operands: whichever parts stand beside each other in memory
// and in the number are joined, two by two. Nothing between the loads may
// write. As in MergeAccesses.cpp, only memory that takes accesses of any width
// is read so.
//
// Byte by byte is how packets are parsed portably; Merlin (ASPLOS 2024) finds
// most of its gain here.

#include "backend/prepare/Accesses.h"
#include "backend/prepare/Passes.h"
#include "backend/prepare/PlainMemory.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

namespace {

/// `Load << Shift`, a part of a number; Swapped if its bytes are reversed.
struct Part {
  LoadInst *Load;
  unsigned Shift, Bytes;
  int64_t Offset;
  bool Swapped = false;
};

class Joiner {
public:
  explicit Joiner(BinaryOperator &Root)
      : Root(Root), BigEndian(Root.getDataLayout().isBigEndian()) {}

  bool run() {
    collect(&Root, 0);
    if (Parts.size() < 2)
      return false;
    stable_sort(Parts, [](const Part &A, const Part &B) {
      return A.Offset < B.Offset;
    });
    bool Any = false;
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (size_t N = 0; N + 1 < Parts.size() && !Changed; ++N)
        Changed = join(N);
      Any |= Changed;
    }
    if (Any)
      rebuild();
    return Any;
  }

private:
  void collect(Value *V, unsigned Depth) {
    constexpr unsigned MaxDepth = 16;
    auto *Or = dyn_cast<BinaryOperator>(V);
    if (Or && Or->getOpcode() == Instruction::Or && Depth < MaxDepth &&
        Or->getParent() == Root.getParent() &&
        (Or == &Root || Or->hasOneUse())) {
      collect(Or->getOperand(0), Depth + 1);
      collect(Or->getOperand(1), Depth + 1);
      return;
    }
    if (!addPart(V))
      Rest.push_back(V);
  }

  bool addPart(Value *V) {
    uint64_t Shift = 0;
    Value *X = V;
    if (match(V, m_OneUse(m_Shl(m_Value(X), m_ConstantInt(Shift)))))
      V = X;
    else
      Shift = 0;
    if (match(V, m_OneUse(m_ZExt(m_Value(X)))))
      V = X;
    auto *Load = dyn_cast<LoadInst>(V);
    if (!Load || !Load->hasOneUse() || !Load->getType()->isIntegerTy() ||
        Load->getParent() != Root.getParent() || !mayBeWidened(*Load) ||
        Shift % 8)
      return false;
    Extent E = extentOf(*Load);
    if (8 * E.Bytes != Load->getType()->getIntegerBitWidth() ||
        Shift + 8 * E.Bytes > Root.getType()->getIntegerBitWidth() ||
        (Base && Base != E.Base))
      return false;
    Base = E.Base;
    Parts.push_back({Load, unsigned(Shift), E.Bytes, E.Offset});
    return true;
  }

  bool join(size_t N) {
    Part &L = Parts[N], &H = Parts[N + 1];
    unsigned Bytes = L.Bytes;
    if (H.Bytes != Bytes || L.Offset + Bytes != H.Offset || 2 * Bytes > 8 ||
        (Bytes > 1 && L.Swapped != H.Swapped))
      return false;
    bool Rises = L.Shift + 8 * Bytes == H.Shift;
    bool Falls = H.Shift + 8 * Bytes == L.Shift;
    bool Swapped = BigEndian ? Rises : Falls;
    if ((!Rises && !Falls) || (Bytes > 1 && Swapped != L.Swapped) ||
        alignmentOf(L.Load->getPointerOperand(), L.Load->getAlign())
                .widthAt(0) < 2 * Bytes)
      return false;
    LoadInst *First = L.Load->comesBefore(H.Load) ? L.Load : H.Load;
    LoadInst *Last = First == L.Load ? H.Load : L.Load;
    if (writesBetween(*First, *Last))
      return false;
    IRBuilder<> B(Last);
    LoadInst *Whole =
        B.CreateAlignedLoad(B.getIntNTy(16 * Bytes),
                            L.Load->getPointerOperand(), L.Load->getAlign());
    Whole->setDebugLoc(Last->getDebugLoc());
    if (MDNode *Plain = L.Load->getMetadata(PlainAccess))
      Whole->setMetadata(PlainAccess, Plain);
    L = {Whole, std::min(L.Shift, H.Shift), 2 * Bytes, L.Offset, Swapped};
    Parts.erase(Parts.begin() + N + 1);
    return true;
  }

  static bool writesBetween(Instruction &First, Instruction &Last) {
    constexpr unsigned Most = 64;
    unsigned Steps = 0;
    for (Instruction *I = &First; I != &Last; I = I->getNextNode())
      if (++Steps > Most || I->mayWriteToMemory())
        return true;
    return false;
  }

  void rebuild() {
    IRBuilder<> B(&Root);
    Value *Sum = nullptr;
    auto Add = [&](Value *V) { Sum = Sum ? B.CreateOr(Sum, V) : V; };
    for (const Part &P : Parts) {
      Value *V = P.Load;
      if (P.Swapped)
        V = B.CreateUnaryIntrinsic(Intrinsic::bswap, V);
      V = B.CreateZExt(V, Root.getType());
      Add(P.Shift ? B.CreateShl(V, P.Shift) : V);
    }
    for (Value *V : Rest)
      Add(V);
    Root.replaceAllUsesWith(Sum);
    RecursivelyDeleteTriviallyDeadInstructions(&Root);
  }

  BinaryOperator &Root;
  bool BigEndian;
  Value *Base = nullptr;
  SmallVector<Part, 8> Parts;
  SmallVector<Value *, 4> Rest;
};

bool isRoot(const BinaryOperator &Or) {
  return Or.getOpcode() == Instruction::Or && Or.getType()->isIntegerTy() &&
         Or.getType()->getIntegerBitWidth() <= 64 &&
         !(Or.hasOneUse() &&
           match(Or.user_back(), m_Or(m_Value(), m_Value())) &&
           Or.getType() == Or.user_back()->getType() &&
           cast<Instruction>(Or.user_back())->getParent() == Or.getParent());
}

} // namespace

void mergeLoads(Function &F) {
  SmallVector<WeakVH, 16> Roots;
  for (Instruction &I : instructions(F))
    if (auto *Or = dyn_cast<BinaryOperator>(&I); Or && isRoot(*Or))
      Roots.push_back(Or);
  for (WeakVH &Root : Roots)
    if (auto *Or = cast_or_null<BinaryOperator>(Root))
      Joiner(*Or).run();
}

} // namespace bpfcc

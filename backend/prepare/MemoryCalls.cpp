// Needs: any IR. Gives: IR without memcpy, memmove, memset, memcmp and bcmp.
//
//   memcpy(d, s, 14)     ->  loads and stores of 8, 4 and 2 bytes, if both
//   (both 8-aligned)         addresses allow them
//   memcpy(d, "abc", 4)  ->  a store of 0x00636261, if d allows it
//   memcmp(a, b, 6) == 0 ->  load 4, compare, load 2, compare
//   memcpy(d, s, 5000)   ->  a loop with a constant count, then the rest
//
// Each chunk is loaded and stored before the next, so that few registers are
// needed. Where the ranges of a memmove may overlap, chunks go up or down,
// depending on which range is the lower. What comes from a constant object is
// stored as constants. A call whose size is not constant is one of the
// program's own function of that name, or of what Library.cpp has.

#include "backend/prepare/AccessWidth.h"
#include "backend/prepare/Accesses.h"
#include "backend/prepare/Library.h"
#include "backend/prepare/Passes.h"

#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

namespace bpfcc {

using namespace llvm;

namespace {

enum class MemoryKind { Copy, Move, Set, Compare };

struct MemoryCall {
  CallInst *Call;
  MemoryKind Kind;
  bool Volatile;
  Align Target, Source; ///< known of the first two arguments
};

constexpr uint64_t MaxStraightChunks = 128;
constexpr uint64_t MaxMoveChunks = 4;      ///< that are all loaded first
constexpr uint64_t MaxConstantBytes = 512; ///< from a constant object

/// Pieces of a range of bytes: offset and width.
using Chunks = SmallVector<std::pair<uint64_t, unsigned>, 16>;

class MemoryExpander {
public:
  MemoryExpander(const MemoryCall &C, uint64_t Size)
      : C(C), Size(Size), B(C.Call), First(C.Call->getArgOperand(0)),
        Second(C.Call->getArgOperand(1)) {
    Target = alignmentOf(First, C.Target);
    if (C.Kind == MemoryKind::Set) // an int in the library's form
      Second = B.CreateTrunc(Second, B.getInt8Ty());
    else if (!readsConstants())
      Source = alignmentOf(Second, C.Source);
    Width = widthAt(0);
  }

  /// False if the range is too large for what this kind of call can do.
  bool run() {
    bool Straight = Size / Width <= MaxStraightChunks;
    if (C.Kind == MemoryKind::Compare) {
      if (Straight)
        compare();
      return Straight;
    }
    if (C.Kind == MemoryKind::Move && !Constants && mayOverlap())
      move(Straight);
    else
      copy(Straight);
    C.Call->replaceAllUsesWith(C.Call->getType()->isVoidTy()
                                   ? PoisonValue::get(C.Call->getType())
                                   : First);
    C.Call->eraseFromParent();
    return true;
  }

private:
  unsigned widthAt(uint64_t Offset) const {
    return std::min(Target.widthAt(Offset), Source.widthAt(Offset));
  }

  Chunks cut(uint64_t From, uint64_t To) const {
    Chunks Result;
    for (uint64_t At = From; At < To; At += Result.back().second) {
      unsigned W = widthAt(At);
      while (W > To - At)
        W /= 2;
      Result.push_back({At, W});
    }
    return Result;
  }

  Type *intType(unsigned Bytes) { return B.getIntNTy(Bytes * 8); }

  Value *offset(Value *Base, uint64_t At) {
    if (C.Kind == MemoryKind::Set && Base == Second)
      return Base;
    return At ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Base, At) : Base;
  }

  Value *load(Value *From, unsigned W) {
    return B.CreateAlignedLoad(intType(W), From, Align(W), C.Volatile);
  }

  /// Finds out whether all that is read is known now.
  bool readsConstants() {
    if (C.Volatile || Size > MaxConstantBytes)
      return false;
    const DataLayout &DL = C.Call->getDataLayout();
    APInt Offset(DL.getIndexTypeSizeInBits(Second->getType()), 0);
    auto *G = dyn_cast<GlobalVariable>(
        Second->stripAndAccumulateConstantOffsets(DL, Offset, true));
    if (!G || !G->isConstant() || !G->hasDefinitiveInitializer() ||
        Offset.isNegative())
      return false;
    Constants = G->getInitializer();
    ConstantsAt = Offset.getZExtValue();
    for (uint64_t At = 0; At < Size; ++At)
      if (!isa_and_nonnull<ConstantInt>(constantAt(At, 1)))
        Constants = nullptr;
    return Constants;
  }

  Constant *constantAt(uint64_t At, unsigned W) {
    return Constants ? ConstantFoldLoadFromConst(Constants, intType(W),
                                                 APInt(64, ConstantsAt + At),
                                                 C.Call->getDataLayout())
                     : nullptr;
  }

  /// \p Byte in each byte of a value of \p W bytes.
  Value *splat(Value *Byte, unsigned W) {
    if (W == 1)
      return Byte;
    Type *Ty = intType(W);
    if (auto *Constant = dyn_cast<ConstantInt>(Byte))
      return ConstantInt::get(Ty, APInt::getSplat(W * 8, Constant->getValue()));
    if (!Wide) // before the call, where it dominates every chunk
      Wide = B.CreateMul(B.CreateZExt(Byte, B.getInt64Ty()),
                         B.getInt64(0x0101010101010101));
    return B.CreateTrunc(Wide, Ty);
  }

  void transfer(Value *To, Value *From, unsigned W) {
    Value *V = C.Kind == MemoryKind::Set ? splat(From, W) : load(From, W);
    B.CreateAlignedStore(V, To, Align(W), C.Volatile);
  }

  void transferAt(uint64_t At, unsigned W) {
    if (Constant *Known = constantAt(At, W))
      B.CreateAlignedStore(Known, offset(First, At), Align(W), C.Volatile);
    else
      transfer(offset(First, At), offset(Second, At), W);
  }

  void copy(bool Straight) {
    if (!Straight)
      return loop();
    for (auto [At, W] : cut(0, Size))
      transferAt(At, W);
  }

  /// Whether writing the target may change what is still to be read.
  bool mayOverlap() {
    const Value *To = getUnderlyingObject(First);
    const Value *From = getUnderlyingObject(Second);
    return To == From || !isIdentifiedObject(To) || !isIdentifiedObject(From);
  }

  void move(bool Straight) {
    Chunks All = cut(0, Size);
    if (All.size() <= MaxMoveChunks) {
      SmallVector<Value *, MaxMoveChunks> Values;
      for (auto [At, W] : All)
        Values.push_back(load(offset(Second, At), W));
      for (auto [Chunk, V] : zip(All, Values))
        B.CreateAlignedStore(V, offset(First, Chunk.first), Align(Chunk.second),
                             C.Volatile);
      return;
    }
    Instruction *Up, *Down;
    SplitBlockAndInsertIfThenElse(B.CreateICmpULT(First, Second),
                                  C.Call->getIterator(), &Up, &Down);
    B.SetInsertPoint(Up);
    copy(Straight);
    B.SetInsertPoint(Down);
    if (!Straight)
      return loopDown();
    for (auto [At, W] : reverse(All))
      transferAt(At, W);
  }

  struct Loop {
    PHINode *At;
    BasicBlock *Before, *Body, *After;
  };

  /// A loop before the builder's place, which counts from \p Start.
  Loop startLoop(uint64_t Start) {
    Instruction *Here = &*B.GetInsertPoint();
    Loop L;
    L.Before = Here->getParent();
    L.After = L.Before->splitBasicBlock(Here->getIterator());
    L.Body =
        BasicBlock::Create(B.getContext(), "", L.Before->getParent(), L.After);
    L.Before->getTerminator()->setSuccessor(0, L.Body);
    B.SetInsertPoint(L.Body);
    B.SetCurrentDebugLocation(C.Call->getDebugLoc());
    L.At = B.CreatePHI(B.getInt64Ty(), 2);
    L.At->addIncoming(B.getInt64(Start), L.Before);
    return L;
  }

  void endLoop(Loop &L, Value *Next, Value *Again) {
    L.At->addIncoming(Next, L.Body);
    B.CreateCondBr(Again, L.Body, L.After);
    B.SetInsertPoint(L.After, L.After->getFirstInsertionPt());
  }

  Value *distant(Value *Base, Value *At) {
    if (C.Kind == MemoryKind::Set && Base == Second)
      return Base;
    return B.CreateInBoundsGEP(B.getInt8Ty(), Base, At);
  }

  /// for (at = 0; at < Whole; at += Width) one chunk; then the rest
  void loop() {
    if (C.Kind == MemoryKind::Set)
      splat(Second, Width);
    uint64_t Whole = Size / Width * Width;
    Loop L = startLoop(0);
    transfer(distant(First, L.At), distant(Second, L.At), Width);
    Value *Next = B.CreateAdd(L.At, B.getInt64(Width));
    endLoop(L, Next, B.CreateICmpULT(Next, B.getInt64(Whole)));
    for (auto [Tail, W] : cut(Whole, Size))
      transferAt(Tail, W);
  }

  /// The same from the end.
  void loopDown() {
    uint64_t Whole = Size / Width * Width;
    for (auto [Tail, W] : reverse(cut(Whole, Size)))
      transferAt(Tail, W);
    Loop L = startLoop(Whole);
    Value *Next = B.CreateSub(L.At, B.getInt64(Width));
    transfer(distant(First, Next), distant(Second, Next), Width);
    endLoop(L, Next, B.CreateICmpNE(Next, B.getInt64(0)));
  }

  void compare() {
    bool OnlyEquality = all_of(C.Call->users(), [&](User *U) {
      auto *Compare = dyn_cast<ICmpInst>(U);
      return Compare && Compare->isEquality() &&
             PatternMatch::match(Compare->getOperand(1),
                                 PatternMatch::m_Zero());
    });
    Type *Int = C.Call->getType();
    if (Size == 0) {
      C.Call->replaceAllUsesWith(Constant::getNullValue(Int));
      C.Call->eraseFromParent();
      return;
    }
    BasicBlock *Before = C.Call->getParent();
    BasicBlock *After = Before->splitBasicBlock(C.Call->getIterator());
    Before->getTerminator()->eraseFromParent();
    BasicBlock *Differ =
        BasicBlock::Create(B.getContext(), "", Before->getParent(), After);
    PHINode *Result = PHINode::Create(Int, 2, "", After->begin());
    PHINode *Left = nullptr, *Right = nullptr;
    if (!OnlyEquality) {
      Left = PHINode::Create(B.getInt64Ty(), 2, "", Differ);
      Right = PHINode::Create(B.getInt64Ty(), 2, "", Differ);
    }
    B.SetInsertPoint(Before);
    B.SetCurrentDebugLocation(C.Call->getDebugLoc());
    for (auto [At, W] : cut(0, Size)) {
      Value *X = load(offset(First, At), W), *Y = constantAt(At, W);
      if (!Y)
        Y = load(offset(Second, At), W);
      if (!OnlyEquality) {
        X = B.CreateZExt(inMemoryOrder(X, W), B.getInt64Ty());
        Y = B.CreateZExt(inMemoryOrder(Y, W), B.getInt64Ty());
        Left->addIncoming(X, B.GetInsertBlock());
        Right->addIncoming(Y, B.GetInsertBlock());
      }
      BasicBlock *Next = At + W == Size
                             ? After
                             : BasicBlock::Create(B.getContext(), "",
                                                  Before->getParent(), Differ);
      B.CreateCondBr(B.CreateICmpNE(X, Y), Differ, Next);
      if (Next == After)
        Result->addIncoming(Constant::getNullValue(Int), B.GetInsertBlock());
      else
        B.SetInsertPoint(Next);
    }
    B.SetInsertPoint(Differ);
    B.SetCurrentDebugLocation(C.Call->getDebugLoc());
    Value *Order = ConstantInt::get(Int, 1);
    if (!OnlyEquality)
      Order = B.CreateSelect(B.CreateICmpULT(Left, Right),
                             Constant::getAllOnesValue(Int), Order);
    B.CreateBr(After);
    Result->addIncoming(Order, Differ);
    C.Call->replaceAllUsesWith(Result);
    C.Call->eraseFromParent();
    if (OnlyEquality)
      forwardEquality(*Result, *Differ);
  }

  /// A value whose order as a number is that of its bytes in memory.
  Value *inMemoryOrder(Value *V, unsigned W) {
    if (W == 1 || C.Call->getDataLayout().isBigEndian())
      return V;
    return B.CreateUnaryIntrinsic(Intrinsic::bswap, V);
  }

  /// `icmp eq %result, 0` is known where the result is made. A branch on it
  /// that follows at once is taken from there.
  void forwardEquality(PHINode &Result, BasicBlock &Differ) {
    BasicBlock *After = Result.getParent();
    auto *Branch = dyn_cast<BranchInst>(After->getTerminator());
    auto *Compare = Branch && Branch->isConditional()
                        ? dyn_cast<ICmpInst>(Branch->getCondition())
                        : nullptr;
    bool Follows =
        Compare && Compare->getOperand(0) == &Result && Compare->hasOneUse() &&
        Result.hasOneUse() && &After->front() == &Result &&
        Result.getNextNode() == Compare && Compare->getNextNode() == Branch;
    if (!Follows)
      return;
    bool IfEqual = Compare->getPredicate() == CmpInst::ICMP_EQ;
    BasicBlock *Same = Branch->getSuccessor(IfEqual ? 0 : 1);
    BasicBlock *Other = Branch->getSuccessor(IfEqual ? 1 : 0);
    if (Same == Other)
      return;
    for (PHINode &Phi : Other->phis())
      Phi.setIncomingBlock(unsigned(Phi.getBasicBlockIndex(After)), &Differ);
    Differ.getTerminator()->setSuccessor(0, Other);
    BranchInst::Create(Same, Branch)->setDebugLoc(Branch->getDebugLoc());
    Branch->eraseFromParent();
    Compare->eraseFromParent();
    Result.eraseFromParent();
  }

  const MemoryCall &C;
  uint64_t Size;
  IRBuilder<> B;
  Value *First, *Second;
  Alignment Target, Source{Align(8)};
  unsigned Width; ///< of what a loop moves
  Value *Wide = nullptr;
  Constant *Constants = nullptr; ///< what Second points into
  uint64_t ConstantsAt = 0;
};

/// Whether a function of that name is the library's: programs may declare
/// others.
bool hasTypesOf(MemoryKind Kind, const FunctionType &Ty) {
  Type *Result = Ty.getReturnType();
  return Ty.getNumParams() == 3 && Ty.getParamType(0)->isPointerTy() &&
         (Kind == MemoryKind::Set ? Ty.getParamType(1)->isIntegerTy()
                                  : Ty.getParamType(1)->isPointerTy()) &&
         Ty.getParamType(2)->isIntegerTy() &&
         (Kind == MemoryKind::Compare
              ? Result->isIntegerTy()
              : Result->isVoidTy() || Result == Ty.getParamType(0));
}

std::optional<MemoryCall> asMemoryCall(Instruction &I) {
  auto *Call = dyn_cast<CallInst>(&I);
  if (!Call)
    return std::nullopt;
  if (auto *M = dyn_cast<MemIntrinsic>(Call)) {
    MemoryCall C{Call, MemoryKind::Set, M->isVolatile(),
                 M->getDestAlign().valueOrOne(), Align(1)};
    if (auto *T = dyn_cast<MemTransferInst>(M)) {
      C.Kind = isa<MemMoveInst>(T) ? MemoryKind::Move : MemoryKind::Copy;
      C.Source = T->getSourceAlign().valueOrOne();
    }
    return C;
  }
  Function *Callee = Call->getCalledFunction();
  if (!Callee || !Callee->isDeclaration() || Call->arg_size() != 3)
    return std::nullopt;
  auto Kind = StringSwitch<std::optional<MemoryKind>>(Callee->getName())
                  .Case("memcpy", MemoryKind::Copy)
                  .Case("memmove", MemoryKind::Move)
                  .Case("memset", MemoryKind::Set)
                  .Cases({"memcmp", "bcmp"}, MemoryKind::Compare)
                  .Default(std::nullopt);
  if (!Kind || !hasTypesOf(*Kind, *Callee->getFunctionType()))
    return std::nullopt;
  return MemoryCall{Call, *Kind, false, Call->getParamAlign(0).valueOrOne(),
                    Call->getParamAlign(1).valueOrOne()};
}

const char *nameOf(MemoryKind Kind) {
  switch (Kind) {
  case MemoryKind::Copy:
    return "memcpy";
  case MemoryKind::Move:
    return "memmove";
  case MemoryKind::Set:
    return "memset";
  case MemoryKind::Compare:
    return "memcmp";
  }
  return "";
}

} // namespace

/// Calls the program's own function of that name, if it has one.
static bool callOwn(const MemoryCall &C) {
  Function *Own = C.Call->getModule()->getFunction(nameOf(C.Kind));
  if (!Own || Own->isDeclaration() || Own == C.Call->getFunction() ||
      !hasTypesOf(C.Kind, *Own->getFunctionType()))
    return false;
  IRBuilder<> B(C.Call);
  FunctionType *Ty = Own->getFunctionType();
  SmallVector<Value *, 3> Arguments;
  for (unsigned N = 0; N < 3; ++N) {
    Value *V = C.Call->getArgOperand(N);
    if (V->getType()->isIntegerTy())
      V = B.CreateZExtOrTrunc(V, Ty->getParamType(N));
    Arguments.push_back(V);
  }
  Value *Result = B.CreateCall(Ty, Own, Arguments);
  if (!C.Call->getType()->isVoidTy() && Result->getType() == C.Call->getType())
    C.Call->replaceAllUsesWith(Result);
  C.Call->eraseFromParent();
  return true;
}

/// Calls what Library.cpp has.
static void callLibrary(const MemoryCall &C) {
  IRBuilder<> B(C.Call);
  bool Compares = C.Kind == MemoryKind::Compare;
  bool Sets = C.Kind == MemoryKind::Set;
  Type *Int = B.getInt32Ty(), *Pointer = B.getPtrTy();
  FunctionType *Ty =
      FunctionType::get(Compares ? Int : Pointer,
                        {Pointer, Sets ? Int : Pointer, B.getInt64Ty()}, false);
  Value *Second = C.Call->getArgOperand(1);
  Value *Result = B.CreateCall(
      libraryFunction(*C.Call->getModule(), nameOf(C.Kind), *Ty),
      {C.Call->getArgOperand(0),
       Sets ? B.CreateZExtOrTrunc(Second, Int) : Second,
       B.CreateZExtOrTrunc(C.Call->getArgOperand(2), B.getInt64Ty())});
  if (Compares)
    Result = B.CreateSExtOrTrunc(Result, C.Call->getType());
  if (!C.Call->use_empty())
    C.Call->replaceAllUsesWith(Result);
  C.Call->eraseFromParent();
}

void expandMemoryCalls(Function &F) {
  SmallVector<MemoryCall, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto C = asMemoryCall(I))
      Calls.push_back(*C);
  for (const MemoryCall &C : reverse(Calls)) {
    auto *Size = dyn_cast<ConstantInt>(C.Call->getArgOperand(2));
    if (!Size && isa<MemIntrinsic>(C.Call) && callOwn(C))
      continue;
    if (!Size || !MemoryExpander(C, Size->getZExtValue()).run())
      callLibrary(C);
  }
}

} // namespace bpfcc

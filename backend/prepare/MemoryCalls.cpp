// Needs: any IR. Gives: IR without memcpy, memmove, memset, memcmp and bcmp.
//
//   memcpy(d, s, 14)     ->  loads and stores of 8, 4 and 2 bytes, if both
//   (both 8-aligned)         addresses allow them
//   memcpy(d, "abc", 4)   ->  a store of 0x00636261, if d allows it
//   memcmp(a, b, 6) == 0 ->  load 4, compare, load 2, compare
//   memcpy(d, s, 5000)   ->  a loop with a constant count, then the rest
//
// BPF has no library to call, so the size must be constant. Each chunk is
// loaded and stored before the next, so that few registers are needed;
// memmove loads all of them first.

#include "backend/prepare/AccessWidth.h"
#include "backend/prepare/Passes.h"
#include "backend/prepare/Where.h"

#include "llvm/Analysis/ConstantFolding.h"
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
constexpr uint64_t MaxMoveChunks = 32; ///< all are live at once

/// Pieces of a range of bytes: offset and width.
using Chunks = SmallVector<std::pair<uint64_t, unsigned>, 16>;

Chunks cut(uint64_t From, uint64_t To, unsigned Widest) {
  Chunks Result;
  unsigned Width = Widest;
  for (uint64_t At = From; At < To; At += Width) {
    while (Width > To - At || At % Width)
      Width /= 2;
    Result.push_back({At, Width});
  }
  return Result;
}

class MemoryExpander {
public:
  MemoryExpander(const MemoryCall &C, uint64_t Size)
      : C(C), Size(Size), B(C.Call), First(C.Call->getArgOperand(0)),
        Second(C.Call->getArgOperand(1)) {
    Width = widthOf(*First, C.Target);
    if (C.Kind != MemoryKind::Set)
      Width = std::min(Width, widthOf(*Second, C.Source));
    else // an int in the library's form
      Second = B.CreateTrunc(Second, B.getInt8Ty());
  }

  /// False if the range is too large for what this kind of call can do.
  bool run() {
    if (C.Kind == MemoryKind::Compare) {
      if (Size / Width > MaxStraightChunks)
        return false;
      compare();
      return true;
    }
    bool Straight = Size / Width <= MaxStraightChunks;
    if (C.Kind == MemoryKind::Move) {
      if (Size / Width > MaxMoveChunks)
        return false;
      move();
    } else if (Straight) {
      for (auto [At, W] : cut(0, Size, Width))
        transfer(offset(First, At), offset(Second, At), W);
    } else {
      loop();
    }
    C.Call->replaceAllUsesWith(C.Call->getType()->isVoidTy()
                                   ? PoisonValue::get(C.Call->getType())
                                   : First);
    C.Call->eraseFromParent();
    return true;
  }

private:
  /// Memory that is known at compile time is not accessed at all; a stack
  /// object is aligned as this access would like it.
  unsigned widthOf(Value &Address, Align Known) {
    constexpr unsigned Widest = 8;
    if (foldLoad(&Address, 1))
      return Widest;
    Align Wanted(uint64_t(1) << Log2_64(std::clamp<uint64_t>(Size, 1, Widest)));
    if (auto *Object = dyn_cast<AllocaInst>(Address.stripInBoundsOffsets()))
      Object->setAlignment(std::max(Object->getAlign(), Wanted));
    return accessWidth(Address, Known);
  }

  Constant *foldLoad(Value *From, unsigned W) {
    auto *Address = dyn_cast<Constant>(From);
    return Address ? ConstantFoldLoadFromConstPtr(Address, intType(W),
                                                  C.Call->getDataLayout())
                   : nullptr;
  }

  Type *intType(unsigned Bytes) { return B.getIntNTy(Bytes * 8); }

  Value *offset(Value *Base, uint64_t At) {
    if (C.Kind == MemoryKind::Set && Base == Second)
      return Base;
    return At ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Base, At) : Base;
  }

  Value *load(Value *From, unsigned W) {
    if (Constant *Known = C.Volatile ? nullptr : foldLoad(From, W))
      return Known;
    return B.CreateAlignedLoad(intType(W), From, Align(W), C.Volatile);
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

  void move() {
    SmallVector<Value *, 16> Values;
    Chunks All = cut(0, Size, Width);
    for (auto [At, W] : All)
      Values.push_back(load(offset(Second, At), W));
    for (auto [Chunk, V] : zip(All, Values))
      B.CreateAlignedStore(V, offset(First, Chunk.first), Align(Chunk.second),
                           C.Volatile);
  }

  /// for (i = 0; i != Size / Width; ++i) one chunk
  void loop() {
    if (C.Kind == MemoryKind::Set)
      splat(Second, Width);
    uint64_t Whole = Size / Width * Width;
    BasicBlock *Before = C.Call->getParent();
    BasicBlock *After = Before->splitBasicBlock(C.Call->getIterator());
    BasicBlock *Body =
        BasicBlock::Create(B.getContext(), "", Before->getParent(), After);
    Before->getTerminator()->setSuccessor(0, Body);
    B.SetInsertPoint(Body);
    B.SetCurrentDebugLocation(C.Call->getDebugLoc());
    PHINode *At = B.CreatePHI(B.getInt64Ty(), 2);
    At->addIncoming(B.getInt64(0), Before);
    Value *To = B.CreateInBoundsGEP(B.getInt8Ty(), First, At);
    Value *From = C.Kind == MemoryKind::Set
                      ? Second
                      : B.CreateInBoundsGEP(B.getInt8Ty(), Second, At);
    transfer(To, From, Width);
    Value *Next = B.CreateAdd(At, B.getInt64(Width));
    At->addIncoming(Next, Body);
    B.CreateCondBr(B.CreateICmpULT(Next, B.getInt64(Whole)), Body, After);
    B.SetInsertPoint(C.Call);
    for (auto [Tail, W] : cut(Whole, Size, Width))
      transfer(offset(First, Tail), offset(Second, Tail), W);
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
    for (auto [At, W] : cut(0, Size, Width)) {
      Value *X = load(offset(First, At), W), *Y = load(offset(Second, At), W);
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
  unsigned Width = 1;
  Value *Wide = nullptr;
};

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
  if (!Kind || !Call->getArgOperand(0)->getType()->isPointerTy())
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

Error expandMemoryCalls(Function &F) {
  SmallVector<MemoryCall, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto C = asMemoryCall(I))
      Calls.push_back(*C);
  Error Errors = Error::success();
  auto Refuse = [&](const MemoryCall &C, const char *Help) {
    Errors = joinErrors(std::move(Errors),
                        withHelp(diagError(DiagCode::LibcallUnsupported,
                                           whereIs(*C.Call), nameOf(C.Kind)),
                                 Help));
  };
  for (const MemoryCall &C : Calls) {
    auto *Size = dyn_cast<ConstantInt>(C.Call->getArgOperand(2));
    if (!Size)
      Refuse(C, "make the size a constant, or copy in a loop with a bound");
    else if (!MemoryExpander(C, Size->getZExtValue()).run())
      Refuse(C, "the block is too large: handle it in smaller pieces");
  }
  return Errors;
}

} // namespace bpfcc

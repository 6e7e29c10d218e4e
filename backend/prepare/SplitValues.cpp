// Needs: functions whose own and called signatures fit registers; no switch,
// no vector arithmetic. Gives: IR whose values fit registers.
//
//   %p = phi {i32, ptr} ...          %p0 = phi i32 ...   %p1 = phi ptr ...
//   %x = load i48, align 2      ->   three loads of i16, shl, or
//   %y = add i128 %a, %b             two adds and a carry (WideArithmetic.h)
//
// A value becomes the pieces that Pieces.h lists. Blocks are visited so that
// definitions come before uses; phis are filled at the end. The pairs that
// cmpxchg, inline assembly and callbr give stay: select takes them apart.

#include "backend/prepare/Passes.h"
#include "backend/prepare/Pieces.h"
#include "backend/prepare/Where.h"
#include "backend/prepare/WideArithmetic.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

class ValueSplitter {
public:
  explicit ValueSplitter(Function &F)
      : F(F), DL(F.getDataLayout()), B(F.getContext(), InstSimplifyFolder(DL)),
        Wide(B) {}

  Error run() {
    for (BasicBlock *Block : ReversePostOrderTraversal<Function *>(&F))
      for (Instruction &I : make_early_inc_range(*Block))
        if (concerns(I)) {
          Current = &I;
          B.SetInsertPoint(&I);
          split(I);
        }
    fillPhis();
    for (Instruction *I : reverse(Dead)) {
      if (!I->getType()->isVoidTy())
        I->replaceAllUsesWith(PoisonValue::get(I->getType()));
      I->eraseFromParent();
    }
    for (FreezeInst *I : Unknown) {
      I->replaceAllUsesWith(PoisonValue::get(I->getType()));
      I->eraseFromParent();
    }
    return std::move(Errors);
  }

private:
  static bool concerns(const Instruction &I) {
    if (!fitsRegister(*I.getType()) && !isPair(&I))
      return true;
    if (auto *Extract = dyn_cast<ExtractValueInst>(&I))
      return !isPair(Extract->getAggregateOperand());
    return any_of(I.operands(), [](const Use &U) {
      const Type &Ty = *U->getType();
      return Ty.isFirstClassType() && !Ty.isLabelTy() && !Ty.isMetadataTy() &&
             !Ty.isTokenTy() && !fitsRegister(Ty);
    });
  }

  static bool isWide(const Value *V) {
    return V->getType()->isIntegerTy() && !fitsRegister(*V->getType());
  }

  void fail(Error E) { Errors = joinErrors(std::move(Errors), std::move(E)); }

  /// Says what cannot be done; what follows sees zeros.
  void refuse(Instruction &I) {
    complain(I);
    define(I, zeros(*I.getType()));
  }

  void complain(const Instruction &I) {
    Type *Ty = fitsRegister(*I.getType()) && I.getNumOperands()
                   ? I.getOperand(0)->getType()
                   : I.getType();
    if (auto *Exchange = dyn_cast<AtomicCmpXchgInst>(&I))
      Ty = Exchange->getNewValOperand()->getType();
    SourceLoc Loc = whereIs(I);
    if (Ty->isIntegerTy())
      fail(diagError(DiagCode::WideIntUnsupported, Loc,
                     Ty->getIntegerBitWidth(), describe(I)));
    else
      fail(diagError(DiagCode::UnsupportedIr, Loc,
                     Ty->isVectorTy() ? "this vector operation"
                                      : "this use of a structure as a value"));
  }

  static StringRef describe(const Instruction &I) {
    if (I.isIntDivRem())
      return "division";
    return I.isAtomic() ? "atomic access" : "arithmetic";
  }

  Limbs zeros(Type &Ty) {
    Limbs Result;
    for (Type *Piece : pieceTypes(Ty))
      Result.push_back(Constant::getNullValue(Piece));
    return Result;
  }

  Limbs ofConstant(Constant &C) {
    Type &Ty = *C.getType();
    if (auto *Int = dyn_cast<ConstantInt>(&C); Int && Ty.isIntegerTy())
      return Wide.constant(Int->getValue());
    if (Ty.isIntegerTy() && !isa<UndefValue>(C)) {
      auto *Expr = dyn_cast<ConstantExpr>(&C);
      if (!Expr || isa<PHINode>(Current)) {
        complain(*Current);
        return zeros(Ty);
      }
      Instruction *I = Expr->getAsInstruction();
      I->insertBefore(B.GetInsertPoint());
      split(*I);
      return Map.lookup(I);
    }
    if (Ty.isIntegerTy()) // the bits above the width must be zero
      return zeros(Ty);
    Limbs Result;
    for (unsigned N = 0; N < numElements(Ty); ++N) {
      Constant *Element = C.getAggregateElement(N);
      if (!Element) {
        complain(*Current);
        return zeros(Ty);
      }
      append_range(Result, piecesOf(Element));
    }
    return Result;
  }

  /// The parts of a value that select takes apart, right behind it.
  Limbs ofPair(Instruction &I) {
    Limbs Result;
    if (I.isTerminator() || !I.getType()->isStructTy()) {
      complain(I);
      return zeros(*I.getType());
    }
    IRBuilderBase::InsertPointGuard Guard(B);
    B.SetInsertPoint(I.getNextNode());
    for (unsigned N = 0; N < numElements(*I.getType()); ++N)
      Result.push_back(B.Insert(ExtractValueInst::Create(&I, N)));
    return Result;
  }

  Limbs piecesOf(Value *V) {
    if (fitsRegister(*V->getType()))
      return {V};
    if (auto *C = dyn_cast<Constant>(V))
      return ofConstant(*C);
    auto It = Map.find(V);
    if (It != Map.end())
      return It->second;
    auto *I = dyn_cast<Instruction>(V);
    if (I && isPair(I))
      return Map[V] = ofPair(*I);
    complain(*Current);
    return zeros(*V->getType());
  }

  /// \p V as limbs, whatever its width, with zeros above.
  Limbs limbsOf(Value *V) {
    if (isWide(V))
      return piecesOf(V);
    return {B.CreateZExt(V, B.getInt64Ty())};
  }

  static unsigned widthOf(const Value *V) {
    return V->getType()->getIntegerBitWidth();
  }

  /// \p Pieces take the place of \p I.
  void define(Instruction &I, Limbs Pieces) {
    Dead.push_back(&I);
    if (I.getType()->isVoidTy())
      return;
    if (!fitsRegister(*I.getType())) {
      Map[&I] = std::move(Pieces);
      return;
    }
    Value *V = Pieces.empty() ? PoisonValue::get(I.getType()) : Pieces.front();
    if (V->getType() != I.getType())
      V = B.CreateTrunc(V, I.getType());
    I.replaceAllUsesWith(V);
  }

  static bool isTooLarge(Type &Ty) { return pieceTypes(Ty).size() > MaxPieces; }

  void split(Instruction &I) {
    if (isTooLarge(*I.getType()) || any_of(I.operands(), [](const Use &U) {
          return isTooLarge(*U->getType());
        })) {
      fail(diagError(DiagCode::UnsupportedIr, whereIs(I),
                     "a value of this size"));
      return define(I, zeros(*I.getType()));
    }
    if (auto *Phi = dyn_cast<PHINode>(&I))
      return splitPhi(*Phi);
    if (auto *Op = dyn_cast<BinaryOperator>(&I))
      return isWide(Op) ? splitArithmetic(*Op) : refuse(I);
    if (auto *Cast = dyn_cast<CastInst>(&I))
      return splitCast(*Cast);
    switch (I.getOpcode()) {
    case Instruction::ICmp: {
      auto &C = cast<ICmpInst>(I);
      Value *X = C.getOperand(0), *Y = C.getOperand(1);
      if (!isWide(X))
        return refuse(I);
      return define(I, {Wide.compare(C.getPredicate(), limbsOf(X), limbsOf(Y),
                                     widthOf(X))});
    }
    case Instruction::Select: {
      Value *Condition = I.getOperand(0);
      if (!Condition->getType()->isIntegerTy(1))
        return refuse(I);
      Limbs Result;
      for (auto [Yes, No] :
           zip(piecesOf(I.getOperand(1)), piecesOf(I.getOperand(2))))
        Result.push_back(B.CreateSelect(Condition, Yes, No));
      return define(I, Result);
    }
    case Instruction::Freeze: {
      Limbs Result;
      for (Value *V : piecesOf(I.getOperand(0)))
        Result.push_back(isa<Constant>(V) ? V : B.CreateFreeze(V));
      return define(I,
                    isWide(&I) ? Wide.truncate(Result, widthOf(&I)) : Result);
    }
    case Instruction::Load:
      return I.isAtomic() ? refuse(I) : splitLoad(cast<LoadInst>(I));
    case Instruction::Store:
      return I.isAtomic() ? refuse(I) : splitStore(cast<StoreInst>(I));
    case Instruction::ExtractValue:
      return extractValue(cast<ExtractValueInst>(I));
    case Instruction::InsertValue:
      return insertValue(cast<InsertValueInst>(I));
    case Instruction::ExtractElement:
      return extractElement(I);
    case Instruction::InsertElement:
      return insertElement(I);
    case Instruction::ShuffleVector:
      return shuffle(cast<ShuffleVectorInst>(I));
    case Instruction::GetElementPtr:
      return narrowIndexes(cast<GetElementPtrInst>(I));
    default:
      return refuse(I);
    }
  }

  void splitPhi(PHINode &Phi) {
    Limbs Pieces;
    for (Type *Ty : pieceTypes(*Phi.getType())) {
      PHINode *Piece = B.CreatePHI(Ty, Phi.getNumIncomingValues());
      for (BasicBlock *From : Phi.blocks())
        Piece->addIncoming(unknown(*Ty), From);
      Pieces.push_back(Piece);
    }
    Phis.push_back(&Phi);
    define(Phi, Pieces);
  }

  /// A value that nothing is known of. Of a phi that has no operands yet,
  /// what simplifies comparisons would take any statement about all of them
  /// for true.
  Value *unknown(Type &Ty) {
    BasicBlock &Entry = F.getEntryBlock();
    Unknown.push_back(
        new FreezeInst(PoisonValue::get(&Ty), "", Entry.getFirstInsertionPt()));
    return Unknown.back();
  }

  void fillPhis() {
    for (PHINode *Phi : Phis) {
      Current = Phi;
      Limbs Pieces = Map.lookup(Phi);
      for (unsigned N = 0; N < Phi->getNumIncomingValues(); ++N)
        for (auto [Piece, V] : zip(Pieces, piecesOf(Phi->getIncomingValue(N))))
          if (auto *P = dyn_cast<PHINode>(Piece))
            P->setIncomingValue(N, V);
    }
  }

  void splitArithmetic(BinaryOperator &I) {
    unsigned Width = widthOf(&I);
    Limbs X = limbsOf(I.getOperand(0)), Y = limbsOf(I.getOperand(1));
    switch (I.getOpcode()) {
    case Instruction::Add:
      return define(I, Wide.add(X, Y, Width));
    case Instruction::Sub:
      return define(I, Wide.subtract(X, Y, Width));
    case Instruction::Mul:
      return define(I, Wide.multiply(X, Y, Width));
    case Instruction::And:
    case Instruction::Or:
    case Instruction::Xor:
      return define(I, Wide.bitwise(I.getOpcode(), X, Y));
    case Instruction::Shl:
    case Instruction::LShr:
    case Instruction::AShr:
      return define(I, Wide.shift(I.getOpcode(), X, Y.front(), Width));
    default:
      if (X.size() > 1)
        return refuse(I);
      return define(I, Wide.divide(I.getOpcode(), X, Y, Width));
    }
  }

  void splitCast(CastInst &I) {
    Value *From = I.getOperand(0);
    Type *To = I.getType();
    switch (I.getOpcode()) {
    case Instruction::ZExt:
    case Instruction::Trunc:
      if (!From->getType()->isIntegerTy())
        return refuse(I);
      return define(I, Wide.truncate(limbsOf(From), To->getIntegerBitWidth()));
    case Instruction::SExt:
      if (!From->getType()->isIntegerTy())
        return refuse(I);
      return define(I, Wide.signExtend(limbsOf(From), widthOf(From),
                                       To->getIntegerBitWidth()));
    case Instruction::PtrToInt:
      if (!To->isIntegerTy())
        return refuse(I);
      return define(I, Wide.truncate({B.CreatePtrToInt(From, B.getInt64Ty())},
                                     To->getIntegerBitWidth()));
    case Instruction::IntToPtr:
      if (!To->isPointerTy())
        return refuse(I);
      Dead.push_back(&I);
      I.replaceAllUsesWith(B.CreateIntToPtr(limbsOf(From).front(), To));
      return;
    case Instruction::BitCast:
      return reinterpret(I);
    default:
      return refuse(I);
    }
  }

  /// The width of a piece; 0 for what cannot be reinterpreted.
  unsigned pieceWidth(Type &Ty) const {
    if (Ty.isVectorTy())
      return pieceWidth(*cast<VectorType>(Ty).getElementType());
    unsigned Width = Ty.isIntegerTy() ? unsigned(DL.getTypeSizeInBits(&Ty)) : 0;
    return Width && 64 % Width == 0 ? Width : 0;
  }

  /// Bits of a vector as a number and the other way. Element 0 is the lowest
  /// in little-endian order and the highest in big-endian order.
  void reinterpret(CastInst &I) {
    Value *From = I.getOperand(0);
    Type *FromTy = From->getType(), *To = I.getType();
    unsigned Total = unsigned(DL.getTypeSizeInBits(To));
    auto BitOf = [&](unsigned Element, unsigned Width) {
      return DL.isBigEndian() ? Total - (Element + 1) * Width : Element * Width;
    };
    Limbs Whole;
    if (FromTy->isIntegerTy())
      Whole = limbsOf(From);
    else if (unsigned Width = pieceWidth(*FromTy)) {
      Whole.resize(divideCeil(Total, 64), B.getInt64(0));
      for (auto [N, V] : enumerate(piecesOf(From))) {
        unsigned At = BitOf(unsigned(N), Width);
        Value *Bits = B.CreateShl(B.CreateZExt(V, B.getInt64Ty()), At % 64);
        Whole[At / 64] = B.CreateOr(Whole[At / 64], Bits);
      }
    }
    if (Whole.empty())
      return refuse(I);
    if (To->isIntegerTy())
      return define(I, Whole);
    unsigned Width = pieceWidth(*To);
    if (!Width)
      return refuse(I);
    Limbs Result;
    for (unsigned N = 0; N < Total / Width; ++N) {
      unsigned At = BitOf(N, Width);
      Result.push_back(B.CreateTrunc(B.CreateLShr(Whole[At / 64], At % 64),
                                     B.getIntNTy(Width)));
    }
    define(I, Result);
  }

  void load(Type &Ty, const Place &P, uint64_t Offset, Limbs &Result) {
    if (!Ty.isIntegerTy() && !Ty.isPointerTy()) {
      for (unsigned N = 0; N < numElements(Ty); ++N)
        load(*elementType(Ty, N), P, Offset + elementOffset(Ty, N, DL), Result);
      return;
    }
    uint64_t Size = DL.getTypeStoreSize(&Ty);
    if (!fitsRegister(Ty)) {
      Limbs Whole;
      for (uint64_t At = 0; At < Size; At += 8)
        Whole.push_back(
            loadBytes(B, P, Offset + limbOffset(At, Size), limbSize(At, Size)));
      append_range(Result, Wide.truncate(Whole, Ty.getIntegerBitWidth()));
      return;
    }
    Value *Address = address(P, Offset);
    Result.push_back(B.CreateAlignedLoad(
        &Ty, Address, commonAlignment(P.Known, Offset), P.Volatile));
  }

  void store(Type &Ty, ArrayRef<Value *> &Pieces, const Place &P,
             uint64_t Offset) {
    if (!Ty.isIntegerTy() && !Ty.isPointerTy()) {
      for (unsigned N = 0; N < numElements(Ty); ++N)
        store(*elementType(Ty, N), Pieces, P,
              Offset + elementOffset(Ty, N, DL));
      return;
    }
    uint64_t Size = DL.getTypeStoreSize(&Ty);
    if (!fitsRegister(Ty)) {
      for (uint64_t At = 0; At < Size; At += 8) {
        storeBytes(B, Pieces.front(), P, Offset + limbOffset(At, Size),
                   limbSize(At, Size));
        Pieces = Pieces.drop_front();
      }
      return;
    }
    B.CreateAlignedStore(Pieces.front(), address(P, Offset),
                         commonAlignment(P.Known, Offset), P.Volatile);
    Pieces = Pieces.drop_front();
  }

  static unsigned limbSize(uint64_t At, uint64_t Size) {
    return unsigned(std::min<uint64_t>(8, Size - At));
  }

  /// Where the limb of the bytes \p At and up, the lowest being 0, is in the
  /// \p Size bytes of a number in memory.
  uint64_t limbOffset(uint64_t At, uint64_t Size) const {
    return DL.isBigEndian() ? Size - At - limbSize(At, Size) : At;
  }

  Value *address(const Place &P, uint64_t At) {
    return At ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), P.Address, At)
              : P.Address;
  }

  /// Elements of vectors must be whole bytes.
  static bool isLaidOut(Type &Ty) {
    if (auto *V = dyn_cast<FixedVectorType>(&Ty))
      return V->getElementType()->isPointerTy() ||
             (V->getElementType()->isIntegerTy() &&
              V->getElementType()->getIntegerBitWidth() % 8 == 0);
    if (Ty.isIntegerTy() || Ty.isPointerTy())
      return true;
    for (unsigned N = 0; N < numElements(Ty); ++N)
      if (!isLaidOut(*elementType(Ty, N)))
        return false;
    return true;
  }

  void splitLoad(LoadInst &I) {
    if (!isLaidOut(*I.getType()))
      return refuse(I);
    Limbs Result;
    load(*I.getType(), {I.getPointerOperand(), I.getAlign(), I.isVolatile()}, 0,
         Result);
    define(I, Result);
  }

  void splitStore(StoreInst &I) {
    Value *V = I.getValueOperand();
    if (!isLaidOut(*V->getType()))
      return refuse(I);
    Limbs Pieces = piecesOf(V);
    ArrayRef<Value *> Rest(Pieces);
    store(*V->getType(), Rest,
          {I.getPointerOperand(), I.getAlign(), I.isVolatile()}, 0);
    define(I, {});
  }

  /// The range of pieces that \p Indices name in a value of \p Ty.
  static std::pair<unsigned, unsigned> rangeOf(Type *Ty,
                                               ArrayRef<unsigned> Indices) {
    unsigned From = 0;
    for (unsigned Index : Indices) {
      for (unsigned N = 0; N < Index; ++N)
        From += unsigned(pieceTypes(*elementType(*Ty, N)).size());
      Ty = elementType(*Ty, Index);
    }
    return {From, unsigned(pieceTypes(*Ty).size())};
  }

  void extractValue(ExtractValueInst &I) {
    Limbs All = piecesOf(I.getAggregateOperand());
    auto [From, Count] =
        rangeOf(I.getAggregateOperand()->getType(), I.getIndices());
    define(I, Limbs(ArrayRef(All).slice(From, Count)));
  }

  void insertValue(InsertValueInst &I) {
    Limbs All = piecesOf(I.getAggregateOperand());
    auto [From, Count] = rangeOf(I.getType(), I.getIndices());
    copy(piecesOf(I.getInsertedValueOperand()), All.begin() + From);
    define(I, All);
  }

  void extractElement(Instruction &I) {
    Limbs All = piecesOf(I.getOperand(0));
    Value *Index = I.getOperand(1);
    if (All.empty() || isWide(&I) || isWide(Index))
      return refuse(I);
    auto *C = dyn_cast<ConstantInt>(Index);
    if (C && C->getZExtValue() < All.size())
      return define(I, {All[C->getZExtValue()]});
    Value *Result = All[0];
    for (unsigned N = 1; N < All.size(); ++N)
      Result = B.CreateSelect(
          B.CreateICmpEQ(Index, ConstantInt::get(Index->getType(), N)), All[N],
          Result);
    define(I, {Result});
  }

  void insertElement(Instruction &I) {
    Limbs All = piecesOf(I.getOperand(0));
    Value *V = I.getOperand(1), *Index = I.getOperand(2);
    if (!fitsRegister(*V->getType()) || isWide(Index))
      return refuse(I);
    for (unsigned N = 0; N < All.size(); ++N)
      All[N] = B.CreateSelect(
          B.CreateICmpEQ(Index, ConstantInt::get(Index->getType(), N)), V,
          All[N]);
    define(I, All);
  }

  void shuffle(ShuffleVectorInst &I) {
    Limbs All = piecesOf(I.getOperand(0));
    if (All.size() != numElements(*I.getOperand(0)->getType()))
      return refuse(I);
    append_range(All, piecesOf(I.getOperand(1)));
    Limbs Result;
    for (int Index : I.getShuffleMask())
      Result.push_back(Index < 0 ? All[0] : All[unsigned(Index)]);
    define(I, Result);
  }

  void narrowIndexes(GetElementPtrInst &I) {
    if (I.getType()->isVectorTy() || I.getPointerOperandType()->isVectorTy())
      return refuse(I);
    for (Use &Index : I.indices()) {
      if (!isWide(Index))
        continue;
      Limbs L = Wide.signExtend(piecesOf(Index), widthOf(Index), 64);
      Index.set(L.front());
    }
  }

  Function &F;
  const DataLayout &DL;
  Builder B;
  WideArithmetic Wide;
  DenseMap<Value *, Limbs> Map;
  SmallVector<PHINode *, 8> Phis;
  SmallVector<FreezeInst *, 8> Unknown;
  SmallVector<Instruction *, 32> Dead;
  Instruction *Current = nullptr;
  Error Errors = Error::success();
};

} // namespace

Error splitValues(Function &F) { return ValueSplitter(F).run(); }

} // namespace bpfcc

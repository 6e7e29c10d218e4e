// Needs: any module. Gives: one whose functions take at most five values that
// fit registers, and return one.
//
//   define i32 @f({i64, i64} %s)        ->  define i32 @f(i64, i64)
//   define i24 @f(i24 %x)               ->  define i64 @f(i64)
//   define internal i128 @f()           ->  define internal void @f(ptr)
//   call @f(ptr byval(%big) %p)         ->  copy to a local, call @f(ptr)
//   define internal @f(six values)      ->  define internal @f(four, ptr)
//
// Structures of up to 16 bytes travel in two registers, as clang passes them.
// What needs memory, a larger structure, a result of several registers or the
// arguments from the fifth on where there are more than five, is kept on the
// caller's stack. The kernel lets static functions read and write there, and no
// other; so only those may be called so. One that others call must get a copy
// from them, and takes its address as clang has it. Each argument there has
// eight bytes of its own, so that the verifier knows as much of it as of a
// spilled register.

#include "backend/prepare/Passes.h"
#include "backend/prepare/Pieces.h"
#include "backend/prepare/Where.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr unsigned MaxArguments = 5;

/// What registers hold in place of a signature.
struct Shape {
  SmallVector<Type *, 6> Params;
  SmallVector<Type *, 6> Stacked; ///< are where the last of Params points
  Type *Result;
  bool OutPointer = false; ///< the result is written where argument 0 points
  bool Changed = false;

  Shape(const FunctionType &Ty, bool MayUseStack) {
    assert(isKnown(Ty));
    Type *From = Ty.getReturnType();
    SmallVector<Type *, 2> Results = pieceTypes(*From);
    OutPointer = Results.size() > 1;
    if (OutPointer)
      Params.push_back(PointerType::get(Ty.getContext(), 0));
    Result = Results.size() == 1 ? Results.front()
                                 : Type::getVoidTy(Ty.getContext());
    Changed = Result != From;
    for (Type *Param : Ty.params()) {
      append_range(Params, pieceTypes(*Param));
      Changed |= !fitsRegister(*Param);
    }
    if (!MayUseStack || Params.size() <= MaxArguments)
      return;
    Stacked.append(Params.begin() + MaxArguments - 1, Params.end());
    Params.truncate(MaxArguments - 1);
    Params.push_back(PointerType::get(Ty.getContext(), 0));
    Changed = true;
  }

  /// Others were reported before.
  static bool isKnown(const FunctionType &Ty) {
    return canSplit(*Ty.getReturnType()) &&
           all_of(Ty.params(), [](Type *Param) { return canSplit(*Param); });
  }

  FunctionType *type() const {
    return FunctionType::get(Result, Params, /*isVarArg=*/false);
  }
};

using Pieces = SmallVector<Value *, 6>;

/// Appends what registers hold of \p V.
void scatter(IRBuilder<> &B, Value *V, Pieces &To) {
  Type &Ty = *V->getType();
  if (fitsRegister(Ty))
    return To.push_back(V);
  if (Ty.isIntegerTy()) {
    for (unsigned At = 0; At < Ty.getIntegerBitWidth(); At += 64)
      To.push_back(B.CreateZExtOrTrunc(B.CreateLShr(V, At), B.getInt64Ty()));
    return;
  }
  for (unsigned N = 0; N < numElements(Ty); ++N)
    scatter(B,
            Ty.isVectorTy() ? B.CreateExtractElement(V, N)
                            : B.CreateExtractValue(V, N),
            To);
}

/// A value of \p Ty from what registers hold; takes it from \p From.
Value *gather(IRBuilder<> &B, Type &Ty, ArrayRef<Value *> &From) {
  auto Take = [&] {
    Value *V = From.front();
    From = From.drop_front();
    return V;
  };
  if (fitsRegister(Ty))
    return Take();
  if (Ty.isIntegerTy()) {
    Value *Whole = B.CreateZExtOrTrunc(Take(), &Ty);
    for (unsigned At = 64; At < Ty.getIntegerBitWidth(); At += 64)
      Whole = B.CreateOr(Whole, B.CreateShl(B.CreateZExt(Take(), &Ty), At));
    return Whole;
  }
  Value *Whole = PoisonValue::get(&Ty);
  for (unsigned N = 0; N < numElements(Ty); ++N) {
    Value *Element = gather(B, *elementType(Ty, N), From);
    Whole = Ty.isVectorTy() ? B.CreateInsertElement(Whole, Element, N)
                            : B.CreateInsertValue(Whole, Element, N);
  }
  return Whole;
}

/// The attributes of a function or call in its new shape: those of what did
/// not change.
AttributeList reshape(AttributeList Old, const FunctionType &Ty,
                      const Shape &New) {
  LLVMContext &Context = Ty.getContext();
  SmallVector<AttributeSet, 6> Params;
  if (New.OutPointer)
    Params.emplace_back();
  for (unsigned N = 0; N < Ty.getNumParams(); ++N) {
    Type *Param = Ty.getParamType(N);
    if (fitsRegister(*Param))
      Params.push_back(Old.getParamAttrs(N));
    else
      Params.append(pieceTypes(*Param).size(), AttributeSet());
  }
  AttributeSet Result =
      New.Result == Ty.getReturnType() ? Old.getRetAttrs() : AttributeSet();
  if (New.Stacked.size()) {
    Params.truncate(MaxArguments - 1);
    Params.emplace_back();
  }
  AttributeSet Own = Old.getFnAttrs();
  if (New.OutPointer || New.Stacked.size()) // uses memory now
    Own = Own.removeAttribute(Context, Attribute::Memory);
  return AttributeList::get(Context, Own, Result, Params);
}

/// Where argument \p N of those at \p Base is.
Value *stacked(IRBuilder<> &B, Value *Base, uint64_t N) {
  return N ? B.CreateConstInBoundsGEP1_64(B.getInt64Ty(), Base, N) : Base;
}

/// Whether all callers are in this object and known to be checked with it.
bool isStatic(const Function *F) {
  return F && !F->isDeclaration() &&
         (F->hasLocalLinkage() || F->hasHiddenVisibility());
}

class SignatureRewriter {
public:
  explicit SignatureRewriter(Module &M) : M(M) {}

  Error run() {
    SmallVector<Function *, 32> Functions;
    for (Function &F : M)
      if (!F.isIntrinsic())
        Functions.push_back(&F);
    SmallVector<CallBase *, 32> Calls;
    for (Function *F : Functions)
      for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I);
            Call && !isa<IntrinsicInst>(Call) && !Call->isInlineAsm())
          Calls.push_back(Call);
    for (CallBase *Call : Calls)
      copyByValue(*Call);
    for (Function *&F : Functions)
      F = rewrite(*F);
    for (CallBase *Call : Calls)
      rewriteCall(*Call);
    return std::move(Errors);
  }

private:
  void fail(Error E) { Errors = joinErrors(std::move(Errors), std::move(E)); }

  template <typename T> void refuseByValue(const T &Where, StringRef Name) {
    fail(withHelp(
        diagError(DiagCode::ByValueUnsupported, whereIs(Where), Name),
        "a static function of this file may; pass a pointer otherwise"));
  }

  template <typename T>
  void refuseArguments(const T &Where, StringRef Name, const Shape &New) {
    fail(withHelp(diagError(DiagCode::TooManyArguments, whereIs(Where), Name,
                            New.Params.size()),
                  "a static function of this file may take more"));
  }

  /// Makes the copy that `byval` asks for, and forgets `sret`.
  void copyByValue(CallBase &Call) {
    Function *Callee = Call.getCalledFunction();
    for (unsigned N = 0; N < Call.arg_size(); ++N) {
      bool ByValue = Call.isByValArgument(N);
      if (!ByValue && !Call.paramHasAttr(N, Attribute::StructRet))
        continue;
      if (!isStatic(Callee)) {
        refuseByValue(Call, Callee ? Callee->getName() : "this call");
        continue;
      }
      if (ByValue)
        copyArgument(Call, N);
      Call.removeParamAttr(N, Attribute::ByVal);
      Call.removeParamAttr(N, Attribute::StructRet);
    }
  }

  void copyArgument(CallBase &Call, unsigned N) {
    Type *Ty = Call.getParamByValType(N);
    if (!Ty)
      Ty = Call.getCalledFunction()->getParamByValType(N);
    const DataLayout &DL = M.getDataLayout();
    Align Alignment =
        std::max(Call.getParamAlign(N).valueOrOne(), DL.getABITypeAlign(Ty));
    AllocaInst *Copy = local(*Call.getFunction(), *Ty);
    Copy->setAlignment(Alignment);
    IRBuilder<> B(&Call);
    B.CreateLifetimeStart(Copy);
    Value *From = Call.getArgOperand(N);
    B.CreateMemCpy(Copy, Alignment, From, From->getPointerAlignment(DL),
                   DL.getTypeAllocSize(Ty));
    Call.setArgOperand(N, Copy);
    asPlainCall(Call);
    B.SetInsertPoint(Call.getNextNode());
    B.CreateLifetimeEnd(Copy);
  }

  /// The caller's stack is in use until the call returns.
  static void asPlainCall(CallBase &Call) {
    if (auto *Plain = dyn_cast<CallInst>(&Call))
      Plain->setTailCallKind(CallInst::TCK_None);
  }

  static AllocaInst *local(Function &F, Type &Ty) {
    BasicBlock &Entry = F.getEntryBlock();
    return IRBuilder<>(&Entry, Entry.begin()).CreateAlloca(&Ty);
  }

  /// The function in its new shape; \p F itself if that is the same.
  Function *rewrite(Function &F) {
    for (unsigned N = 0; N < F.arg_size(); ++N)
      if (F.hasParamAttribute(N, Attribute::ByVal) ||
          F.hasParamAttribute(N, Attribute::StructRet)) {
        if (!F.isDeclaration() && !isStatic(&F) &&
            F.hasParamAttribute(N, Attribute::StructRet))
          refuseByValue(F, F.getName());
        F.removeParamAttr(N, Attribute::ByVal);
        F.removeParamAttr(N, Attribute::StructRet);
      }
    if (!Shape::isKnown(*F.getFunctionType()))
      return &F;
    Shape New(*F.getFunctionType(), isStatic(&F));
    if (!F.isDeclaration() && New.Params.size() > MaxArguments) {
      refuseArguments(F, F.getName(), New);
      return &F;
    }
    if (!New.Changed || F.isVarArg())
      return &F;
    if (New.OutPointer && !isStatic(&F)) {
      if (!F.isDeclaration())
        refuseByValue(F, F.getName());
      return &F;
    }
    Function *G =
        Function::Create(New.type(), F.getLinkage(), F.getAddressSpace());
    M.getFunctionList().insert(F.getIterator(), G);
    G->copyAttributesFrom(&F);
    G->setAttributes(reshape(F.getAttributes(), *F.getFunctionType(), New));
    G->copyMetadata(&F, 0);
    F.clearMetadata();
    G->setComdat(F.getComdat());
    G->takeName(&F);
    if (!F.isDeclaration())
      moveBody(F, *G, New);
    F.replaceAllUsesWith(G);
    F.eraseFromParent();
    return G;
  }

  void moveBody(Function &F, Function &G, const Shape &New) {
    G.splice(G.begin(), &F);
    BasicBlock &Entry = G.getEntryBlock();
    IRBuilder<> B(&Entry, Entry.begin());
    Pieces Arguments;
    for (Argument &A : G.args())
      Arguments.push_back(&A);
    if (New.Stacked.size()) {
      Value *Base = Arguments.pop_back_val();
      for (auto [N, Ty] : enumerate(New.Stacked)) {
        Value *At = stacked(B, Base, N);
        Arguments.push_back(
            Ty->isPointerTy()
                ? static_cast<Value *>(B.CreateAlignedLoad(Ty, At, Align(8)))
                : B.CreateTrunc(
                      B.CreateAlignedLoad(B.getInt64Ty(), At, Align(8)), Ty));
      }
    }
    ArrayRef<Value *> Rest(Arguments);
    if (New.OutPointer)
      Rest = Rest.drop_front();
    for (Argument &A : F.args()) {
      if (Rest.size() && Rest.front()->getType() == A.getType() &&
          isa<Argument>(Rest.front()))
        Rest.front()->takeName(&A);
      A.replaceAllUsesWith(gather(B, *A.getType(), Rest));
    }
    if (New.Result == F.getReturnType())
      return;
    for (BasicBlock &Block : G)
      if (auto *Ret = dyn_cast<ReturnInst>(Block.getTerminator()))
        rewriteReturn(*Ret, G, New);
  }

  static void rewriteReturn(ReturnInst &Ret, Function &G, const Shape &New) {
    IRBuilder<> B(&Ret);
    Value *V = Ret.getReturnValue();
    if (New.OutPointer)
      B.CreateStore(V, G.getArg(0));
    if (New.Result->isVoidTy()) {
      B.CreateRetVoid();
    } else {
      Pieces Parts;
      scatter(B, V, Parts);
      B.CreateRet(Parts.front());
    }
    Ret.eraseFromParent();
  }

  void rewriteCall(CallBase &Call) {
    FunctionType *Ty = Call.getFunctionType();
    Function *Callee = dyn_cast<Function>(Call.getCalledOperand());
    if (Ty->isVarArg()) { // a helper such as bpf_trace_printk
      SmallVector<Type *, 6> Params;
      for (Value *A : Call.args())
        Params.push_back(A->getType());
      Ty = FunctionType::get(Ty->getReturnType(), Params, false);
      Call.mutateFunctionType(Ty);
    }
    if (!Shape::isKnown(*Ty))
      return;
    Shape New(*Ty, isStatic(Callee));
    StringRef Name = Callee ? Callee->getName() : "this call";
    if (New.OutPointer && !isStatic(Callee))
      return refuseByValue(Call, Name);
    if (New.Params.size() > MaxArguments)
      refuseArguments(Call, Name, New);
    if (!New.Changed)
      return;
    IRBuilder<> B(&Call);
    Type *ResultTy = Call.getType();
    Pieces Arguments;
    AllocaInst *Out = nullptr;
    if (New.OutPointer) {
      Out = local(*Call.getFunction(), *ResultTy);
      B.CreateLifetimeStart(Out);
      Arguments.push_back(Out);
    }
    for (Value *A : Call.args())
      scatter(B, A, Arguments);
    AllocaInst *Stacked =
        New.Stacked.size() ? stackArguments(B, Arguments) : nullptr;
    CallInst *Plain =
        B.CreateCall(New.type(), Call.getCalledOperand(), Arguments);
    Plain->setCallingConv(Call.getCallingConv());
    Plain->setAttributes(reshape(Call.getAttributes(), *Ty, New));
    Plain->copyMetadata(Call);
    if (!Call.use_empty()) {
      Pieces Results{Plain};
      ArrayRef<Value *> Rest(Results);
      Value *V = Out                      ? B.CreateLoad(ResultTy, Out)
                 : New.Result->isVoidTy() ? PoisonValue::get(ResultTy)
                                          : gather(B, *ResultTy, Rest);
      Call.replaceAllUsesWith(V);
    }
    for (AllocaInst *Local : {Out, Stacked})
      if (Local)
        B.CreateLifetimeEnd(Local);
    Call.eraseFromParent();
  }

  /// Puts what has no register into a local, and its address in their place.
  static AllocaInst *stackArguments(IRBuilder<> &B, Pieces &Arguments) {
    ArrayRef<Value *> Rest = ArrayRef(Arguments).drop_front(MaxArguments - 1);
    AllocaInst *Base = local(*B.GetInsertBlock()->getParent(),
                             *ArrayType::get(B.getInt64Ty(), Rest.size()));
    B.CreateLifetimeStart(Base);
    for (auto [N, Given] : enumerate(Rest)) {
      Value *V = Given;
      if (!V->getType()->isPointerTy())
        V = B.CreateZExt(V, B.getInt64Ty());
      B.CreateAlignedStore(V, stacked(B, Base, N), Align(8));
    }
    Arguments.truncate(MaxArguments - 1);
    Arguments.push_back(Base);
    return Base;
  }

  Module &M;
  Error Errors = Error::success();
};

} // namespace

Error rewriteSignatures(Module &M) { return SignatureRewriter(M).run(); }

} // namespace bpfcc

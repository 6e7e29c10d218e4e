// What Prepare.h promises, as a check.

#include "backend/prepare/AccessWidth.h"
#include "backend/prepare/Pieces.h"
#include "backend/prepare/Prepare.h"
#include "backend/prepare/Where.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsBPF.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr unsigned MaxArguments = 5;

bool mustBeExpanded(const IntrinsicInst &I) {
  switch (I.getIntrinsicID()) {
  case Intrinsic::bswap:
    return false;
  case Intrinsic::bpf_load_byte:
  case Intrinsic::bpf_load_half:
  case Intrinsic::bpf_load_word:
    return false;
  default:
    return true;
  }
}

/// The reason why \p I is not what select takes; null if it is.
const char *faultOf(const Instruction &I, unsigned Cpu) {
  if (!fitsRegister(*I.getType()) && !isPair(&I))
    return "a value that fits no register";
  for (const Use &U : I.operands()) {
    Type *Ty = U->getType();
    bool Other = Ty->isLabelTy() || Ty->isMetadataTy();
    if (!Other && !fitsRegister(*Ty) &&
        !(isa<ExtractValueInst>(I) && isPair(U)))
      return "an operand that fits no register";
  }
  if (I.isTerminator() &&
      !isa<BranchInst, ReturnInst, UnreachableInst, CallBrInst>(I))
    return "a terminator other than br, ret, unreachable and callbr";
  if (isa<SelectInst>(I))
    return "a select";
  if (isa<ICmpInst>(I) && any_of(I.users(), [](const User *U) {
        auto *Op = dyn_cast<BinaryOperator>(U);
        return !isa<BranchInst>(U) && !(Op && Op->isBitwiseLogicOp());
      }))
    return "a compare whose truth is a value";
  if (I.getOpcode() == Instruction::SDiv ||
      I.getOpcode() == Instruction::SRem) {
    if (Cpu < 4)
      return "a signed division";
    if (I.getType()->getIntegerBitWidth() < 32)
      return "a narrow signed division";
  }
  if (auto *A = dyn_cast<AllocaInst>(&I); A && !A->isStaticAlloca())
    return "an alloca that is not in the entry block or not of constant size";
  if (isa<LoadInst, StoreInst>(I) && !I.isAtomic()) {
    uint64_t Bytes = I.getDataLayout().getTypeStoreSize(getLoadStoreType(&I));
    if (Bytes >
        accessWidth(*getLoadStorePointerOperand(&I), getLoadStoreAlignment(&I)))
      return "an access wider than its address allows";
  }
  if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&I))
    return mustBeExpanded(*Intrinsic) ? "an intrinsic" : nullptr;
  if (auto *Call = dyn_cast<CallInst>(&I); Call && !Call->isInlineAsm()) {
    if (Call->arg_size() > MaxArguments)
      return "a call of more than five arguments";
    if (Call->getFunctionType()->isVarArg())
      return "a variadic call";
    for (unsigned N = 0; N < Call->arg_size(); ++N)
      if (Call->isByValArgument(N) ||
          Call->paramHasAttr(N, Attribute::StructRet))
        return "an argument in memory";
  }
  return nullptr;
}

const char *faultOf(const Function &F) {
  if (F.arg_size() > MaxArguments)
    return "more than five parameters";
  if (F.isVarArg())
    return "variable arguments";
  for (const Argument &A : F.args())
    if (!fitsRegister(*A.getType()) || A.hasByValAttr() || A.hasStructRetAttr())
      return "a parameter that fits no register";
  return fitsRegister(*F.getReturnType()) ? nullptr
                                          : "a result that fits no register";
}

} // namespace

Error checkPrepared(const Module &M, const PrepareOptions &Options) {
  std::string Text;
  raw_string_ostream OS(Text);
  if (verifyModule(M, &OS))
    return diagError(DiagCode::Internal, {}, "prepare: " + Text);
  Error Errors = Error::success();
  auto Report = [&](const char *Fault, const Value &V, SourceLoc Loc) {
    Text.clear();
    if (isa<Function>(V))
      V.printAsOperand(OS, false);
    else
      V.print(OS);
    Errors = joinErrors(
        std::move(Errors),
        diagError(DiagCode::Internal, Loc,
                  "prepare leaves " + Twine(Fault).str() + " in " + Text));
  };
  for (const Function &F : M) {
    if (F.isDeclarationForLinker())
      continue;
    if (const char *Fault = faultOf(F))
      Report(Fault, F, whereIs(F));
    for (const Instruction &I : instructions(F))
      if (const char *Fault = faultOf(I, Options.Cpu))
        Report(Fault, I, whereIs(I));
  }
  return Errors;
}

} // namespace bpfcc

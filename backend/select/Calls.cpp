// Calls: helpers by number, subprograms and kfuncs by name, intrinsics.

#include "backend/prepare/Helper.h"
#include "backend/select/Selector.h"

#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsBPF.h"
#include "llvm/IR/PatternMatch.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

static bool isKernelFunction(const Function &Callee) {
  return Callee.isDeclaration() && Callee.getSection() == ".ksyms";
}

mir::Reg Selector::argument(const CallInst &Call, unsigned Index, bool Kernel) {
  const Value *V = Call.getArgOperand(Index);
  if (!V->getType()->isIntegerTy() && !V->getType()->isPointerTy()) {
    if (V->getType()->isFloatingPointTy()) {
      fail(diagError(DiagCode::FloatUnsupported, here()));
      return number(0);
    }
    return unsupported("an argument of this type");
  }
  unsigned Width = widthOf(V);
  unsigned To = Options.Cpu >= 3 && Width < 32 ? 32 : 64;
  if (Call.paramHasAttr(Index, Attribute::SExt))
    return signExtended(V, To);
  // The verifier looks at all of what the kernel gets.
  if (Call.paramHasAttr(Index, Attribute::ZExt) || Width == 1 ||
      (Kernel && !Uppers.isSignExtended(V, 64)))
    return zeroExtended(V, Kernel ? 64 : To);
  return reg(V);
}

void Selector::selectCall(const CallInst &Call) {
  if (Call.isInlineAsm())
    return selectAsm(Call);
  if (isCoreMarker(&Call))
    return selectMarker(Call);
  if (selectIntrinsic(Call))
    return;
  const Value *Target = Call.getCalledOperand()->stripPointerCasts();
  const auto *Callee = dyn_cast<Function>(Target);
  const auto *Alias = dyn_cast<GlobalAlias>(Target); // one that may be replaced
  if (Alias)
    Callee = dyn_cast_or_null<Function>(Alias->getAliaseeObject());
  std::optional<int64_t> Helper = helperNumber(Target);
  StringRef Name = Callee ? Callee->getName() : "this function";
  Type *ResultType = Call.getType();
  bool HasResult = !ResultType->isVoidTy();
  if (HasResult)
    define(Call, mir::NoReg);
  auto Refuse = [&](Error E) {
    fail(std::move(E));
    if (HasResult)
      define(Call, number(0));
  };
  if (!Callee && !Helper)
    return Refuse(
        withHelp(diagError(DiagCode::UnsupportedIr, here(), "an indirect call"),
                 "call the functions by name, in a switch"));
  if (Callee && Callee->isVarArg() &&
      Call.arg_size() > Callee->getFunctionType()->getNumParams())
    return Refuse(diagError(DiagCode::VarArgsUnsupported, here()));
  constexpr unsigned MaxArguments = 5;
  if (Call.arg_size() > MaxArguments)
    return Refuse(
        diagError(DiagCode::TooManyArguments, here(), Name, Call.arg_size()));
  if (HasResult && ResultType->isFloatingPointTy())
    return Refuse(diagError(DiagCode::FloatUnsupported, here()));
  if (HasResult && !ResultType->isIntegerTy() && !ResultType->isPointerTy())
    return Refuse(diagError(DiagCode::ByValueUnsupported, here(), Name));
  bool Kernel = Helper || isKernelFunction(*Callee);
  SmallVector<Reg, 5> Arguments;
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    if (Call.isPassPointeeByValueArgument(I) ||
        Call.paramHasAttr(I, Attribute::StructRet))
      return Refuse(diagError(DiagCode::ByValueUnsupported, here(), Name));
    Arguments.push_back(argument(Call, I, Kernel));
  }
  Reg Result = HasResult ? Out.newReg() : mir::NoReg;
  int32_t Sym = Alias ? symbol(*Alias) : Callee ? symbol(*Callee) : mir::None;
  mir::Inst &I = emit(Helper   ? mir::CALL_HELPER
                      : Kernel ? mir::CALL_KFUNC
                               : mir::CALL_SUBPROG);
  I.Uses.assign(Arguments.begin(), Arguments.end());
  I.Sym = Sym;
  I.Imm = Helper.value_or(0);
  if (HasResult) {
    I.Defs = {Result};
    define(Call, Result);
  }
}

void Selector::selectPacketLoad(const CallInst &Call, mir::Opcode Absolute,
                                mir::Opcode Indirect) {
  Reg Context = reg(Call.getArgOperand(0));
  const Value *Offset = Call.getArgOperand(1);
  Reg D = Out.newReg();
  std::optional<APInt> C = constantBits(Offset);
  bool Fits = C && C->getSignificantBits() <= 32;
  Reg Index = Fits ? mir::NoReg : reg(Offset);
  mir::Inst &I = emit(Fits ? Absolute : Indirect);
  I.Defs = {D};
  I.Uses = {Context};
  if (Fits)
    I.Imm = C->getSExtValue();
  else
    I.Uses.push_back(Index);
  define(Call, D);
}

bool Selector::selectIntrinsic(const CallInst &Call) {
  const auto *Intrinsic = dyn_cast<IntrinsicInst>(&Call);
  if (!Intrinsic)
    return false;
  switch (Intrinsic->getIntrinsicID()) {
  case Intrinsic::bswap:
    selectSwap(Call);
    return true;
  case Intrinsic::bpf_load_byte:
    selectPacketLoad(Call, mir::LD_ABS_B, mir::LD_IND_B);
    return true;
  case Intrinsic::bpf_load_half:
    selectPacketLoad(Call, mir::LD_ABS_H, mir::LD_IND_H);
    return true;
  case Intrinsic::bpf_load_word:
    selectPacketLoad(Call, mir::LD_ABS_W, mir::LD_IND_W);
    return true;
  case Intrinsic::bpf_passthrough:
    define(Call, reg(Call.getArgOperand(1)));
    return true;
  case Intrinsic::bpf_pseudo: {
    static constexpr mir::Opcode Kinds[] = {
        mir::LD_IMM64, mir::LD_MAP_FD,  mir::LD_MAP_VALUE,    mir::LD_BTF_ID,
        mir::LD_FUNC,  mir::LD_MAP_IDX, mir::LD_MAP_IDX_VALUE};
    std::optional<APInt> Kind = constantBits(Call.getArgOperand(0));
    std::optional<APInt> Value = constantBits(Call.getArgOperand(1));
    if (Kind && Value && Kind->ult(std::size(Kinds)))
      define(Call, emitRI(Kinds[Kind->getZExtValue()], mir::NoReg,
                          Value->getSExtValue()));
    else
      define(Call, unsupported("this ld_imm64"));
    return true;
  }
  case Intrinsic::assume:
  case Intrinsic::donothing:
  case Intrinsic::sideeffect:
  case Intrinsic::lifetime_start:
  case Intrinsic::lifetime_end:
  case Intrinsic::experimental_noalias_scope_decl:
  case Intrinsic::var_annotation:
    return true;
  default:
    if (llvm::isa<DbgInfoIntrinsic>(Call))
      return true;
    Reg R = unsupported("`" + Intrinsic->getCalledFunction()->getName() + "`");
    if (!Call.getType()->isVoidTy())
      define(Call, R);
    return true;
  }
}

} // namespace bpfcc

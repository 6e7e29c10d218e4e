// The cost model that LLVM's passes see. BPF has eleven 64-bit registers, no
// vectors, 32-bit immediates, and a verifier that walks every path:
//
//  * a select costs a branch, and hides from the verifier which arm was taken;
//  * an expression that is expanded anew after a loop costs more than keeping
//    the loop's own counter, which is what the verifier has a bound for;
//  * a switch turned into a table is a load from .rodata with an index that
//    the verifier must bound again.

#include "frontend/pipeline/TargetInfo.h"

#include "frontend/core/Core.h"

#include "llvm/Analysis/TargetTransformInfoImpl.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"

namespace bpfcc {

namespace {

using llvm::InstructionCost;
using llvm::Type;
using TTI = llvm::TargetTransformInfo;

constexpr int SelectCost = 4;
constexpr int AddCost = 5;       // above LLVM's budget for expanding SCEVs
constexpr int BitCountCost = 20; // no instruction counts bits
constexpr unsigned MaxArguments = 5;

class BpfTargetInfo final
    : public llvm::TargetTransformInfoImplCRTPBase<BpfTargetInfo> {
  using Base = llvm::TargetTransformInfoImplCRTPBase<BpfTargetInfo>;

public:
  explicit BpfTargetInfo(const llvm::DataLayout &DL) : Base(DL) {}

  bool isLegalAddImmediate(int64_t Imm) const override {
    return llvm::isInt<32>(Imm);
  }
  bool isLegalICmpImmediate(int64_t Imm) const override {
    return llvm::isInt<32>(Imm);
  }
  bool isLegalAddressingMode(Type *, llvm::GlobalValue *BaseGV, int64_t Offset,
                             bool HasBase, int64_t Scale, unsigned = 0,
                             llvm::Instruction * = nullptr,
                             int64_t = 0) const override {
    return !BaseGV && Scale == 0 && HasBase && llvm::isInt<16>(Offset);
  }
  bool isTypeLegal(Type *Ty) const override {
    return Ty->isIntegerTy(64) || Ty->isIntegerTy(32) || Ty->isPointerTy();
  }
  bool isTruncateFree(Type *From, Type *To) const override {
    return From->isIntegerTy(64) && To->isIntegerTy(32);
  }
  bool isLoweredToCall(const llvm::Function *F) const override {
    return !F->getName().starts_with(CoreMarkerPrefix) &&
           Base::isLoweredToCall(F);
  }
  bool shouldBuildLookupTables() const override { return false; }
  bool shouldBuildLookupTablesForConstant(llvm::Constant *) const override {
    return false;
  }

  unsigned getNumberOfRegisters(unsigned ClassID) const override {
    return ClassID == 1 ? 0 : 10;
  }
  llvm::TypeSize getRegisterBitWidth(TTI::RegisterKind Kind) const override {
    return llvm::TypeSize::getFixed(Kind == TTI::RGK_Scalar ? 64 : 0);
  }
  unsigned getMaxInterleaveFactor(llvm::ElementCount) const override {
    return 1;
  }
  unsigned getMaxNumArgs() const override { return MaxArguments; }

  InstructionCost getIntImmCost(const llvm::APInt &Imm, Type *,
                                TTI::TargetCostKind) const override {
    if (Imm.getBitWidth() <= 64 && llvm::isInt<32>(Imm.getSExtValue()))
      return TTI::TCC_Free;
    return TTI::TCC_Basic;
  }

  InstructionCost getCmpSelInstrCost(
      unsigned Opcode, Type *ValTy, Type *CondTy, llvm::CmpInst::Predicate Pred,
      TTI::TargetCostKind Kind,
      TTI::OperandValueInfo Left = {TTI::OK_AnyValue, TTI::OP_None},
      TTI::OperandValueInfo Right = {TTI::OK_AnyValue, TTI::OP_None},
      const llvm::Instruction *I = nullptr) const override {
    if (Opcode == llvm::Instruction::Select)
      return SelectCost;
    return Base::getCmpSelInstrCost(Opcode, ValTy, CondTy, Pred, Kind, Left,
                                    Right, I);
  }

  InstructionCost
  getIntrinsicInstrCost(const llvm::IntrinsicCostAttributes &I,
                        TTI::TargetCostKind Kind) const override {
    switch (I.getID()) {
    case llvm::Intrinsic::ctpop:
    case llvm::Intrinsic::cttz:
    case llvm::Intrinsic::ctlz:
    case llvm::Intrinsic::bitreverse:
      return BitCountCost;
    default:
      return Base::getIntrinsicInstrCost(I, Kind);
    }
  }

  InstructionCost getArithmeticInstrCost(
      unsigned Opcode, Type *Ty, TTI::TargetCostKind Kind,
      TTI::OperandValueInfo Left = {TTI::OK_AnyValue, TTI::OP_None},
      TTI::OperandValueInfo Right = {TTI::OK_AnyValue, TTI::OP_None},
      llvm::ArrayRef<const llvm::Value *> Args = {},
      const llvm::Instruction *I = nullptr) const override {
    if (Opcode == llvm::Instruction::Add && Kind == TTI::TCK_RecipThroughput)
      return AddCost;
    return Base::getArithmeticInstrCost(Opcode, Ty, Kind, Left, Right, Args, I);
  }
};

} // namespace

TTI bpfTargetInfo(const llvm::Function &F) {
  return TTI(std::make_unique<BpfTargetInfo>(F.getDataLayout()));
}

} // namespace bpfcc

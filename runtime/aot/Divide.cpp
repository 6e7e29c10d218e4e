// Divisions for machines that have none.
//
// LLVM makes a call of the compiler's library (__aeabi_uldivmod) of a division
// that the machine cannot do. No library comes with native code, so each kind
// of division becomes one function of the module, in which LLVM's utilities
// write the division bit by bit:
//
//     %q = udiv i64 %a, %b        ->      %q = call i64 @udiv64(i64 %a, i64 %b)
//
// Those by constants of 32 bits stay: they become multiplications.

#include "runtime/aot/Divide.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/IntegerDivision.h"

using namespace llvm;

namespace bpfcc::aot {

static bool isDivision(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::UDiv:
  case Instruction::SDiv:
  case Instruction::URem:
  case Instruction::SRem:
    return true;
  default:
    return false;
  }
}

/// The function that does what \p I does.
static Function *functionFor(const BinaryOperator &I, Module &M) {
  Type *T = I.getType();
  std::string Name =
      I.getOpcodeName() + std::to_string(T->getIntegerBitWidth());
  if (Function *F = M.getFunction(Name))
    return F;
  Function *F = Function::Create(FunctionType::get(T, {T, T}, false),
                                 Function::InternalLinkage, Name, M);
  F->addFnAttr(Attribute::NoUnwind);
  F->addFnAttr(Attribute::NoInline);
  F->setDoesNotAccessMemory();
  IRBuilder<> B(BasicBlock::Create(M.getContext(), "entry", F));
  auto *Divide = cast<BinaryOperator>(BinaryOperator::Create(
      I.getOpcode(), F->getArg(0), F->getArg(1), "", B.GetInsertBlock()));
  B.CreateRet(Divide);
  bool IsRest =
      I.getOpcode() == Instruction::URem || I.getOpcode() == Instruction::SRem;
  IsRest ? expandRemainder(Divide) : expandDivision(Divide);
  return F;
}

void callForDivisions(Module &M) {
  std::vector<BinaryOperator *> Divisions;
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      if (isDivision(I) &&
          !(I.getType()->isIntegerTy(32) && isa<ConstantInt>(I.getOperand(1))))
        Divisions.push_back(cast<BinaryOperator>(&I));
  for (BinaryOperator *I : Divisions) {
    CallInst *Call = IRBuilder<>(I).CreateCall(
        functionFor(*I, M), {I->getOperand(0), I->getOperand(1)});
    I->replaceAllUsesWith(Call);
    I->eraseFromParent();
  }
}

} // namespace bpfcc::aot

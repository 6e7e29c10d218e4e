// Needs: any IR. Gives: errors for what no later step can turn into BPF.

#include "backend/prepare/Passes.h"

#include "backend/prepare/Where.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

class Diagnoser {
public:
  explicit Diagnoser(Function &F) : F(F) {}

  Error run() {
    signature();
    for (Instruction &I : instructions(F))
      inspect(I);
    return std::move(Errors);
  }

private:
  template <typename... Ts>
  void report(DiagCode Code, const SourceLoc &Loc, Ts &&...Args) {
    // One line, one error of a kind.
    if (Seen.insert({unsigned(Code), Loc.Line}).second)
      Errors = joinErrors(std::move(Errors),
                          diagError(Code, Loc, std::forward<Ts>(Args)...));
  }

  void signature() {
    SourceLoc Loc = whereIs(F);
    if (F.isVarArg())
      report(DiagCode::VarArgsUnsupported, Loc);
    if (hasFloat(*F.getReturnType()) ||
        any_of(F.args(), [](Argument &A) { return hasFloat(*A.getType()); }))
      report(DiagCode::FloatUnsupported, Loc);
  }

  void inspect(const Instruction &I) {
    SourceLoc Loc = whereIs(I);
    if (usesFloat(I))
      return report(DiagCode::FloatUnsupported, Loc);
    if (auto *Call = dyn_cast<CallBase>(&I))
      inspectCall(*Call, Loc);
    if (auto *A = dyn_cast<AllocaInst>(&I);
        A && (!A->isStaticAlloca() && !isa<ConstantInt>(A->getArraySize())))
      report(DiagCode::DynamicAlloca, Loc);
    if (isa<IndirectBrInst>(I))
      report(DiagCode::ComputedGoto, Loc);
    if (isa<VAArgInst>(I) && !F.isVarArg()) // or its head has been reported
      report(DiagCode::VarArgsUnsupported, Loc);
    for (const Use &Operand : I.operands()) {
      if (isa<BlockAddress>(Operand))
        report(DiagCode::ComputedGoto, Loc);
      if (auto *G = dyn_cast<GlobalVariable>(Operand); G && G->isThreadLocal())
        report(DiagCode::ThreadLocal, Loc, G->getName());
    }
  }

  static bool hasFloat(Type &Ty) {
    if (Ty.getScalarType()->isFloatingPointTy())
      return true;
    return any_of(Ty.subtypes(), [](Type *Part) { return hasFloat(*Part); });
  }

  static bool usesFloat(const Instruction &I) {
    return hasFloat(*I.getType()) || any_of(I.operands(), [](const Use &U) {
             return hasFloat(*U->getType());
           });
  }

  void inspectCall(const CallBase &Call, const SourceLoc &Loc) {
    if (isa<IntrinsicInst>(Call) || Call.isInlineAsm())
      return;
    const Function *Callee = Call.getCalledFunction();
    if (Callee && Callee->isDeclaration() && Callee->isVarArg() &&
        Call.arg_size() > Callee->arg_size())
      report(DiagCode::VarArgsUnsupported, Loc);
  }

  Function &F;
  Error Errors = Error::success();
  SmallSet<std::pair<unsigned, unsigned>, 8> Seen;
};

} // namespace

Error diagnose(Function &F) { return Diagnoser(F).run(); }

} // namespace bpfcc

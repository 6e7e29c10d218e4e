#include "backend/prepare/Passes.h"

#include "backend/prepare/Where.h"

#include "llvm/ADT/SmallSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

constexpr unsigned MaxArguments = 5;

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
    if (F.arg_size() > MaxArguments)
      report(DiagCode::TooManyArguments, Loc, F.getName(), F.arg_size());
    for (const Argument &A : F.args())
      if (A.hasByValAttr() || A.hasStructRetAttr() ||
          A.getType()->isAggregateType())
        report(DiagCode::ByValueUnsupported, Loc, F.getName());
    if (F.getReturnType()->isAggregateType())
      report(DiagCode::ByValueUnsupported, Loc, F.getName());
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
    if (isa<VAArgInst>(I))
      report(DiagCode::VarArgsUnsupported, Loc);
    for (const Use &Operand : I.operands()) {
      if (isa<BlockAddress>(Operand))
        report(DiagCode::ComputedGoto, Loc);
      if (auto *G = dyn_cast<GlobalVariable>(Operand); G && G->isThreadLocal())
        report(DiagCode::ThreadLocal, Loc, G->getName());
    }
    inspectWidth(I, Loc);
  }

  static bool usesFloat(const Instruction &I) {
    auto IsFloat = [](const Type *Ty) {
      return Ty->getScalarType()->isFloatingPointTy();
    };
    return IsFloat(I.getType()) || any_of(I.operands(), [&](const Use &U) {
             return IsFloat(U->getType());
           });
  }

  void inspectWidth(const Instruction &I, const SourceLoc &Loc) {
    auto Check = [&](const Type *Ty) {
      if (Ty->isVectorTy())
        report(DiagCode::UnsupportedIr, Loc, "vector arithmetic");
      if (!Ty->isIntegerTy())
        return;
      unsigned Width = Ty->getIntegerBitWidth();
      if (Width > 64 || (Width != 1 && (Width < 8 || !isPowerOf2_32(Width))))
        report(DiagCode::WideIntUnsupported, Loc, Width, "arithmetic");
    };
    if (isa<DbgInfoIntrinsic>(I))
      return;
    Check(I.getType());
    for (const Use &U : I.operands())
      Check(U->getType());
  }

  void inspectCall(const CallBase &Call, const SourceLoc &Loc) {
    if (isa<IntrinsicInst>(Call) || Call.isInlineAsm())
      return;
    const Function *Callee = Call.getCalledFunction();
    StringRef Name = Callee ? Callee->getName() : "this call";
    if (Callee && Callee->isVarArg())
      report(DiagCode::VarArgsUnsupported, Loc);
    if (Call.arg_size() > MaxArguments)
      report(DiagCode::TooManyArguments, Loc, Name, Call.arg_size());
    for (unsigned N = 0; N < Call.arg_size(); ++N)
      if (Call.isByValArgument(N) || Call.paramHasAttr(N, Attribute::StructRet))
        report(DiagCode::ByValueUnsupported, Loc, Name);
    if (Call.getType()->isAggregateType())
      report(DiagCode::ByValueUnsupported, Loc, Name);
  }

  Function &F;
  Error Errors = Error::success();
  SmallSet<std::pair<unsigned, unsigned>, 8> Seen;
};

} // namespace

Error diagnose(Function &F) { return Diagnoser(F).run(); }

} // namespace bpfcc

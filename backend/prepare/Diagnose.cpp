// Needs: any IR. Gives: errors for what no later step can turn into BPF.

#include "backend/prepare/Passes.h"

#include "backend/prepare/Where.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace bpfcc {

using namespace llvm;

namespace {

class Diagnoser {
public:
  Error run(Module &M) {
    for (Function &F : M)
      if (!F.isDeclarationForLinker())
        signature(F);
    for (Function &F : M)
      if (!F.isDeclarationForLinker())
        for (Instruction &I : instructions(F))
          inspect(I);
    return std::move(Errors);
  }

private:
  /// One error of a kind for each \p Place.
  template <typename... Ts>
  void reportOnce(DiagCode Code, StringRef Place, const SourceLoc &Loc,
                  Ts &&...Args) {
    if (Seen.insert((Twine(unsigned(Code)) + ":" + Place).str()).second)
      Errors = joinErrors(std::move(Errors),
                          diagError(Code, Loc, std::forward<Ts>(Args)...));
  }

  template <typename... Ts>
  void report(DiagCode Code, const SourceLoc &Loc, Ts &&...Args) {
    reportOnce(Code, (Loc.File + ":" + Twine(Loc.Line)).str(), Loc,
               std::forward<Ts>(Args)...);
  }

  void signature(const Function &F) {
    SourceLoc Loc = whereIs(F);
    if (F.isVarArg())
      report(DiagCode::VarArgsUnsupported, Loc);
    if (passesFloat(F))
      reportOnce(DiagCode::FloatUnsupported, F.getName(), Loc);
  }

  void inspect(const Instruction &I) {
    SourceLoc Loc = whereIs(I);
    const Function &F = *I.getFunction();
    if (usesFloat(I)) {
      if (!servesReportedCall(I))
        reportOnce(DiagCode::FloatUnsupported, writtenIn(I), Loc);
      return;
    }
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

  static bool passesFloat(const Function &F) {
    return hasFloat(*F.getReturnType()) ||
           any_of(F.args(), [](auto &A) { return hasFloat(*A.getType()); });
  }

  /// The function of the source that \p I may have been inlined from.
  static StringRef writtenIn(const Instruction &I) {
    if (const DILocation *L = I.getDebugLoc().get())
      return L->getScope()->getSubprogram()->getName();
    return I.getFunction()->getName();
  }

  /// True of a call of a function that has been reported for its signature, of
  /// what makes its arguments and of what takes its result, inlined or not.
  static bool servesReportedCall(const Instruction &I) {
    auto IsReported = [&](const Value *V) {
      if (auto *Other = dyn_cast<Instruction>(V);
          Other && writtenIn(*Other) != writtenIn(I))
        return true;
      auto *Call = dyn_cast<CallBase>(V);
      const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
      return Callee && !Callee->isDeclarationForLinker() &&
             passesFloat(*Callee);
    };
    if (IsReported(&I))
      return true;
    if (hasFloat(*I.getType()))
      return !I.use_empty() && all_of(I.users(), IsReported);
    return all_of(I.operands(), [&](const Use &U) {
      return !hasFloat(*U->getType()) || IsReported(U);
    });
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

  Error Errors = Error::success();
  StringSet<> Seen;
};

} // namespace

Error diagnose(Module &M) { return Diagnoser().run(M); }

} // namespace bpfcc

// From prepared LLVM IR to MIR: one walk over the blocks in reverse post-order,
// so that each value is made before it is used; phis are filled in at the end.
//
// The pieces: UpperBits (which extensions are free), Values (registers and
// constants), Alu, Memory, Branches, Edges (phis), Calls, Atomics, Asm, Core.

#include "backend/select/Selector.h"

#include "backend/prepare/Where.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/BranchProbabilityInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Dominators.h"

namespace bpfcc {

using namespace llvm;

/// The variable of C that lies in \p Memory; empty if it is none.
static std::string variableIn(const AllocaInst &Memory) {
  auto *Address = const_cast<AllocaInst *>(&Memory);
  SmallVector<DbgVariableRecord *, 4> Records;
  for (DbgVariableRecord *R : findDVRDeclares(Address))
    Records.push_back(R);
  findDbgValues(Address, Records);
  for (const DbgVariableRecord *R : Records)
    if (R->isAddressOfVariable() || R->getExpression()->startsWithDeref())
      return R->getVariable()->getName().str();
  return Memory.getName().str();
}

Selector::Selector(llvm::Function &F, const SelectOptions &Options)
    : F(F), Options(Options), DL(F.getDataLayout()), Uppers(F, Options) {}

Expected<mir::Function> Selector::run() {
  declare();
  estimateFlow();
  ReversePostOrderTraversal<const Function *> Order(&F);
  for (const BasicBlock *B : Order) {
    BlockId Id = newBlock(Frequencies[BlockOf.size()]);
    Out.Blocks[Id].Turns = Turns[Id];
    BlockOf[B] = Id;
    IrBlock[Id] = B;
  }
  for (const BasicBlock *B : Order)
    selectBlock(*B);
  if (Failure)
    return std::move(Failure);
  fillPhis();
  if (Failure)
    return std::move(Failure);
  removeDead(Out);
  return std::move(Out);
}

void Selector::declare() {
  Out.Name = GlobalValue::dropLLVMManglingEscape(F.getName()).str();
  Out.Section = F.hasSection() ? F.getSection().str() : ".text";
  Out.Global = !F.hasLocalLinkage();
  Out.Weak = F.hasWeakLinkage() || F.hasLinkOnceLinkage();
  Out.Hidden = F.hasHiddenVisibility();
  Out.HasResult = !F.getReturnType()->isVoidTy();
  Out.Naked = F.hasFnAttribute(Attribute::Naked);
}

/// Frequencies and turns by position in reverse post-order, as the blocks are
/// numbered.
void Selector::estimateFlow() {
  DominatorTree Dominators(F);
  LoopInfo Loops(Dominators);
  Probabilities = std::make_unique<BranchProbabilityInfo>(F, Loops);
  BlockFrequencyInfo Info(F, *Probabilities, Loops);
  double Entry = double(Info.getEntryFreq().getFrequency());
  ReversePostOrderTraversal<const Function *> Order(&F);
  for (const BasicBlock *B : Order)
    Frequencies.push_back(
        Entry > 0 ? float(double(Info.getBlockFreq(B).getFrequency()) / Entry)
                  : 1.0f);
  countTurns(Dominators, Loops);
}

void Selector::countTurns(DominatorTree &Dominators, LoopInfo &Loops) {
  DenseMap<const Loop *, uint32_t> Most{{nullptr, 1}};
  if (!Loops.empty()) {
    TargetLibraryInfoImpl LibraryImpl(F.getParent()->getTargetTriple());
    TargetLibraryInfo Library(LibraryImpl, &F);
    AssumptionCache Assumptions(F);
    ScalarEvolution Evolution(F, Library, Assumptions, Dominators, Loops);
    for (const Loop *L : Loops.getLoopsInPreorder())
      Most[L] = SaturatingMultiply(
          Most[L->getParentLoop()],
          std::max(1u, Evolution.getSmallConstantMaxTripCount(L)));
  }
  ReversePostOrderTraversal<const Function *> Order(&F);
  for (const BasicBlock *B : Order)
    Turns.push_back(Most[Loops.getLoopFor(B)]);
}

void Selector::selectBlock(const BasicBlock &B) {
  startBlock(BlockOf[&B]);
  if (&B == &F.getEntryBlock()) {
    constexpr unsigned MaxArguments = 5;
    if (F.arg_size() > MaxArguments)
      fail(diagError(DiagCode::TooManyArguments, whereIs(F), F.getName(),
                     F.arg_size()));
    for (const Argument &A : F.args()) {
      if (A.use_empty() || Out.Naked)
        continue;
      if (!A.getType()->isIntegerTy() && !A.getType()->isPointerTy())
        unsupported("an argument of this type");
      define(A, emitRI(mir::ARG, mir::NoReg, A.getArgNo()));
    }
  }
  for (const PHINode &Phi : B.phis()) {
    if (!Phi.getType()->isIntegerTy() && !Phi.getType()->isPointerTy()) {
      CurrentInst = &Phi;
      unsupported("a value of this type");
    }
    Reg R = Out.newReg();
    emit(mir::PHI).Defs = {R};
    define(Phi, R);
  }
  for (const Instruction &I : B) {
    CurrentInst = &I;
    CurrentLoc = locate(I);
    if (!llvm::isa<PHINode>(I))
      selectInst(I);
  }
  CurrentLoc = mir::None;
}

void Selector::selectInst(const Instruction &I) {
  if (const auto *Op = dyn_cast<BinaryOperator>(&I)) {
    if (!isConditionOnly(Op))
      selectBinary(*Op);
    return;
  }
  if (const auto *Cast = dyn_cast<CastInst>(&I))
    return selectCast(*Cast);
  switch (I.getOpcode()) {
  case Instruction::Alloca: {
    const auto &Alloca = cast<AllocaInst>(I);
    std::optional<TypeSize> Size = Alloca.getAllocationSize(DL);
    if (!Alloca.isStaticAlloca() || !Size || Size->isScalable()) {
      fail(diagError(DiagCode::DynamicAlloca, here()));
      FrameOf[&Alloca] = 0;
      return;
    }
    FrameOf[&Alloca] = Out.Frame.size();
    mir::FrameObject Object;
    // An empty array still needs an address within the frame.
    Object.Size =
        std::clamp<uint64_t>(Size->getFixedValue(), 1, UINT32_MAX / 2);
    Object.Align = std::min<uint64_t>(Alloca.getAlign().value(), 8);
    Object.Name = variableIn(Alloca);
    Out.Frame.push_back(std::move(Object));
    return;
  }
  case Instruction::GetElementPtr:
    return selectOffset(cast<GetElementPtrInst>(I));
  case Instruction::Load:
    return selectLoad(cast<LoadInst>(I));
  case Instruction::Store:
    return selectStore(cast<StoreInst>(I));
  case Instruction::AtomicRMW:
    return selectAtomicRMW(cast<AtomicRMWInst>(I));
  case Instruction::AtomicCmpXchg:
    return selectCmpXchg(cast<AtomicCmpXchgInst>(I));
  case Instruction::ExtractValue:
    return selectExtract(cast<ExtractValueInst>(I));
  case Instruction::Fence:
    // A fence against the compiler alone needs no instruction.
    if (cast<FenceInst>(I).getSyncScopeID() != SyncScope::SingleThread)
      unsupported("a memory fence");
    return;
  case Instruction::ICmp:
    if (!isConditionOnly(&I))
      define(I, materialise(I));
    return;
  case Instruction::Freeze:
    return define(I, reg(I.getOperand(0)));
  case Instruction::Call:
    return selectCall(cast<CallInst>(I));
  case Instruction::CallBr:
    return selectAsm(cast<CallBrInst>(I));
  case Instruction::Br:
    return selectBranch(cast<BranchInst>(I));
  case Instruction::Ret:
    return selectReturn(cast<ReturnInst>(I));
  case Instruction::Unreachable:
    emit(mir::UNREACHABLE);
    return;
  case Instruction::IndirectBr:
    fail(diagError(DiagCode::ComputedGoto, here()));
    emit(mir::UNREACHABLE);
    return;
  default:
    break;
  }
  Reg R = unsupported("`" + Twine(I.getOpcodeName()) + "`");
  if (I.isTerminator())
    emit(mir::UNREACHABLE);
  else if (!I.getType()->isVoidTy())
    define(I, R);
}

void Selector::selectReturn(const ReturnInst &Ret) {
  const Value *V = Ret.getReturnValue();
  if (!V) {
    emit(mir::EXIT);
    return;
  }
  Reg R;
  unsigned To = Options.Cpu >= 3 && widthOf(V) < 32 ? 32 : 64;
  if (!V->getType()->isIntegerTy() && !V->getType()->isPointerTy())
    R = unsupported("a result of this type");
  else if (F.hasRetAttribute(Attribute::SExt))
    R = signExtended(V, To);
  else if (F.hasRetAttribute(Attribute::ZExt) || widthOf(V) == 1)
    R = zeroExtended(V, To);
  else
    R = reg(V);
  emit(mir::EXIT).Uses = {R};
}

Expected<mir::Function> select(Function &F, const SelectOptions &Options) {
  return Selector(F, Options).run();
}

} // namespace bpfcc

// Branches: compare and jump in one instruction.
//
//   %c = icmp ult i32 %x, 9          JLT_RI %1, 9, bb1, bb2
//   br i1 %c, ...
//
// The 64-bit form is taken when both sides are known to be extended alike:
// the verifier then learns the range of the whole register, which is what the
// program indexes with. Else the 32-bit form (ISA level 3), else extensions.
// and/or of conditions are branches of their own; a condition that is used as
// a number is 1 or 0 by way of a branch.

#include "backend/select/Selector.h"

#include "llvm/Analysis/BranchProbabilityInfo.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;
using namespace llvm::PatternMatch;

static bool isCmpXchgSuccess(const Value *V) {
  const auto *E = dyn_cast<ExtractValueInst>(V);
  return E && llvm::isa<AtomicCmpXchgInst>(E->getAggregateOperand()) &&
         E->getIndices()[0] == 1;
}

/// Whether \p V needs no register, because only branches look at it.
bool Selector::isConditionOnly(const Value *V, unsigned Depth) {
  constexpr unsigned MaxDepth = 16;
  if (Depth > MaxDepth)
    return false;
  bool IsLeaf = llvm::isa<ICmpInst>(V) || isCmpXchgSuccess(V);
  bool IsInner =
      V->getType()->isIntegerTy(1) && V->hasOneUse() &&
      (match(V, m_And(m_Value(), m_Value())) ||
       match(V, m_Or(m_Value(), m_Value())) || match(V, m_Not(m_Value())));
  if (!IsLeaf && !IsInner)
    return false;
  return all_of(V->users(), [&](const User *U) {
    return llvm::isa<BranchInst>(U) ||
           (U->getType()->isIntegerTy(1) && llvm::isa<BinaryOperator>(U) &&
            isConditionOnly(U, Depth + 1));
  });
}

void Selector::selectBranch(const BranchInst &Branch) {
  const BasicBlock &From = *Branch.getParent();
  const BasicBlock *Then = Branch.getSuccessor(0);
  if (Branch.isUnconditional()) {
    emitJump(edge(From, *Then));
    return;
  }
  if (Then == Branch.getSuccessor(1)) {
    loadPhiConstants(From, *Then);
    emitJump(BlockOf[Then]);
    return;
  }
  const BasicBlock *Else = Branch.getSuccessor(1);
  if (const auto *C = dyn_cast<Constant>(Branch.getCondition())) {
    std::optional<APInt> Bits = constantBits(C);
    if (Bits) {
      const BasicBlock *To = Bits->isZero() ? Else : Then;
      loadPhiConstants(From, *To);
      emitJump(BlockOf[To]);
      return;
    }
  }
  BlockId ThenBlock = edge(From, *Then);
  BlockId ElseBlock = edge(From, *Else);
  branchOn(Branch.getCondition(), ThenBlock, ElseBlock,
           Frequencies[BlockOf[&From]]);
}

void Selector::branchOn(const Value *Condition, BlockId Then, BlockId Else,
                        float Frequency) {
  if (isConditionOnly(Condition)) {
    Value *A, *B;
    if (match(Condition, m_Not(m_Value(A))))
      return branchOn(A, Else, Then, Frequency);
    bool IsAnd = match(Condition, m_And(m_Value(A), m_Value(B)));
    if (IsAnd || match(Condition, m_Or(m_Value(A), m_Value(B)))) {
      BlockId Second = newBlock(Frequency / 2);
      IrBlock[Second] = IrBlock[Current];
      if (IsAnd)
        branchOn(A, Second, Else, Frequency);
      else
        branchOn(A, Then, Second, Frequency);
      startBlock(Second);
      return branchOn(B, Then, Else, Frequency / 2);
    }
    if (const auto *Compare = dyn_cast<ICmpInst>(Condition))
      return branchOnCompare(Compare->getPredicate(), Compare->getOperand(0),
                             Compare->getOperand(1), Then, Else);
    if (isCmpXchgSuccess(Condition)) {
      const auto &X = *cast<AtomicCmpXchgInst>(
          cast<ExtractValueInst>(Condition)->getAggregateOperand());
      bool Word = widthOf(X.getCompareOperand()) == 32;
      Reg Old = Parts[&X][0];
      Reg Expected = Word && Options.Cpu < 3
                         ? zeroExtended(X.getCompareOperand(), 64)
                         : reg(X.getCompareOperand());
      return emitCompare(CmpInst::ICMP_EQ, Word, Old, std::nullopt, Expected,
                         Then, Else);
    }
  }
  Reg R = reg(Condition);
  bool Clean = Uppers.isZeroExtended(Condition, 64);
  mir::Inst &I = emit(Clean ? mir::JNE_RI : mir::JSET_RI);
  I.Uses = {R};
  I.Imm = Clean ? 0 : 1;
  I.Targets = {Then, Else};
}

/// `(x & mask) != 0` is one instruction if nothing else uses the masked value.
bool Selector::branchOnMask(const Value *V, BlockId Then, BlockId Else) {
  const Value *X, *Mask;
  if (!V->hasOneUse() || !match(V, m_And(m_Value(X), m_Value(Mask))))
    return false;
  if (constantBits(X))
    std::swap(X, Mask);
  unsigned Width = widthOf(V);
  auto Jump = [&](mir::Opcode Op, Reg A, int64_t Imm, Reg B) {
    mir::Inst &I = emit(Op);
    I.Uses = {A};
    if (B != mir::NoReg)
      I.Uses.push_back(B);
    I.Imm = Imm;
    I.Targets = {Then, Else};
    return true;
  };
  if (std::optional<APInt> C = constantBits(Mask)) {
    int64_t Imm = Width == 64 ? C->getSExtValue() : int64_t(C->getZExtValue());
    if (isInt<32>(Imm))
      return Jump(mir::JSET_RI, reg(X), Imm, mir::NoReg);
    // The upper half of the mask is clear, so 32 bits decide.
    if (isUInt<32>(Imm) && Options.Cpu >= 3)
      return Jump(mir::JSET32_RI, reg(X), int32_t(Imm), mir::NoReg);
    if (Width < 64)
      return Jump(mir::JSET_RR, reg(X), 0, number(Imm));
    return false;
  }
  if (Width == 32 && Options.Cpu >= 3) {
    Reg A = reg(X);
    return Jump(mir::JSET32_RR, A, 0, reg(Mask));
  }
  if (Uppers.isZeroExtended(X, 64))
    std::swap(X, Mask);
  Reg A = reg(X);
  return Jump(mir::JSET_RR, A, 0, zeroExtended(Mask, 64));
}

void Selector::branchOnCompare(CmpInst::Predicate P, const Value *L,
                               const Value *R, BlockId Then, BlockId Else) {
  if (constantBits(L) && !constantBits(R)) {
    std::swap(L, R);
    P = CmpInst::getSwappedPredicate(P);
  }
  if (!L->getType()->isIntegerTy() && !L->getType()->isPointerTy()) {
    unsupported("a comparison of this type");
    emitJump(Then);
    return;
  }
  std::optional<APInt> C = constantBits(R);
  bool Equality = CmpInst::isEquality(P), IsSigned = CmpInst::isSigned(P);
  if (Equality && C && C->isZero()) {
    bool NotZero = P == CmpInst::ICMP_NE;
    if (branchOnMask(L, NotZero ? Then : Else, NotZero ? Else : Then))
      return;
  }
  unsigned Width = widthOf(L);
  auto Compare = [&](bool Word, Reg A, std::optional<int64_t> Imm, Reg B) {
    emitCompare(P, Word, A, Imm, B, Then, Else);
  };
  // A number that is cut to 32 bits for this test alone is tested so.
  const Value *X;
  if (Width == 64 && Options.Cpu >= 3 && !IsSigned && C && C->isIntN(32) &&
      match(L, m_OneUse(m_And(m_Value(X), m_SpecificInt(0xffffffff)))))
    return Compare(true, reg(X), int32_t(C->getZExtValue()), mir::NoReg);
  if (Width == 64) {
    Reg A = reg(L);
    if (C && isInt<32>(C->getSExtValue()))
      return Compare(false, A, C->getSExtValue(), mir::NoReg);
    return Compare(false, A, std::nullopt, reg(R));
  }
  auto Both = [&](auto &&Extended) {
    return Extended(L) && (C || Extended(R));
  };
  bool Zero = !IsSigned && Both([&](const Value *V) {
    return Uppers.isZeroExtended(V, 64);
  });
  bool Sign =
      Both([&](const Value *V) { return Uppers.isSignExtended(V, 64); });
  bool HasWord = Options.Cpu >= 3;
  for (bool AsSigned : {false, true}) {
    if (!(AsSigned ? Sign : Zero))
      continue;
    if (!C) {
      Reg A = reg(L);
      return Compare(false, A, std::nullopt, reg(R));
    }
    int64_t Imm = AsSigned ? C->getSExtValue() : int64_t(C->getZExtValue());
    if (isInt<32>(Imm))
      return Compare(false, reg(L), Imm, mir::NoReg);
    if (HasWord && Width == 32)
      break;
    Reg A = reg(L);
    return Compare(false, A, std::nullopt, number(Imm));
  }
  if (HasWord && Width == 32) {
    Reg A = reg(L);
    if (C)
      return Compare(true, A, C->getSExtValue(), mir::NoReg);
    return Compare(true, A, std::nullopt, reg(R));
  }
  // Only the top bits decide against zero: move them up, never down again.
  if (C && C->isZero() && Width == 32 && (Equality || IsSigned))
    return Compare(false, emitRI(mir::LSH_RI, reg(L), 64 - Width), 0,
                   mir::NoReg);
  bool Word = HasWord && (IsSigned || Both([&](const Value *V) {
                            return Uppers.isZeroExtended(V, 32);
                          }));
  unsigned To = Word ? 32 : 64;
  auto Extend = [&](const Value *V) {
    return IsSigned ? signExtended(V, To) : zeroExtended(V, To);
  };
  Reg A = Extend(L);
  if (C) {
    int64_t Imm = IsSigned ? C->getSExtValue() : int64_t(C->getZExtValue());
    if (isInt<32>(Imm))
      return Compare(Word, A, Imm, mir::NoReg);
  }
  return Compare(Word, A, std::nullopt, Extend(R));
}

/// \p Imm, if given, stands for \p R. Level 1 has no less-than: the sides or
/// the targets change places.
void Selector::emitCompare(CmpInst::Predicate P, bool Word, Reg L,
                           std::optional<int64_t> Imm, Reg R, BlockId Then,
                           BlockId Else) {
  Word &= Options.Cpu >= 3;
  bool IsLess = P == CmpInst::ICMP_ULT || P == CmpInst::ICMP_ULE ||
                P == CmpInst::ICMP_SLT || P == CmpInst::ICMP_SLE;
  if (IsLess && Options.Cpu < 2) {
    if (Imm) {
      P = CmpInst::getInversePredicate(P);
      std::swap(Then, Else);
    } else {
      P = CmpInst::getSwappedPredicate(P);
      std::swap(L, R);
    }
  }
  mir::Opcode Row;
  switch (P) {
  case CmpInst::ICMP_EQ:
    Row = mir::JEQ_RI;
    break;
  case CmpInst::ICMP_NE:
    Row = mir::JNE_RI;
    break;
  case CmpInst::ICMP_UGT:
    Row = mir::JGT_RI;
    break;
  case CmpInst::ICMP_UGE:
    Row = mir::JGE_RI;
    break;
  case CmpInst::ICMP_ULT:
    Row = mir::JLT_RI;
    break;
  case CmpInst::ICMP_ULE:
    Row = mir::JLE_RI;
    break;
  case CmpInst::ICMP_SGT:
    Row = mir::JSGT_RI;
    break;
  case CmpInst::ICMP_SGE:
    Row = mir::JSGE_RI;
    break;
  case CmpInst::ICMP_SLT:
    Row = mir::JSLT_RI;
    break;
  default:
    Row = mir::JSLE_RI;
    break;
  }
  mir::Inst &I = emit(rowOf(Row, Word, !Imm));
  I.Uses = {L};
  if (Imm)
    I.Imm = *Imm;
  else
    I.Uses.push_back(R);
  I.Targets = {Then, Else};
}

/// 1 or 0: the rest of the IR block goes on in a new MIR block.
mir::Reg Selector::materialise(const Value &Condition) {
  Reg True = number(1), False = mir::NoReg;
  float Frequency = Out.Blocks[Current].Frequency;
  const BasicBlock *Ir = IrBlock[Current];
  IrBlock[Current] = nullptr;
  BlockId FalseBlock = newBlock(Frequency / 2), Next = newBlock(Frequency);
  if (const auto *Compare = dyn_cast<ICmpInst>(&Condition))
    branchOnCompare(Compare->getPredicate(), Compare->getOperand(0),
                    Compare->getOperand(1), Next, FalseBlock);
  else {
    const auto &X = *cast<AtomicCmpXchgInst>(
        cast<ExtractValueInst>(Condition).getAggregateOperand());
    emitCompare(CmpInst::ICMP_EQ, widthOf(X.getCompareOperand()) == 32,
                Parts[&X][0], std::nullopt, reg(X.getCompareOperand()), Next,
                FalseBlock);
  }
  startBlock(FalseBlock);
  False = number(0);
  emitJump(Next);
  startBlock(Next);
  IrBlock[Next] = Ir;
  Reg Result = Out.newReg();
  emit(mir::PHI).Defs = {Result};
  Joins.push_back({Result, Next, FalseBlock, False, True});
  return Result;
}

} // namespace bpfcc

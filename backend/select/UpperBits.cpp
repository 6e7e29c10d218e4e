// Which extensions are free.
//
// needs: a prepared function
// gives: for each value of less than 64 bits, how its register looks above it
//
//   %a = load i8      bits 8..63 are zero: loads zero extend
//   %b = add i32      bits 32..63 are zero: a 32-bit row clears them (level 3)
//   %c = add nuw i8   zero above if both operands are: no carry leaves
//   %d = phi i8       what all incoming values have in common
//
// Phis start from the best case and fall until nothing changes, so a loop does
// not lose what its values keep. `transfer` and the rest of select must agree:
// it describes the instruction that select emits for each IR instruction.
//
// Facts that follow from nuw, nsw or known bits do not hold for poison, and
// need not, until `freeze` makes poison a value: freeze keeps only what the
// emitted instruction itself guarantees.

#include "backend/select/UpperBits.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Support/KnownBits.h"

namespace bpfcc {

using namespace llvm;

unsigned widthOf(const Value *V) {
  Type *T = V->getType();
  return T->isIntegerTy() ? T->getIntegerBitWidth() : 64;
}

std::optional<APInt> constantBits(const Value *V) {
  if (const auto *C = dyn_cast<ConstantInt>(V))
    return C->getValue();
  if (llvm::isa<UndefValue>(V) || llvm::isa<ConstantPointerNull>(V))
    return APInt(widthOf(V), 0);
  return std::nullopt;
}

bool loadsZeroExtended(const APInt &C, unsigned Cpu) {
  return C.getBitWidth() < 32 || C.isNonNegative() ||
         (C.getBitWidth() == 32 && Cpu >= 3);
}

bool addsSignExtended(const BinaryOperator &Op, const APInt &C) {
  bool Adds = Op.getOpcode() == Instruction::Add ||
              Op.getOpcode() == Instruction::Sub ||
              Op.getOpcode() == Instruction::Mul;
  return Adds && C.getBitWidth() < 32 && !Op.hasNoUnsignedWrap();
}

bool isSignedLoad(const LoadInst &Load, unsigned Cpu) {
  unsigned Width = widthOf(&Load);
  return Cpu >= 4 && (Width == 8 || Width == 16 || Width == 32) &&
         !Load.isAtomic() && !Load.use_empty() &&
         all_of(Load.users(), [](const User *U) {
           return llvm::isa<SExtInst>(U) && widthOf(U) >= 32;
         });
}

bool isWordOperation(const BinaryOperator &Op, unsigned Cpu) {
  using namespace PatternMatch;
  if (Cpu < 3 || widthOf(&Op) > 32)
    return false;
  // The kernel allows no 32-bit arithmetic on pointers.
  auto IsPointer = [](const Value *V) {
    return match(V, m_Trunc(m_PtrToInt(m_Value()))) ||
           match(V, m_PtrToInt(m_Value()));
  };
  bool Linear =
      Op.getOpcode() == Instruction::Add || Op.getOpcode() == Instruction::Sub;
  return !(Linear &&
           (IsPointer(Op.getOperand(0)) || IsPointer(Op.getOperand(1))));
}

static bool isNarrow(const Value &V) {
  return V.getType()->isIntegerTy() && widthOf(&V) < 64;
}

UpperBits::UpperBits(const Function &F, const SelectOptions &Options)
    : Cpu(Options.Cpu), DL(F.getDataLayout()) {
  ReversePostOrderTraversal<const Function *> Order(&F);
  for (const Argument &A : F.args())
    if (isNarrow(A))
      Facts[&A] = fromAttributes(widthOf(&A), A.hasZExtAttr(), A.hasSExtAttr());
  for (const BasicBlock *B : Order)
    for (const Instruction &I : *B)
      if (isNarrow(I))
        Facts[&I] = {64, 64};
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const BasicBlock *B : Order)
      for (const Instruction &I : *B) {
        if (!isNarrow(I))
          continue;
        Upper New = transfer(I);
        Upper &Old = Facts[&I];
        New = {std::min(New.Zero, Old.Zero), std::min(New.Sign, Old.Sign)};
        Changed |= New != Old;
        Old = New;
      }
  }
}

bool UpperBits::isNonNegative(const Value *V) const {
  auto [It, New] = NonNegative.try_emplace(V, false);
  if (New) {
    bool Known = computeKnownBits(V, DL).isNonNegative();
    NonNegative[V] = Known;
    return Known;
  }
  return It->second;
}

bool UpperBits::isZeroExtended(const Value *V, unsigned To) const {
  if (widthOf(V) >= To)
    return true;
  Upper U = of(V);
  return U.Zero >= To || (U.Sign >= To && isNonNegative(V));
}

bool UpperBits::isSignExtended(const Value *V, unsigned To) const {
  if (widthOf(V) >= To)
    return true;
  Upper U = of(V);
  return U.Sign >= To || (U.Zero >= To && isNonNegative(V));
}

Upper UpperBits::of(const Value *V) const {
  uint8_t Width = widthOf(V);
  if (std::optional<APInt> C = constantBits(V)) {
    bool Zero = loadsZeroExtended(*C, Cpu);
    return {uint8_t(Zero ? 64 : Width),
            uint8_t(!Zero || C->isNonNegative() ? 64 : Width)};
  }
  auto It = Facts.find(V);
  return It == Facts.end() ? Upper{Width, Width} : It->second;
}

Upper UpperBits::fromAttributes(unsigned Width, bool ZeroExt,
                                bool SignExt) const {
  // Clang extends to the width of its smallest register class.
  uint8_t To = Cpu >= 3 && Width < 32 ? 32 : 64;
  uint8_t None = Width;
  return {ZeroExt ? To : None, SignExt ? To : None};
}

Upper UpperBits::transfer(const Instruction &I) const {
  uint8_t Width = widthOf(&I);
  Upper Nothing{Width, Width};
  if (const auto *Op = dyn_cast<BinaryOperator>(&I))
    return ofBinary(*Op);
  if (const auto *Phi = dyn_cast<PHINode>(&I)) {
    Upper Common{64, 64};
    for (const Value *V : Phi->incoming_values()) {
      // Not reachable: no such edge will be.
      if (llvm::isa<Instruction>(V) && !Facts.count(V))
        continue;
      Upper U = of(V);
      Common = {std::min(Common.Zero, U.Zero), std::min(Common.Sign, U.Sign)};
    }
    return Common;
  }
  switch (I.getOpcode()) {
  case Instruction::Trunc:
    return ofTrunc(cast<TruncInst>(I));
  case Instruction::ZExt:
  case Instruction::SExt:
    return ofExtension(cast<CastInst>(I));
  case Instruction::Freeze:
    return ofFreeze(cast<FreezeInst>(I));
  case Instruction::Load:
    if (isSignedLoad(cast<LoadInst>(I), Cpu))
      return {Width, 64};
    return {64, Width};
  case Instruction::ICmp:
  case Instruction::AtomicRMW:
    return {uint8_t(Width == 1 || Width == 32 ? 64 : Width), Width};
  case Instruction::ExtractValue:
    if (llvm::isa<AtomicCmpXchgInst>(
            cast<ExtractValueInst>(I).getAggregateOperand()))
      return {64, Width};
    return Nothing;
  case Instruction::Call: {
    const auto &Call = cast<CallInst>(I);
    if (Call.getIntrinsicID() == Intrinsic::bswap)
      return {64, Width};
    if (Call.isInlineAsm())
      return Nothing;
    return fromAttributes(Width, Call.hasRetAttr(Attribute::ZExt),
                          Call.hasRetAttr(Attribute::SExt));
  }
  default:
    return Nothing;
  }
}

Upper UpperBits::ofTrunc(const TruncInst &Trunc) const {
  uint8_t Width = widthOf(&Trunc);
  const Value *From = Trunc.getOperand(0);
  unsigned Wide = widthOf(From);
  Upper U{Width, Width};
  if (computeKnownBits(From, DL).countMinLeadingZeros() >= Wide - Width)
    U.Zero = isZeroExtended(From, 64) ? 64 : Wide;
  if (ComputeNumSignBits(From, DL) > Wide - Width)
    U.Sign = isSignExtended(From, 64) ? 64 : Wide;
  return U;
}

Upper UpperBits::ofExtension(const CastInst &Cast) const {
  uint8_t Width = widthOf(&Cast);
  const Value *From = Cast.getOperand(0);
  if (llvm::isa<ZExtInst>(Cast)) {
    if (!isZeroExtended(From, Width) || isZeroExtended(From, 64))
      return {64, 64};
    uint8_t To = std::max(of(From).Zero, Width);
    return {To, To};
  }
  if (isSignExtended(From, Width))
    return {Width, uint8_t(isSignExtended(From, 64) ? 64 : Width)};
  // A 32-bit row extends to 32 bits and clears the rest.
  if (Cpu >= 3)
    return {uint8_t(Width == 32 ? 64 : Width), 32};
  return {Width, 64};
}

Upper UpperBits::ofFreeze(const FreezeInst &Freeze) const {
  uint8_t Width = widthOf(&Freeze);
  const Value *From = Freeze.getOperand(0);
  if (constantBits(From) || llvm::isa<LoadInst>(From) ||
      llvm::isa<Argument>(From))
    return of(From);
  if (const auto *Op = dyn_cast<BinaryOperator>(From))
    if (Width == 32 && isWordOperation(*Op, Cpu))
      return {64, Width};
  return {Width, Width};
}

Upper UpperBits::ofBinary(const BinaryOperator &Op) const {
  uint8_t Width = widthOf(&Op);
  bool Word = isWordOperation(Op, Cpu);
  uint8_t Done = Word ? 32 : 64;
  if (Word && Width == 32)
    return {64, Width};
  Upper A = of(Op.getOperand(0)), B = of(Op.getOperand(1));
  if (std::optional<APInt> C = constantBits(Op.getOperand(1));
      C && addsSignExtended(Op, *C))
    B = {uint8_t(C->isNonNegative() ? 64 : Width), 64};
  Upper U{Width, Width};
  Upper Least{std::min(A.Zero, B.Zero), std::min(A.Sign, B.Sign)};
  switch (Op.getOpcode()) {
  case Instruction::And:
    U = {std::max(A.Zero, B.Zero), Least.Sign};
    break;
  case Instruction::Or:
  case Instruction::Xor:
    U = Least;
    break;
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::Mul:
    if (Op.hasNoUnsignedWrap())
      U.Zero = Least.Zero;
    if (Op.hasNoSignedWrap())
      U.Sign = Least.Sign;
    break;
  case Instruction::Shl:
    if (Op.hasNoUnsignedWrap())
      U.Zero = A.Zero;
    if (Op.hasNoSignedWrap())
      U.Sign = A.Sign;
    break;
  case Instruction::LShr:
  case Instruction::UDiv:
  case Instruction::URem:
    U.Zero = 64;
    break;
  case Instruction::AShr:
  case Instruction::SDiv:
  case Instruction::SRem:
    U.Sign = Done;
    break;
  default:
    break;
  }
  // Operands that are extended to 32 bits only say nothing about the rest,
  // but a 32-bit row clears it.
  if (Word && U.Zero >= 32)
    U.Zero = 64;
  U.Sign = std::min(U.Sign, std::max(Done, Width));
  return U;
}

} // namespace bpfcc

// Needs: IR with icmp as a value. Gives: IR in which some of these are computed
// without a branch.
//
//   %c = icmp ult i32 %a, %b         %x = zext i32 %a to i64 (the same for %b)
//   %t = zext i1 %c to i32     ->    %d = sub i64 %x, %y
//                                    %s = lshr i64 %d, 63
//                                    %t = trunc i64 %s to i32
//
// Of two numbers below 2^63, the difference is negative if the first is the
// lower. `a == 0` is a - 1, `a != 0` is -a, `a == 7` is (a ^ 7) - 1, and
// `a > 5` is 5 - a. A branch and two constants would be three instructions, and
// a verifier would go both ways from there on.
//
// Done only where it is not longer, and where nobody asks for the truth again
// before it is stored or returned: on the way where a branch has found `a < b`,
// a verifier knows that it is, and may need to.

#include "backend/prepare/Passes.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

namespace bpfcc {

using namespace llvm;

namespace {

class TruthComputer {
public:
  TruthComputer(Function &F, unsigned Cpu)
      : DL(F.getDataLayout()), MayReturn(!F.hasLocalLinkage()), Cpu(Cpu) {}

  void compute(ICmpInst &Compare) {
    Value *A = Compare.getOperand(0), *B = Compare.getOperand(1);
    if (!A->getType()->isIntegerTy() || !isPlain(A) || !isPlain(B) ||
        !all_of(Compare.users(), [&](User *U) { return isForgotten(*U); }))
      return;
    IRBuilder<> Builder(&Compare);
    Value *Negative = negativeIf(Compare, Builder);
    if (!Negative)
      return;
    Value *Sign = Builder.CreateLShr(Negative, 63);
    for (User *U : make_early_inc_range(Compare.users())) {
      auto *Extend = cast<ZExtInst>(U);
      IRBuilder<> At(Extend);
      Extend->replaceAllUsesWith(At.CreateZExtOrTrunc(Sign, Extend->getType()));
      Extend->eraseFromParent();
    }
    Compare.eraseFromParent();
  }

private:
  /// Whether \p V may be a pointer into a packet, which a program reads from
  /// its context as 32 bits. Verifiers take no arithmetic of those but
  /// differences.
  static bool mayBePacket(const Value *V) {
    const auto *Load = dyn_cast<LoadInst>(V);
    if (!Load || !Load->getType()->isIntegerTy(32))
      return false;
    return isa<Argument>(getUnderlyingObject(Load->getPointerOperand()));
  }

  /// A number of 64 bits that is negative where \p Compare is true.
  static Value *negativeIf(const ICmpInst &Compare, IRBuilder<> &Builder) {
    auto Wide = [&](unsigned N) {
      return Builder.CreateZExt(Compare.getOperand(N), Builder.getInt64Ty());
    };
    const auto *Number = dyn_cast<ConstantInt>(Compare.getOperand(1));
    bool IsZero = Number && Number->isZero();
    if (!Number && Compare.isEquality() && mayBePacket(Compare.getOperand(0)))
      return nullptr;
    // Where the value is read again, its copy would be a fourth instruction.
    bool Combines = Compare.getOperand(0)->hasOneUse();
    auto Distance = [&] {
      return IsZero ? Wide(0) : Builder.CreateXor(Wide(0), Wide(1));
    };
    switch (Compare.getPredicate()) {
    case CmpInst::ICMP_ULT:
      return Builder.CreateSub(Wide(0), Wide(1));
    case CmpInst::ICMP_UGT:
      return Builder.CreateSub(Wide(1), Wide(0));
    case CmpInst::ICMP_EQ:
      return IsZero || Combines
                 ? Builder.CreateSub(Distance(), Builder.getInt64(1))
                 : nullptr;
    case CmpInst::ICMP_NE:
      return IsZero || Combines ? Builder.CreateNeg(Distance()) : nullptr;
    default:
      return nullptr;
    }
  }

  /// Whether \p V is below 2^63, and its register holds no more than it.
  bool isPlain(const Value *V) const {
    if (const auto *C = dyn_cast<ConstantInt>(V))
      return C->getValue().isIntN(31);
    unsigned Width = V->getType()->getIntegerBitWidth();
    if (Width == 64)
      return computeKnownBits(V, DL).isNonNegative();
    if (Width == 32 && Cpu >= 3 && isa<BinaryOperator>(V))
      return true;
    return (Width == 8 || Width == 16 || Width == 32) && isa<LoadInst>(V);
  }

  /// Whether \p Truth is an extended truth value that is stored or returned.
  bool isForgotten(const User &Truth) const {
    const auto *Extend = dyn_cast<ZExtInst>(&Truth);
    return Extend && Extend->getType()->getIntegerBitWidth() <= 64 &&
           all_of(Extend->uses(), [&](const Use &U) { return forgets(U, 0); });
  }

  bool forgets(const Use &U, unsigned Depth) const {
    constexpr unsigned MaxDepth = 4;
    const User *To = U.getUser();
    if (isa<ReturnInst>(To))
      return MayReturn;
    if (const auto *Store = dyn_cast<StoreInst>(To))
      return U.getOperandNo() == 0 &&
             !isa<AllocaInst>(getUnderlyingObject(Store->getPointerOperand()));
    if (const auto *Rmw = dyn_cast<AtomicRMWInst>(To))
      return U.getOperandNo() == 1 && Rmw->use_empty();
    return Depth < MaxDepth && isa<BinaryOperator, CastInst>(To) &&
           To->getType()->isIntegerTy() &&
           all_of(
               To->uses(),
               [&](const Use &Next) { return forgets(Next, Depth + 1); });
  }

  const DataLayout &DL;
  bool MayReturn; ///< a caller inside would learn what a branch has found
  unsigned Cpu;
};

} // namespace

void computeTruths(Function &F, unsigned Cpu) {
  SmallVector<ICmpInst *, 16> Compares;
  for (Instruction &I : instructions(F))
    if (auto *Compare = dyn_cast<ICmpInst>(&I);
        Compare && !Compare->use_empty())
      Compares.push_back(Compare);
  TruthComputer Computer(F, Cpu);
  for (ICmpInst *Compare : Compares)
    Computer.compute(*Compare);
}

} // namespace bpfcc

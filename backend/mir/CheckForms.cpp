// What holds of registers in each form.
//
// SSA: virtual registers (r10 may be read), one def each, which dominates the
// uses; a use in a phi counts as standing at the end of the pred.
// Allocated: physical registers in the places that the machine wants, and no
// read of a register that some way from the entry has not written. The latter
// is a forward problem over sets of 11 registers, met by intersection.

#include "backend/mir/CheckForms.h"

#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"

#include "backend/isa/Encoding.h"

#include "llvm/Support/FormatVariadic.h"

namespace bpfcc::mir {

static std::string regText(Reg R) {
  return isVirtual(R) ? llvm::formatv("%{0}", R).str()
                      : llvm::formatv("r{0}", R).str();
}

std::string checkSsa(const Function &F, Place &Where) {
  Dominators Dom(F);
  std::vector<Place> DefAt(F.NextReg, Place{0, NoInst});
  for (BlockId B = 0; B < F.Blocks.size(); ++B)
    for (size_t N = 0; N < F.Blocks[B].Insts.size(); ++N) {
      Where = {B, N};
      for (Reg R : F.Blocks[B].Insts[N].Defs) {
        if (!isVirtual(R) || R >= F.NextReg)
          return "a result in no virtual register";
        if (DefAt[R].Inst != NoInst)
          return regText(R) + " has a second def";
        DefAt[R] = {B, N};
      }
    }
  for (BlockId B = 0; B < F.Blocks.size(); ++B) {
    if (!Dom.isReachable(B))
      continue;
    const Block &In = F.Blocks[B];
    for (size_t N = 0; N < In.Insts.size(); ++N) {
      const Inst &I = In.Insts[N];
      Where = {B, N};
      for (size_t U = 0; U < I.Uses.size(); ++U) {
        Reg R = I.Uses[U];
        if (R == isa::R10)
          continue;
        if (!isVirtual(R) || R >= F.NextReg)
          return "an operand in no virtual register";
        if (DefAt[R].Inst == NoInst)
          return regText(R) + " has no def";
        Place From = DefAt[R];
        BlockId At = I.Op == PHI ? In.Preds[U] : B;
        if (!Dom.isReachable(At))
          continue;
        bool Before = From.Block == At ? I.Op == PHI || From.Inst < N
                                       : Dom.dominates(From.Block, At);
        if (!Before)
          return "the def of " + regText(R) + " does not dominate its use";
      }
    }
  }
  return "";
}

namespace {

using RegSet = uint16_t;
constexpr RegSet CallerSaved = 0x3f; // r0 to r5
constexpr RegSet Arguments = 0x3e;   // r1 to r5

RegSet bit(Reg R) { return static_cast<RegSet>(1u << R); }

class AllocatedChecker {
public:
  explicit AllocatedChecker(const Function &F) : F(F) {}

  std::string run(Place &Where) {
    for (BlockId B = 0; B < F.Blocks.size(); ++B)
      for (size_t N = 0; N < F.Blocks[B].Insts.size(); ++N) {
        Where = {B, N};
        if (std::string Why = checkPlaces(F.Blocks[B].Insts[N]); !Why.empty())
          return Why;
      }
    return F.Naked ? "" : checkWritten(Where);
  }

private:
  static std::string checkPlaces(const Inst &I) {
    for (Reg R : I.Defs)
      if (!isPhysical(R) || R == isa::R10)
        return "a result in no register that can be written";
    for (Reg R : I.Uses)
      if (!isPhysical(R))
        return "an operand in no register";
    if (I.Op == PHI || I.Op == COPY || I.Op == PARCOPY || I.Op == ARG)
      return "does not exist after allocation";
    Reg Result = I.def();
    if (isCall(I.Op)) {
      size_t Arguments = I.Uses.size() - (I.Op == CALLX);
      for (size_t N = 0; N < Arguments; ++N)
        if (I.Uses[N] != N + 1)
          return "an argument in the wrong register";
      if (Result != NoReg && Result != isa::R0)
        return "a result outside r0";
    }
    if (I.Op == EXIT && !I.Uses.empty() && I.Uses[0] != isa::R0)
      return "a return value outside r0";
    if (isPacketLoad(I.Op) && (I.Uses[0] != isa::R6 || Result != isa::R0))
      return "a packet load outside r6 and r0";
    if (isAtomic(I.Op) && Result != NoReg) {
      Reg Value = I.Uses[I.Frame == None ? 1 : 0];
      if (Result != (isCmpXchg(I.Op) ? Reg(isa::R0) : Value))
        return "a fetched value in the wrong register";
      if (isCmpXchg(I.Op) && I.Uses.back() != isa::R0)
        return "an expected value outside r0";
    }
    if (isTwoAddress(I) && I.Uses.size() == 2 && I.Uses[1] == Result &&
        I.Uses[0] != Result && !isCommutative(I))
      return "the result overwrites the second operand";
    return "";
  }

  std::string checkWritten(Place &Where) {
    std::vector<RegSet> In(F.Blocks.size(), RegSet(~0u));
    std::vector<BlockId> Order = reversePostorder(F);
    In[0] = Arguments | bit(isa::R10);
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (BlockId B : Order) {
        RegSet Out = In[B];
        for (const Inst &I : F.Blocks[B].Insts)
          apply(I, Out);
        for (BlockId T : successors(F.Blocks[B])) {
          Changed |= (In[T] & Out) != In[T];
          In[T] &= Out;
        }
      }
    }
    for (BlockId B : Order) {
      RegSet Written = In[B];
      for (size_t N = 0; N < F.Blocks[B].Insts.size(); ++N) {
        const Inst &I = F.Blocks[B].Insts[N];
        Where = {B, N};
        for (Reg R : I.Uses)
          if (!(Written & bit(R)))
            return regText(R) + " is read but may not have been written";
        apply(I, Written);
      }
    }
    return "";
  }

  void apply(const Inst &I, RegSet &Written) const {
    if (isCall(I.Op) || isPacketLoad(I.Op))
      Written &= ~CallerSaved;
    if (I.Op == INLINE_ASM)
      Written &= ~F.Asms[I.Extra].Clobbers;
    for (Reg R : I.Defs)
      Written |= bit(R);
  }

  const Function &F;
};

} // namespace

std::string checkAllocated(const Function &F, Place &Where) {
  return AllocatedChecker(F).run(Where);
}

} // namespace bpfcc::mir

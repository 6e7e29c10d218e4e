// Values computed where they are wanted.
//
// needs: physical registers
// gives: the same program without moves of values that could have been computed
//        in the register they are moved to
//
//   r1 = r0           r8 = r0
//   r1 += 24    ->    r8 += 24
//   r8 = r1
//
// The register allocator places a value before it has seen each way that brings
// another value to the same join; the move that is left stands at the end of
// the block. It goes if the value has no later use in the old register, and if
// nothing between its def and the move needs what the new register holds.

#include "backend/finish/CoalesceMoves.h"

#include "backend/finish/Liveness.h"
#include "backend/isa/Inst.h"
#include "backend/mir/Shape.h"

namespace bpfcc {

using mir::Inst;
using mir::Reg;

namespace {

class Coalescer {
public:
  explicit Coalescer(mir::Function &F) : F(F), Live(F) {}

  void run() {
    for (mir::BlockId B = 0; B < F.Blocks.size(); ++B)
      block(B);
  }

private:
  void block(mir::BlockId B) {
    std::vector<Inst> &Insts = F.Blocks[B].Insts;
    if (llvm::none_of(Insts, isMove))
      return;
    std::vector<RegMask> After = Live.afterEach(F, B);
    bool Any = false;
    for (size_t N = 0; N < Insts.size(); ++N)
      if (isMove(Insts[N]) && !(After[N] >> Insts[N].Uses[0] & 1) &&
          renameBack(Insts, After, N)) {
        Insts[N].Op = mir::NumOpcodes;
        Any = true;
      }
    if (Any)
      llvm::erase_if(Insts,
                     [](const Inst &I) { return I.Op == mir::NumOpcodes; });
  }

  static bool isMove(const Inst &I) {
    return I.Op == mir::MOV_RR && I.Uses[0] != isa::R10 &&
           I.Uses[0] != I.Defs[0];
  }

  /// Whether the result of \p I may be in any register.
  static bool isFree(const Inst &I) {
    if (I.Op == mir::MOV_RR || mir::isConstant(I))
      return true;
    if (mir::isPseudo(I.Op) || mir::isCall(I.Op) || mir::isPacketLoad(I.Op) ||
        mir::isAtomic(I.Op) || I.Defs.size() != 1)
      return false;
    return true;
  }

  /// Whether \p I wants an operand in a register of its own choice.
  static bool prescribes(const Inst &I) {
    return I.Op == mir::INLINE_ASM || mir::isCall(I.Op) ||
           mir::isPacketLoad(I.Op) || mir::isCmpXchg(I.Op);
  }

  bool renameBack(std::vector<Inst> &Insts, std::vector<RegMask> &After,
                  size_t Move) {
    Reg To = Insts[Move].Defs[0], From = Insts[Move].Uses[0];
    constexpr size_t Reach = 32;
    size_t Def = Move;
    for (size_t N = Move; N-- > 0;) {
      if (Move - N > Reach)
        return false;
      const Inst &I = Insts[N];
      if (I.Op == mir::NumOpcodes)
        continue;
      if ((clobbers(F, I) | reads(I) | writes(I)) >> To & 1) {
        // What the def reads may die there.
        bool LastRead = !((clobbers(F, I) | writes(I)) >> To & 1) &&
                        llvm::is_contained(I.Defs, From) && isFree(I) &&
                        !(After[N] >> To & 1) && !keepsOperand(I, To);
        if (!LastRead)
          return false;
      }
      if (!llvm::is_contained(I.Defs, From)) {
        if (prescribes(I) && reads(I) >> From & 1)
          return false;
        continue;
      }
      if (!isFree(I))
        return false;
      if (mir::isTwoAddress(I) && I.Uses[0] == From)
        continue;
      Def = N;
      break;
    }
    if (Def == Move)
      return false;
    rename(Insts, After, Def, Move, From, To);
    return true;
  }

  /// A two-address row whose second operand is \p R cannot have its result
  /// there.
  static bool keepsOperand(const Inst &I, Reg R) {
    return mir::isTwoAddress(I) && I.Uses.size() > 1 && I.Uses[1] == R;
  }

  static void rename(std::vector<Inst> &Insts, std::vector<RegMask> &After,
                     size_t Def, size_t Move, Reg From, Reg To) {
    for (size_t N = Def; N < Move; ++N) {
      Inst &I = Insts[N];
      if (N != Def)
        std::replace(I.Uses.begin(), I.Uses.end(), From, To);
      std::replace(I.Defs.begin(), I.Defs.end(), From, To);
      if (After[N] >> From & 1)
        After[N] = static_cast<RegMask>((After[N] & ~(1u << From)) | 1u << To);
    }
  }

  mir::Function &F;
  Liveness Live;
};

} // namespace

void coalesceMoves(mir::Function &F) {
  if (!F.Naked)
    Coalescer(F).run();
}

} // namespace bpfcc

// Moves that change nothing.
//
// needs: physical registers
// gives: the same program without moves of a value to where it already is
//
//   r7 = r1           r7 = r1
//   r1 = r7     ->    call 12
//   call 12
//
// What the register allocator saves before a call and what it brings there as
// an argument may be one value. Registers that hold the same stay together in
// one class from move to move, within a block.

#include "backend/finish/RedundantMoves.h"

#include "backend/isa/Inst.h"
#include "backend/mir/Shape.h"

#include <array>

namespace bpfcc {

namespace {

class Values {
public:
  Values() {
    for (unsigned R = 0; R < isa::NumRegs; ++R)
      Of[R] = Next++;
  }
  bool same(mir::Reg A, mir::Reg B) const { return Of[A] == Of[B]; }
  void move(mir::Reg To, mir::Reg From) { Of[To] = Of[From]; }
  void lose(mir::Reg R) { Of[R] = Next++; }
  void loseUpTo(mir::Reg Last) {
    for (mir::Reg R = isa::R0; R <= Last; ++R)
      lose(R);
  }

private:
  std::array<unsigned, isa::NumRegs> Of;
  unsigned Next = 0;
};

} // namespace

void dropRedundantMoves(mir::Function &F) {
  for (mir::Block &B : F.Blocks) {
    Values Held;
    llvm::erase_if(B.Insts, [&](const mir::Inst &I) {
      if (I.Op == mir::MOV_RR) {
        if (Held.same(I.Defs[0], I.Uses[0]))
          return true;
        Held.move(I.Defs[0], I.Uses[0]);
        return false;
      }
      if (mir::isCall(I.Op) || mir::isPacketLoad(I.Op))
        Held.loseUpTo(isa::R5);
      else if (I.Op == mir::INLINE_ASM)
        for (mir::Reg R = isa::R0; R < isa::R10; ++R)
          if (F.Asms[I.Extra].Clobbers >> R & 1)
            Held.lose(R);
      for (mir::Reg D : I.Defs)
        Held.lose(D);
      return false;
    });
  }
}

} // namespace bpfcc

// Constants kept in registers across a loop.
//
// needs: SSA form, normalised
// gives: the same with the constants of a loop made before it, as long as fewer
//        values than registers are live at each point of the loop, and fewer
//        than four across each of its calls
//
//   bb1: %20 = LD_IMM64 9876543210          bb0: ... %20 = LD_IMM64 9876543210
//        %21 = MUL_RR %18, %20        ->    bb1: %21 = MUL_RR %18, %20
//        JNE_RI %19, 48, bb1, bb2                JNE_RI %19, 48, bb1, bb2
//
// Where there are calls, only what takes two slots is worth one of the four
// registers, and no argument is: it is made where the call wants it.
//
// Select makes constants in each block that needs one, so that nothing lives
// longer than it must; here the number of registers is known.

#include "backend/regalloc/LoopConstants.h"

#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/regalloc/Constraints.h"
#include "backend/regalloc/LoopPressure.h"

#include <map>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

class Hoister {
public:
  explicit Hoister(mir::Function &F) : F(F), Dom(F), L(F, Dom) {}

  void run() {
    if (llvm::all_of(L.Innermost, [](BlockId B) { return B == Loops::NoLoop; }))
      return;
    Pressures = loopPressures(F, Dom, L, NextUse(F, Dom, L));
    std::vector<unsigned> Readers = countReaders();
    for (BlockId B : Dom.reversePostorder()) {
      BlockId Header = L.Innermost[B];
      if (Header == Loops::NoLoop)
        continue;
      BlockId Before = entryOf(Header);
      if (Before == Loops::NoLoop)
        continue;
      std::vector<Inst> &Insts = F.Blocks[B].Insts;
      for (Inst &I : Insts)
        if (mir::isConstant(I) && I.Extra == mir::None && Readers[I.Defs[0]] &&
            (!Pressures[Header].Prescribes || rematCost(I) > 1))
          hoist(I, Header, Before);
      llvm::erase_if(Insts,
                     [](const Inst &I) { return I.Op == mir::NumOpcodes; });
    }
    for (mir::Block &B : F.Blocks)
      for (Inst &I : B.Insts)
        for (Reg &U : I.Uses)
          if (auto It = Instead.find(U); It != Instead.end())
            U = It->second;
  }

private:
  void hoist(Inst &I, BlockId Header, BlockId Before) {
    // One register is left for what the code between needs for a moment.
    constexpr unsigned Spare = 1;
    auto Key = std::tuple(Header, I.Op, I.Sym, I.Frame, I.Imm);
    auto It = Made.find(Key);
    if (It != Made.end()) {
      Instead[I.Defs[0]] = It->second;
      I.Op = mir::NumOpcodes;
      return;
    }
    constexpr unsigned Saved = 4;
    LoopPressure &P = Pressures[Header];
    if (P.Total + Spare >= NumAllocatable ||
        (P.Prescribes && P.AcrossCalls >= Saved))
      return;
    ++P.Total;
    ++P.AcrossCalls;
    std::vector<Inst> &Insts = F.Blocks[Before].Insts;
    auto Same = llvm::find_if(Insts, [&](const Inst &Other) {
      return Other.Op == I.Op && Other.Sym == I.Sym && Other.Frame == I.Frame &&
             Other.Imm == I.Imm && mir::isConstant(Other) &&
             Other.Extra == mir::None;
    });
    if (Same != Insts.end()) {
      Instead[I.Defs[0]] = Made[Key] = Same->Defs[0];
    } else {
      Made[Key] = I.Defs[0];
      Insts.insert(Insts.end() - 1, I);
    }
    I.Op = mir::NumOpcodes;
  }

  /// The block that dominates the loop, if it runs no more often than the loop
  /// is entered: another loop may lead here.
  BlockId entryOf(BlockId Header) const {
    BlockId B = Dom.idom(Header);
    return B != Header && L.Innermost[B] == L.Parent[Header] ? B
                                                             : Loops::NoLoop;
  }

  /// What more than phis and calls read.
  std::vector<unsigned> countReaders() const {
    std::vector<unsigned> Readers(F.NextReg);
    for (const mir::Block &B : F.Blocks)
      for (const Inst &I : B.Insts)
        if (I.Op != mir::PHI && !mir::isCall(I.Op))
          for (Reg U : I.Uses)
            if (mir::isVirtual(U))
              ++Readers[U];
    return Readers;
  }

  mir::Function &F;
  mir::Dominators Dom;
  Loops L;
  std::vector<LoopPressure> Pressures; ///< by header
  std::map<std::tuple<BlockId, mir::Opcode, int32_t, int32_t, int64_t>, Reg>
      Made;
  std::map<Reg, Reg> Instead;
};

} // namespace

void hoistLoopConstants(mir::Function &F) { Hoister(F).run(); }

} // namespace bpfcc::regalloc

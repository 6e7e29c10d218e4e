// Constants kept in registers across a loop.
//
// needs: SSA form, normalised
// gives: the same with the constants of a loop made before it, as long as fewer
//        values than registers are live at each point of the loop, and fewer
//        than four across each of its calls
//
//   bb1: %20 = LD_IMM64 1099511628211       bb0: ... %20 = LD_IMM64
//   1099511628211
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
#include "backend/regalloc/NextUse.h"

#include <map>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

class Hoister {
public:
  explicit Hoister(mir::Function &F)
      : F(F), L(F, Dom), Pressure(F.Blocks.size()),
        AcrossCalls(F.Blocks.size()), Calls(F.Blocks.size()) {}

  void run() {
    if (llvm::all_of(L.Innermost, [](BlockId B) { return B == Loops::NoLoop; }))
      return;
    measure();
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
            (!Calls[Header] || rematCost(I) > 1))
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
    if (Pressure[Header] + Spare >= NumAllocatable ||
        (Calls[Header] && AcrossCalls[Header] >= Saved))
      return;
    ++Pressure[Header];
    ++AcrossCalls[Header];
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

  /// The block before the loop, if one dominates it and goes nowhere else more
  /// often.
  BlockId entryOf(BlockId Header) const {
    BlockId B = Dom.idom(Header);
    return B != Header && !L.contains(Header, B) ? B : Loops::NoLoop;
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

  void measure() {
    NextUse Uses(F, Dom, L);
    std::vector<bool> Live(F.NextReg);
    for (BlockId B : Dom.reversePostorder()) {
      if (L.Innermost[B] == Loops::NoLoop)
        continue;
      unsigned Count = 0, Most = 0, Across = 0;
      bool HasCall = false;
      std::vector<Reg> Touched;
      auto Enter = [&](Reg R) {
        if (mir::isVirtual(R) && !Live[R]) {
          Live[R] = true;
          Touched.push_back(R);
          ++Count;
        }
      };
      for (auto [R, Distance] : Uses.exit(B))
        Enter(R);
      Most = Count;
      for (const Inst &I : llvm::reverse(F.Blocks[B].Insts)) {
        if (I.Op == mir::PHI)
          break;
        HasCall |= constraints(F, I).Any;
        for (Reg D : I.Defs)
          if (Live[D]) {
            Live[D] = false;
            --Count;
          }
        if (constraints(F, I).Any)
          Across = std::max(Across, Count);
        for (Reg U : I.Uses)
          Enter(U);
        Most = std::max(Most, Count);
      }
      for (Reg R : Touched)
        Live[R] = false;
      for (BlockId H = L.Innermost[B]; H != Loops::NoLoop; H = L.Parent[H]) {
        Pressure[H] = std::max(Pressure[H], Most);
        AcrossCalls[H] = std::max(AcrossCalls[H], Across);
        Calls[H] = Calls[H] || HasCall;
      }
    }
  }

  mir::Function &F;
  mir::Dominators Dom{F};
  Loops L;
  std::vector<unsigned> Pressure, AcrossCalls; ///< by header
  std::vector<bool> Calls;                     ///< by header
  std::map<std::tuple<BlockId, mir::Opcode, int32_t, int32_t, int64_t>, Reg>
      Made;
  std::map<Reg, Reg> Instead;
};

} // namespace

void hoistLoopConstants(mir::Function &F) { Hoister(F).run(); }

} // namespace bpfcc::regalloc

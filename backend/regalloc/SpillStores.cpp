// Where a spilled value is stored.
//
// needs: what is in registers at block borders; where slots are read
// gives: one mark for each value, on every way to its reloads
//
//   bb0: %17 = CALL_HELPER 4            bb0: %17 = CALL_HELPER 4
//        store %17                           if %17 s< 0 goto bb3
//        if %17 s< 0 goto bb3      ->   bb1: store %17
//   bb1: ... CALL_HELPER 5                   ... CALL_HELPER 5
//        reload %17                          reload %17
//
// A store at the definition comes before what the program finds out about the
// value. Verifiers before Linux 6.8 do not connect a register with its copy on
// the stack: a bound that a compare gives to the one is not known of the
// other, and the reloaded value is of no use. So the store goes down the
// dominator tree to the reloads as far as the value is still in a register and
// no loop is entered. It runs less often there, too.

#include "backend/regalloc/SpillStores.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

void MemoryNeeds::add(Reg R, BlockId B) {
  BlockId &Place = Places[R];
  if (Place == Nowhere)
    Place = B;
  while (!Dom.dominates(Place, B))
    Place = Dom.idom(Place);
}

namespace {

Inst storeMark(Reg R) {
  Inst Mark;
  Mark.Op = mir::COPY;
  Mark.Uses = {R};
  return Mark;
}

bool isGroup(const Inst &I) { return I.Op == mir::PHI || I.Op == mir::ARG; }

bool isReload(const Inst &I) { return I.Op == mir::COPY && I.Uses.empty(); }

class Stores {
public:
  Stores(mir::Function &F, const mir::Dominators &Dom, const Loops &L,
         const SpillPlan &Plan, const MemoryNeeds &Needs)
      : F(F), Dom(Dom), L(L), Plan(Plan), Needs(Needs),
        AtStart(F.Blocks.size()) {}

  void run() {
    for (BlockId B : Dom.reversePostorder())
      atDefinitions(B);
    for (BlockId B : Dom.reversePostorder()) {
      std::vector<Inst> &Insts = F.Blocks[B].Insts;
      Insts.insert(llvm::find_if_not(Insts, isGroup), AtStart[B].begin(),
                   AtStart[B].end());
    }
  }

private:
  /// The block at whose start \p R, of \p Def, is stored; \p Def itself for a
  /// store behind the definition.
  BlockId placeOf(Reg R, BlockId Def) const {
    BlockId B = Needs.above(R);
    while (B != Def && !(std::binary_search(Plan.Entry[B].begin(),
                                            Plan.Entry[B].end(), R) &&
                         staysInLoop(Def, B)))
      B = Dom.idom(B);
    return B;
  }

  bool staysInLoop(BlockId Def, BlockId B) const {
    BlockId Inner = L.Innermost[B];
    return Inner == Loops::NoLoop || L.contains(Inner, Def);
  }

  void atDefinitions(BlockId B) {
    std::vector<Inst> Out;
    for (Inst &I : F.Blocks[B].Insts) {
      llvm::SmallVector<Reg, 2> Here;
      if (!isReload(I))
        for (Reg D : I.Defs)
          if (Needs.has(D) && !Plan.MemoryPhi[D])
            place(D, B, I, Here);
      Out.push_back(std::move(I));
      for (Reg D : Here)
        Out.push_back(storeMark(D));
    }
    F.Blocks[B].Insts = std::move(Out);
  }

  void place(Reg D, BlockId B, const Inst &I, llvm::SmallVector<Reg, 2> &Here) {
    BlockId To = placeOf(D, B);
    if (To != B || isGroup(I))
      AtStart[To].push_back(storeMark(D));
    else if (I.Targets.empty())
      Here.push_back(D);
    else // an asm goto, whose edges have blocks of their own
      for (BlockId T : I.Targets)
        AtStart[T].push_back(storeMark(D));
  }

  mir::Function &F;
  const mir::Dominators &Dom;
  const Loops &L;
  const SpillPlan &Plan;
  const MemoryNeeds &Needs;
  std::vector<std::vector<Inst>> AtStart; ///< by block, after its phis
};

} // namespace

void placeStores(mir::Function &F, const mir::Dominators &Dom, const Loops &L,
                 const SpillPlan &Plan, const MemoryNeeds &Needs) {
  Stores(F, Dom, L, Plan, Needs).run();
}

} // namespace bpfcc::regalloc

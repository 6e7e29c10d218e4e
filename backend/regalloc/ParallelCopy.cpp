#include "backend/regalloc/ParallelCopy.h"

namespace bpfcc::regalloc {

using mir::Inst;
using mir::Reg;

Inst moveInst(Reg To, Reg From, int32_t Loc) {
  Inst I;
  I.Op = mir::MOV_RR;
  I.Defs = {To};
  I.Uses = {From};
  I.Loc = Loc;
  return I;
}

Inst loadInst(Reg To, int32_t Slot, int32_t Loc) {
  Inst I;
  I.Op = mir::LDXDW;
  I.Defs = {To};
  I.Frame = Slot;
  I.Loc = Loc;
  return I;
}

Inst storeInst(int32_t Slot, Reg From, int32_t Loc) {
  Inst I;
  I.Op = mir::STXDW;
  I.Uses = {From};
  I.Frame = Slot;
  I.Loc = Loc;
  return I;
}

void emitParallelCopy(llvm::SmallVector<Move, 8> Moves, RegSet Busy,
                      llvm::function_ref<int32_t()> ScratchSlot, int32_t Loc,
                      std::vector<Inst> &Out) {
  llvm::erase_if(Moves, [](const Move &M) { return M.To == M.From; });
  for (const Move &M : Moves)
    Busy |= bit(M.To);
  constexpr Reg InSlot = 15; // no register
  int32_t Slot = mir::None;
  while (!Moves.empty()) {
    auto IsSource = [&](Reg R) {
      return llvm::any_of(Moves, [&](const Move &M) { return M.From == R; });
    };
    auto Ready =
        llvm::find_if(Moves, [&](const Move &M) { return !IsSource(M.To); });
    if (Ready != Moves.end()) {
      Out.push_back(Ready->From == InSlot
                        ? loadInst(Ready->To, Slot, Loc)
                        : moveInst(Ready->To, Ready->From, Loc));
      Moves.erase(Ready);
      continue;
    }
    // A cycle: what stands in the next target moves out of the way.
    RegSet Used = Busy;
    for (const Move &M : Moves)
      if (M.From != InSlot)
        Used |= bit(M.From);
    Reg Blocked = Moves.front().To, Aside = InSlot;
    if (RegSet Free = Allocatable & ~Used) {
      Aside = static_cast<Reg>(std::countr_zero(Free));
      Out.push_back(moveInst(Aside, Blocked, Loc));
    } else {
      Slot = ScratchSlot();
      Out.push_back(storeInst(Slot, Blocked, Loc));
    }
    for (Move &M : Moves)
      if (M.From == Blocked)
        M.From = Aside;
  }
}

} // namespace bpfcc::regalloc

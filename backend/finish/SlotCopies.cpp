// Copies from a spill slot to itself.
//
// needs: physical registers, spill slots shared
// gives: the same program without them
//
//   r0 = *(u64 *)(slot)
//   *(u64 *)(slot) = r0     ->   nothing, if r0 is not needed
//
// A phi that lives in memory is written on each edge; that its slot and the
// slot of what the edge brings are one is known only when slots have been
// shared.

#include "backend/finish/SlotCopies.h"

#include "backend/finish/Liveness.h"

namespace bpfcc {

using mir::Inst;

static bool isSlot(const mir::Function &F, const Inst &I, mir::Opcode Op) {
  return I.Op == Op && I.Frame != mir::None && F.Frame[I.Frame].Spill;
}

void dropSlotCopies(mir::Function &F) {
  auto IsCopy = [&](const Inst &Load, const Inst &Store) {
    return isSlot(F, Load, mir::LDXDW) && isSlot(F, Store, mir::STXDW) &&
           Load.Frame == Store.Frame && Load.Off == Store.Off &&
           Load.Defs[0] == Store.Uses[0];
  };
  std::vector<mir::BlockId> Blocks;
  for (mir::BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    const std::vector<Inst> &Insts = F.Blocks[Id].Insts;
    for (size_t N = 0; N + 1 < Insts.size(); ++N)
      if (IsCopy(Insts[N], Insts[N + 1])) {
        Blocks.push_back(Id);
        break;
      }
  }
  if (Blocks.empty())
    return;
  Liveness Live(F);
  for (mir::BlockId Id : Blocks) {
    std::vector<Inst> &Insts = F.Blocks[Id].Insts;
    std::vector<RegMask> After = Live.afterEach(F, Id);
    for (size_t N = 0; N + 1 < Insts.size(); ++N)
      if (IsCopy(Insts[N], Insts[N + 1])) {
        if (!(After[N + 1] >> Insts[N].Defs[0] & 1))
          Insts[N].Op = mir::NumOpcodes;
        Insts[N + 1].Op = mir::NumOpcodes;
      }
    llvm::erase_if(Insts,
                   [](const Inst &I) { return I.Op == mir::NumOpcodes; });
  }
}

} // namespace bpfcc

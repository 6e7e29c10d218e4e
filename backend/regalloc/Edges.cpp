// What happens on edges: phis, values that changed registers, reloads.
//
// needs: the places of values at both ends
// gives: code at the end of the pred, at the start of the block, or in a block
//        of its own
//
// On one edge: stores of registers into the slots of phis that live in memory,
// then copies from slot to slot, then all registers at once, then reloads.

#include "backend/regalloc/Edges.h"

#include "backend/regalloc/Constraints.h"
#include "backend/regalloc/NextUse.h"
#include "backend/regalloc/Normalise.h"
#include "backend/regalloc/ParallelCopy.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

int32_t SlotTable::fresh() {
  mir::FrameObject O;
  O.Spill = true;
  F.Frame.push_back(O);
  return static_cast<int32_t>(F.Frame.size() - 1);
}

int32_t SlotTable::of(Reg V) {
  auto [It, New] = ByValue.try_emplace(V, mir::None);
  if (New)
    It->second = fresh();
  return It->second;
}

int32_t SlotTable::scratch() {
  if (Scratch == mir::None)
    Scratch = fresh();
  return Scratch;
}

Reg BorderLocations::exit(BlockId B, Reg V) const {
  auto It = std::lower_bound(
      Exit[B].begin(), Exit[B].end(), V,
      [](const auto &Pair, Reg Value) { return Pair.first < Value; });
  return It != Exit[B].end() && It->first == V ? It->second : mir::NoReg;
}

Inst fetch(const SpillPlan &Plan, SlotTable &Slots, Reg V, Reg To) {
  if (!Plan.isRemat(V))
    return loadInst(To, Slots.of(V), mir::None);
  Inst I = Plan.Remat[V];
  I.Defs = {To};
  return I;
}

namespace {

class EdgeCode {
public:
  EdgeCode(const SpillPlan &Plan, SlotTable &Slots)
      : Plan(Plan), Slots(Slots) {}

  void move(Reg To, Reg From) { Moves.push_back({To, From}); }
  void load(Reg To, Reg V) { Loads.push_back({V, To, mir::None}); }
  void store(Reg Phi, Reg From) { Stores.push_back({Phi, From}); }
  void copy(Reg Phi, Reg V) { Copies.push_back({V, Phi, mir::None}); }

  std::vector<Inst> take() {
    std::vector<Inst> Out;
    RegSet Busy = 0;
    for (const Move &M : Moves)
      Busy |= bit(M.From);
    for (auto [Phi, From] : Stores)
      Busy |= bit(From);
    saveOverwritten(Busy, Out);
    for (auto [Phi, From] : Stores)
      Out.push_back(storeInst(Slots.of(Phi), From, mir::None));
    for (const Read &C : Copies)
      through(Busy, Slots.of(C.Target), C, Out);
    RegSet After = 0;
    for (const Move &M : Moves)
      After |= bit(M.To);
    emitParallelCopy(
        Moves, After, [&] { return Slots.scratch(); }, mir::None, Out);
    for (const Read &L : Loads)
      Out.push_back(fetched(L, L.Target));
    return Out;
  }

private:
  /// A value in memory, or to be computed again, that the edge reads.
  struct Read {
    Reg Value;
    Reg Target;    ///< a register, or the phi whose slot it goes to
    int32_t Saved; ///< a slot that holds the value for the time being
  };

  Inst fetched(const Read &R, Reg To) {
    return R.Saved != mir::None ? loadInst(To, R.Saved, mir::None)
                                : fetch(Plan, Slots, R.Value, To);
  }

  /// Values that the edge reads from a slot that it also writes are first put
  /// aside.
  void saveOverwritten(RegSet Busy, std::vector<Inst> &Out) {
    auto IsWritten = [&](Reg V) {
      return llvm::any_of(Stores, [&](auto &S) { return S.first == V; }) ||
             llvm::any_of(Copies, [&](auto &C) { return C.Target == V; });
    };
    llvm::SmallVector<std::pair<Reg, int32_t>, 4> Aside;
    auto Save = [&](Read &R) {
      if (Plan.isRemat(R.Value) || !IsWritten(R.Value))
        return;
      for (auto [V, Slot] : Aside)
        if (V == R.Value) {
          R.Saved = Slot;
          return;
        }
      int32_t Slot = Slots.fresh();
      through(Busy, Slot, R, Out);
      Aside.push_back({R.Value, Slot});
      R.Saved = Slot;
    };
    for (Read &C : Copies)
      Save(C);
    for (Read &L : Loads)
      Save(L);
  }

  /// From memory to memory, by a free register or one that is put aside.
  void through(RegSet Busy, int32_t Slot, const Read &R,
               std::vector<Inst> &Out) {
    RegSet Free = Allocatable & ~Busy;
    Reg By = Free ? static_cast<Reg>(std::countr_zero(Free)) : Reg(isa::R0);
    if (!Free)
      Out.push_back(storeInst(Slots.scratch(), By, mir::None));
    Out.push_back(fetched(R, By));
    Out.push_back(storeInst(Slot, By, mir::None));
    if (!Free)
      Out.push_back(loadInst(By, Slots.scratch(), mir::None));
  }

  const SpillPlan &Plan;
  SlotTable &Slots;
  llvm::SmallVector<Move, 8> Moves;
  std::vector<Read> Loads, Copies;
  std::vector<std::pair<Reg, Reg>> Stores;
};

} // namespace

/// Drops the constant \p C, which \p Insts make in \p R for one edge that wants
/// it elsewhere: there it is made again. \p Reads: how many want it.
static bool dropsConstant(std::vector<Inst> &Insts, const Inst &C, Reg R,
                          unsigned Reads) {
  if (Reads != 1 || rematCost(C) > 1)
    return false;
  for (size_t N = Insts.size(); N-- > 0;) {
    const Inst &I = Insts[N];
    if (llvm::is_contained(I.Uses, R))
      return false;
    if (!llvm::is_contained(I.Defs, R))
      continue;
    if (I.Op != C.Op || I.Imm != C.Imm || I.Sym != C.Sym || I.Frame != C.Frame)
      return false;
    Insts.erase(Insts.begin() + N);
    return true;
  }
  return false;
}

void repairEdges(mir::Function &F, const SpillPlan &Plan,
                 const BorderLocations &Locations,
                 const std::vector<std::vector<Inst>> &Phis,
                 const std::vector<BlockId> &PhiEdge, SlotTable &Slots) {
  size_t NumBlocks = F.Blocks.size();
  std::vector<unsigned> Left(F.NextReg); // by register: phi operands
  for (const std::vector<Inst> &List : Phis)
    for (const Inst &I : List)
      for (Reg U : I.Uses)
        if (mir::isVirtual(U))
          ++Left[U];
  for (BlockId B = 0; B < NumBlocks; ++B) {
    size_t NumTargets = mir::successors(F.Blocks[B]).size();
    for (size_t T = 0; T < NumTargets; ++T) {
      BlockId S = mir::successors(F.Blocks[B])[T];
      size_t Index = predIndex(F, B, T);
      auto Operand = [&](Reg R) {
        for (const Inst &I : Phis[S])
          if (I.Defs[0] == R)
            return I.Uses[Index];
        return R;
      };
      EdgeCode Edge(Plan, Slots);
      for (auto [V, R] : Locations.Entry[S]) {
        Reg From = Operand(V), Now = Locations.exit(B, From);
        if (Now != mir::NoReg && Now != R && From != V && Plan.isRemat(From) &&
            PhiEdge[From] == B && NumTargets > 1 &&
            dropsConstant(F.Blocks[B].Insts, Plan.Remat[From], Now, Left[From]))
          Edge.load(R, From);
        else if (Now != mir::NoReg)
          Edge.move(R, Now);
        else
          Edge.load(R, From);
      }
      for (const Inst &I : Phis[S]) {
        Reg Phi = I.Defs[0], From = I.Uses[Index];
        if (!Plan.MemoryPhi[Phi] || From == Phi)
          continue;
        if (Reg Now = Locations.exit(B, From); Now != mir::NoReg)
          Edge.store(Phi, Now);
        else
          Edge.copy(Phi, From);
      }
      std::vector<Inst> Code = Edge.take();
      if (Code.empty())
        continue;
      BlockId Where = B;
      bool AtStart = false; // a block may be its own pred: Where says nothing
      if (F.Blocks[B].Insts.back().Op != mir::JA) {
        AtStart = F.Blocks[S].Preds.size() == 1;
        Where = AtStart ? S : splitEdge(F, B, T);
      }
      std::vector<Inst> &Insts = F.Blocks[Where].Insts;
      Insts.insert(AtStart ? Insts.begin() : Insts.end() - 1,
                   std::make_move_iterator(Code.begin()),
                   std::make_move_iterator(Code.end()));
    }
  }
}

} // namespace bpfcc::regalloc

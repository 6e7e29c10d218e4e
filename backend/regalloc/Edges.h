#ifndef BPFCC_BACKEND_REGALLOC_EDGES_H
#define BPFCC_BACKEND_REGALLOC_EDGES_H

#include "backend/mir/Mir.h"
#include "backend/regalloc/Spill.h"

#include "llvm/ADT/DenseMap.h"

namespace bpfcc::regalloc {

/// Frame objects of spilled values.
class SlotTable {
public:
  explicit SlotTable(mir::Function &F) : F(F) {}
  /// The slot of \p V.
  int32_t of(mir::Reg V);
  /// A slot for a value that is on its way.
  int32_t scratch();
  /// Another such slot, distinct from all others.
  int32_t fresh();

private:
  mir::Function &F;
  llvm::DenseMap<mir::Reg, int32_t> ByValue;
  int32_t Scratch = mir::None;
};

/// Where values are at the borders of blocks.
struct BorderLocations {
  using List = std::vector<std::pair<mir::Reg, mir::Reg>>; ///< value, register
  std::vector<List> Entry, Exit;

  mir::Reg exit(mir::BlockId B, mir::Reg V) const;
};

/// The instruction that brings \p V back into \p To.
mir::Inst fetch(const SpillPlan &Plan, SlotTable &Slots, mir::Reg V,
                mir::Reg To);

/// Inserts on the edges of \p F what brings values from where they are to where
/// they are expected, and what \p Phis (by block) do. Edges are split where
/// neither end will do. \p PhiEdge, by register: the block that the value is
/// for, if nothing but phis behind it read it.
void repairEdges(mir::Function &F, const SpillPlan &Plan,
                 const BorderLocations &Locations,
                 const std::vector<std::vector<mir::Inst>> &Phis,
                 const std::vector<mir::BlockId> &PhiEdge, SlotTable &Slots);

} // namespace bpfcc::regalloc

#endif

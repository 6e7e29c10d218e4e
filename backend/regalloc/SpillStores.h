#ifndef BPFCC_BACKEND_REGALLOC_SPILLSTORES_H
#define BPFCC_BACKEND_REGALLOC_SPILLSTORES_H

#include "backend/mir/Cfg.h"
#include "backend/regalloc/NextUse.h"
#include "backend/regalloc/Spill.h"

namespace bpfcc::regalloc {

/// Where values must be in memory.
class MemoryNeeds {
public:
  MemoryNeeds(const mir::Function &F, const mir::Dominators &Dom)
      : Dom(Dom), Places(F.NextReg, Nowhere) {}

  /// \p R is read from its slot in \p B, or on an edge that leaves it.
  void add(mir::Reg R, mir::BlockId B);
  bool has(mir::Reg R) const { return Places[R] != Nowhere; }
  /// The closest block that dominates all places that need \p R.
  mir::BlockId above(mir::Reg R) const { return Places[R]; }

private:
  static constexpr mir::BlockId Nowhere = ~0u;

  const mir::Dominators &Dom;
  std::vector<mir::BlockId> Places; ///< by register
};

/// Puts a mark that stores into \p F for each value that \p Needs has, but for
/// the phis that are in memory from the start.
void placeStores(mir::Function &F, const mir::Dominators &Dom, const Loops &L,
                 const SpillPlan &Plan, const MemoryNeeds &Needs);

} // namespace bpfcc::regalloc

#endif

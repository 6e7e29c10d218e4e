#ifndef BPFCC_BACKEND_REGALLOC_NEXTUSE_H
#define BPFCC_BACKEND_REGALLOC_NEXTUSE_H

#include "backend/mir/Cfg.h"
#include "backend/mir/Mir.h"

namespace bpfcc::regalloc {

/// Natural loops; a loop goes by its header.
struct Loops {
  static constexpr mir::BlockId NoLoop = ~0u;
  std::vector<mir::BlockId> Innermost; ///< by block
  std::vector<mir::BlockId> Parent;    ///< by header: the loop around it

  Loops(const mir::Function &F, const mir::Dominators &Dom);
  bool isHeader(mir::BlockId B) const { return Innermost[B] == B; }
  bool contains(mir::BlockId Header, mir::BlockId B) const;
};

/// Distances to the next use, in instructions. What lies behind the end of a
/// loop counts as far away.
class NextUse {
public:
  static constexpr uint32_t Never = ~0u;
  static constexpr uint32_t LoopExit = 100000;
  using Distances = std::vector<std::pair<mir::Reg, uint32_t>>;

  NextUse(const mir::Function &F, const mir::Dominators &Dom, const Loops &L);

  /// What is live in \p B after its phis (their results included), by rising
  /// register; distances from the first instruction after the phis.
  const Distances &entry(mir::BlockId B) const { return Entry[B]; }
  /// What is live when \p B ends; distances from the end. An operand of a phi
  /// counts as used where the phi's result is.
  Distances exit(mir::BlockId B) const;

private:
  const mir::Function &F;
  const Loops &L;
  std::vector<Distances> Entry;
};

/// For the phis of \p B: the operand that comes from \p Pred for result \p R,
/// \p R itself if it is no result of a phi of \p B.
class PhiMap {
public:
  PhiMap(const mir::Function &F, mir::BlockId B, size_t PredIndex);
  mir::Reg operand(mir::Reg R) const {
    for (const auto &[Def, Use] : Pairs)
      if (Def == R)
        return Use;
    return R;
  }

private:
  llvm::SmallVector<std::pair<mir::Reg, mir::Reg>, 8> Pairs;
};

/// The index of the edge in B.Preds that is target number \p Target of \p Pred.
size_t predIndex(const mir::Function &F, mir::BlockId Pred, size_t Target);

} // namespace bpfcc::regalloc

#endif

#ifndef BPFCC_BACKEND_MIR_CFG_H
#define BPFCC_BACKEND_MIR_CFG_H

#include "backend/mir/Mir.h"

#include <vector>

namespace bpfcc::mir {

/// The blocks that \p B may go to.
llvm::ArrayRef<BlockId> successors(const Block &B);

/// The blocks that the entry reaches, in reverse postorder.
std::vector<BlockId> reversePostorder(const Function &F);

/// Sets the Preds of all blocks from the targets, in block order. Only for
/// functions without PHI.
void computePreds(Function &F);

/// How often \p To follows \p From, a pred of it, as far as the frequencies of
/// the blocks around the edge tell.
float edgeFrequency(const Function &F, BlockId From, BlockId To);

/// The dominator tree of the reachable blocks.
class Dominators {
public:
  explicit Dominators(const Function &F);

  bool isReachable(BlockId B) const { return Last[B] != 0; }
  /// True if every way from the entry to \p B goes through \p A, both
  /// reachable.
  bool dominates(BlockId A, BlockId B) const {
    return First[A] <= First[B] && Last[B] <= Last[A];
  }
  /// The closest other block that dominates \p B; B itself for the entry.
  BlockId idom(BlockId B) const { return Idom[B]; }
  /// The reachable blocks, each after its idom; subtrees are contiguous.
  const std::vector<BlockId> &preorder() const { return Order; }
  const std::vector<BlockId> &reversePostorder() const { return Rpo; }

private:
  std::vector<BlockId> Rpo, Idom, Order;
  std::vector<uint32_t> First, Last; ///< interval in the preorder, from 1
};

} // namespace bpfcc::mir

#endif

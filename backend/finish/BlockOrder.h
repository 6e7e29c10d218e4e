#ifndef BPFCC_BACKEND_FINISH_BLOCKORDER_H
#define BPFCC_BACKEND_FINISH_BLOCKORDER_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// The edges that are jumps wherever their blocks stand: those that close a
/// loop without a condition. Kernels before 6.12 refuse a loop (`back-edge`)
/// whose last instruction, not being a jump, falls through into its head.
class LoopJumps {
public:
  explicit LoopJumps(const mir::Function &F);
  bool contains(mir::BlockId From, mir::BlockId To) const {
    return Single[From] && Place[To] <= Place[From];
  }
  /// By block, in reverse postorder.
  const std::vector<uint32_t> &places() const { return Place; }

private:
  std::vector<uint32_t> Place;
  std::vector<bool> Single; ///< blocks that go on in one way
};

/// The order in which the non-empty blocks of \p F are laid out, entry first.
std::vector<mir::BlockId> orderBlocks(const mir::Function &F);

} // namespace bpfcc

#endif

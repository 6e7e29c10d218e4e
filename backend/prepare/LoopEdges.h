#ifndef BPFCC_BACKEND_PREPARE_LOOPEDGES_H
#define BPFCC_BACKEND_PREPARE_LOOPEDGES_H

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/CFG.h"

namespace bpfcc {

/// The blocks at both ends of the ways back of a function's loops.
class LoopEdges {
public:
  explicit LoopEdges(const llvm::Function &F) {
    llvm::SmallVector<
        std::pair<const llvm::BasicBlock *, const llvm::BasicBlock *>, 8>
        Backedges;
    llvm::FindFunctionBackedges(F, Backedges);
    for (auto [From, To] : Backedges) {
      Heads.insert(To);
      Latches.insert(From);
    }
  }
  bool isHead(const llvm::BasicBlock &B) const { return Heads.contains(&B); }
  bool isLatch(const llvm::BasicBlock &B) const { return Latches.contains(&B); }

private:
  llvm::SmallPtrSet<const llvm::BasicBlock *, 8> Heads, Latches;
};

} // namespace bpfcc

#endif

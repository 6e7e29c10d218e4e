#ifndef BPFCC_BACKEND_FINISH_LIVENESS_H
#define BPFCC_BACKEND_FINISH_LIVENESS_H

#include "backend/mir/Mir.h"

namespace bpfcc {

/// Bit n is rn.
using RegMask = uint16_t;

/// The registers that \p I reads, writes, and leaves with something unknown.
RegMask reads(const mir::Inst &I);
RegMask writes(const mir::Inst &I);
RegMask clobbers(const mir::Function &F, const mir::Inst &I);

/// Which registers hold what is still needed, over physical registers.
class Liveness {
public:
  explicit Liveness(const mir::Function &F);

  RegMask entry(mir::BlockId B) const { return Entry[B]; }
  RegMask exit(const mir::Function &F, mir::BlockId B) const;
  /// By instruction of \p B: what is needed behind it.
  std::vector<RegMask> afterEach(const mir::Function &F, mir::BlockId B) const;

private:
  std::vector<RegMask> Entry; ///< by block
};

} // namespace bpfcc

#endif

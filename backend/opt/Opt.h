#ifndef BPFCC_BACKEND_OPT_OPT_H
#define BPFCC_BACKEND_OPT_OPT_H

#include "backend/mir/Mir.h"

namespace bpfcc {

struct OptOptions {
  unsigned Cpu = 3; ///< ISA level, 1 to 5 as in isa.def
  bool BigEndian = false;
  unsigned Level = 2; ///< 0 runs only what later stages need
};

/// Improves \p F, which is in SSA form and stays so.
void optimiseMir(mir::Function &F, const OptOptions &Options);

} // namespace bpfcc

#endif

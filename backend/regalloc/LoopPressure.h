#ifndef BPFCC_BACKEND_REGALLOC_LOOPPRESSURE_H
#define BPFCC_BACKEND_REGALLOC_LOOPPRESSURE_H

#include "backend/regalloc/NextUse.h"

namespace bpfcc::regalloc {

/// The most that is live at a time in a loop, loops inside included.
struct LoopPressure {
  unsigned Total = 0;
  unsigned AcrossCalls = 0;
  bool Prescribes = false; ///< an instruction wants registers of its choice
};

/// By header, for \p F in SSA form; what is no header has no pressure.
std::vector<LoopPressure> loopPressures(const mir::Function &F,
                                        const mir::Dominators &Dom,
                                        const Loops &L, const NextUse &Uses);

} // namespace bpfcc::regalloc

#endif

#ifndef BPFCC_BACKEND_FINISH_ISLANDS_H
#define BPFCC_BACKEND_FINISH_ISLANDS_H

#include "backend/finish/Lower.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

/// The first slot of each instruction, and one more at the end.
std::vector<uint32_t> slotsOf(const CodeFunction &Code);

/// The distance of \p J in slots, as its field holds it.
int64_t distance(const LinearCode &L, const LinearCode::Jump &J,
                 const std::vector<uint32_t> &Slots);

/// Changes \p L until each jump reaches its target: a plain one becomes JAL
/// where \p Cpu has it, others go over jumps that are put in between. Error:
/// BranchTooFar, where assembly text leaves no place for them.
llvm::Error addIslands(LinearCode &L, unsigned Cpu);

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_REGALLOC_REGALLOC_H
#define BPFCC_BACKEND_REGALLOC_REGALLOC_H

#include "backend/mir/Mir.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

/// Gives each virtual register of \p F, which is in SSA form, one of r0 to r9,
/// or a spill slot (a FrameObject with Spill set). Afterwards there is no PHI,
/// COPY, PARCOPY or ARG; calls find their arguments in r1 to r5 and leave
/// their result in r0; what lives across a call is in r6 to r9 or in memory.
/// Error: an inline assembly statement that asks for more registers than
/// there are.
llvm::Error allocateRegisters(mir::Function &F);

} // namespace bpfcc

#endif

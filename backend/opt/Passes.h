#ifndef BPFCC_BACKEND_OPT_PASSES_H
#define BPFCC_BACKEND_OPT_PASSES_H

#include "backend/opt/Opt.h"

// The passes over SSA MIR. Each file opens with what its pass needs and gives.

namespace bpfcc {

/// Uses what a COPY copies; drops phis of one value.
void propagateCopies(mir::Function &F);

/// Drops what computes a value that nothing uses, phis in circles too.
void dropDeadCode(mir::Function &F);

} // namespace bpfcc

#endif

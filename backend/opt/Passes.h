#ifndef BPFCC_BACKEND_OPT_PASSES_H
#define BPFCC_BACKEND_OPT_PASSES_H

#include "backend/opt/Opt.h"

// The passes over SSA MIR. Each file opens with what its pass needs and gives.

namespace bpfcc {

/// Uses what a COPY copies; drops phis of one value.
void propagateCopies(mir::Function &F);

/// Drops what computes a value that nothing uses, phis in circles too.
void dropDeadCode(mir::Function &F);

/// Uses an address again where it was computed on each way to here.
void shareAddresses(mir::Function &F);

/// Uses a sum of registers again where it was computed on each way to here.
void shareSums(mir::Function &F);

/// Leaves one of the phis that have the same value.
void mergePhis(mir::Function &F);

/// Moves what is computed early to where it is needed.
void sinkValues(mir::Function &F);

/// Exits where the result is known rather than jumping to a shared exit.
void duplicateReturns(mir::Function &F);

/// Moves updates behind the last use of the old value in their block.
void delayUpdates(mir::Function &F);

} // namespace bpfcc

#endif

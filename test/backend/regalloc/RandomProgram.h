#ifndef BPFCC_TEST_BACKEND_REGALLOC_RANDOMPROGRAM_H
#define BPFCC_TEST_BACKEND_REGALLOC_RANDOMPROGRAM_H

#include "backend/mir/Mir.h"

struct ProgramShape {
  unsigned Variables = 6;
  unsigned Blocks = 5;
  unsigned Length = 12; ///< instructions in a block
  int64_t Fuel = 30;    ///< blocks that a run visits
};

/// A function in SSA form that ends, made from \p Seed: any control flow over
/// \p S.Variables variables, each joined by a phi wherever ways meet.
bpfcc::mir::Function randomProgram(unsigned Seed, const ProgramShape &S);

#endif

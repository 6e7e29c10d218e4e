#ifndef BPFCC_FRONTEND_DRIVER_CODECHOICES_H
#define BPFCC_FRONTEND_DRIVER_CODECHOICES_H

#include "support/OptLevel.h"

namespace bpfcc {

/// What code a command line asks for.
struct CodeChoices {
  unsigned CpuLevel = 3;   ///< 1 to 4, as in -mcpu=v3
  bool Misaligned = false; ///< packets and map values may be accessed so
  OptLevel Level = OptLevel::O2;
  CostModel Model = CostModel::Balanced;
};

} // namespace bpfcc

#endif

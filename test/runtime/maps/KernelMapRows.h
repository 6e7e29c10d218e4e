#ifndef BPFCC_TEST_RUNTIME_MAPS_KERNELMAPROWS_H
#define BPFCC_TEST_RUNTIME_MAPS_KERNELMAPROWS_H

#include "KernelMap.h"

#include <ostream>

namespace bpfcc {

/// What a row needs to know of its type besides the sizes.
enum Trait : unsigned {
  Plain = 0,
  PerCpu = 1,   ///< user space writes and reads a value of each CPU
  Prefixes = 2, ///< keys begin with a length in bits
  Keyless = 4,  ///< update pushes, lookup peeks, delete and lookup pops
  Few = 8,      ///< values are drawn from few, as lookup tests for them
  Ordered = 16, ///< keys are indexes, which come in order
  Takes = 32,   ///< can look up and delete in one step
};

struct Row {
  const char *Name;
  uint32_t Type, Key, Value, Max, Flags;
  unsigned Steps; ///< 0: only its creation is compared
  unsigned Traits = Plain;
  Objects (*Values)() = nullptr; ///< what the values name
  Objects (*Keys)() = nullptr;   ///< what the keys name
  int Lookup = 0;     ///< what lookup through bpf(2) gives whatever is there
  uint32_t Range = 0; ///< keys are below it; 0: just over max_entries

  MapDef def() const {
    MapDef D;
    D.Name = Name;
    D.Type = Type;
    D.KeySize = Key;
    D.ValueSize = Value;
    D.MaxEntries = Max;
    D.Flags = Flags;
    return D;
  }
};

inline void PrintTo(const Row &R, std::ostream *OS) { *OS << R.Name; }

/// One row for each shape of each map type.
llvm::ArrayRef<Row> mapRows();

} // namespace bpfcc

#endif

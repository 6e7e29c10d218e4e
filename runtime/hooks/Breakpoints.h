#ifndef BPFCC_RUNTIME_HOOKS_BREAKPOINTS_H
#define BPFCC_RUNTIME_HOOKS_BREAKPOINTS_H

#include "runtime/hooks/Probe.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <map>
#include <sys/types.h>

namespace bpfcc {

/// The breakpoints in the memory of one or more processes: a byte of an
/// instruction is replaced by int3 (x86-64 alone). All methods take a thread
/// that has this memory and is stopped. A copy is what a fork gets.
class Breakpoints {
public:
  /// Puts one at each function of \p Probes whose file is mapped and that has
  /// none yet. Error: RunError for a function that its file does not hold.
  llvm::Error place(pid_t Thread, llvm::ArrayRef<Probe> Probes);
  /// Puts one where a function will return to.
  void placeReturn(pid_t Thread, uint64_t Address) { insert(Thread, Address); }

  bool isAt(uint64_t Address) const { return Points.count(Address); }
  /// The numbers of the probes whose function begins at \p Address.
  llvm::SmallVector<unsigned, 2> probesAt(uint64_t Address) const;

  /// Puts the instruction back, to be executed, or int3 in its place again.
  void lift(pid_t Thread, uint64_t Address);
  void lower(pid_t Thread, uint64_t Address);
  /// Puts all instructions back, once; isAt() still tells where they were.
  void liftAll(pid_t Thread);

private:
  struct Point {
    uint8_t Instruction; ///< its first byte
    llvm::SmallVector<unsigned, 2> Probes;
  };
  Point *insert(pid_t Thread, uint64_t Address);

  std::map<uint64_t, Point> Points;
  bool AllLifted = false;
};

} // namespace bpfcc

#endif

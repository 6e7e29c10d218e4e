#ifndef BPFCC_BACKEND_REGALLOC_PREFERENCES_H
#define BPFCC_BACKEND_REGALLOC_PREFERENCES_H

#include "backend/regalloc/Constraints.h"
#include "backend/regalloc/Spill.h"

#include <array>

namespace bpfcc::regalloc {

/// How much each value would like each register: executions of moves saved
/// (or, negative, caused).
using Score = std::array<float, NumAllocatable>;

struct Preferences {
  std::vector<Score> Wants; ///< by register
  /// By register: the value lives across a call.
  std::vector<bool> Crosses;
  /// By block: the values that live across a call in it, sorted.
  std::vector<std::vector<mir::Reg>> CrossesIn;
  /// By register: phis that read the value, and what the phi reads.
  std::vector<llvm::SmallVector<mir::Reg, 2>> Related;
  /// By register, of a phi: some of the phis that start with it.
  std::vector<llvm::SmallVector<mir::Reg, 4>> Siblings;
  /// By register: the result of the two-address row where the value dies.
  std::vector<mir::Reg> Continues;
  /// By block and instruction: bit n: operand n is the last use of its value
  /// in a register.
  std::vector<std::vector<uint32_t>> Dies;
  /// By block and instruction: bit n: result n is never read.
  std::vector<std::vector<uint32_t>> DeadDefs;
  /// By block: the values in registers after the phis that are read before
  /// they are brought back.
  std::vector<std::vector<mir::Reg>> LiveIn;
  /// By block: the values in registers at the end that a successor wants.
  std::vector<std::vector<mir::Reg>> LiveOut;

  Preferences(const mir::Function &F, const SpillPlan &Plan,
              const std::vector<mir::BlockId> &Rpo);
};

} // namespace bpfcc::regalloc

#endif

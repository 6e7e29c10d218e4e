#ifndef BPFCC_BACKEND_FINISH_ORIGINS_H
#define BPFCC_BACKEND_FINISH_ORIGINS_H

#include "backend/mir/Mir.h"

#include "llvm/ADT/DenseMap.h"

namespace bpfcc {

/// Where the values in registers and spill slots come from, so that code of
/// two places is joined only where the kernel's verifier takes it. It refuses
/// an instruction that reads through a ctx, socket or kernel pointer on one
/// path and through another pointer on another ("same insn cannot be used with
/// different pointers"), and forgets which map a call is for.
class Origins {
public:
  /// By place: r0 to r10, then spill slots.
  using State = std::vector<uint32_t>;

  /// \p F is over physical registers and does not change while this is used.
  explicit Origins(const mir::Function &F);

  /// What holds before instruction \p Index of \p B, a block that is reached.
  State before(mir::BlockId B, size_t Index);
  /// What holds after that instruction.
  void step(State &S, mir::BlockId B, size_t Index);

  /// Whether one copy of \p I can stand for two that \p A and \p C precede.
  static bool canJoin(const mir::Inst &I, const State &A, const State &C);

private:
  uint32_t ofInst(const State &S, const mir::Inst &I, uint32_t Fresh);
  uint32_t field(uint32_t Base, int16_t Off, uint32_t Fresh);
  bool joinInto(mir::BlockId To, const State &S);

  const mir::Function &F;
  std::vector<uint32_t> FirstInst; ///< by block: the number of its first
  std::vector<int32_t> SlotOf;     ///< by frame object: its place, or None
  size_t NumPlaces;
  uint32_t FirstFresh, FirstPhi;
  llvm::DenseMap<std::pair<uint32_t, int32_t>, uint32_t> Fields;
  std::vector<State> Entry; ///< by block; empty if it is not reached
};

} // namespace bpfcc

#endif

#ifndef BPFCC_RUNTIME_INTERP_FLOW_H
#define BPFCC_RUNTIME_INTERP_FLOW_H

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace bpfcc {

struct PreInst;
struct Predecoded;

/// What is known of a subprogram before it runs.
struct Flow {
  /// Instructions of which all run once the first does, unless one faults.
  struct Block {
    uint32_t First, End;
    uint16_t Must = 0xffff; ///< registers written on every way to First
    uint16_t May = 0;       ///< on some way
    uint16_t LiveOut = 0;   ///< read behind End before they are written
    uint16_t Uses = 0;      ///< read in it before they are written
    uint16_t Kills = 0;     ///< written in it or lost in a call
    uint16_t Loses = 0;     ///< lost in a call
    uint16_t Leaves = 0;    ///< written when it ends, whatever was before
    bool Reached = false;
    bool IsLoop = false; ///< a jump leads back to First
    /// The block before has always run when this one is reached, but on the way
    /// into the loop that starts there. It can be charged for both.
    bool IsPaid = false;
  };

  std::vector<Block> Blocks;
  std::vector<uint32_t> BlockAt; ///< of each instruction that starts one
  uint16_t Required = 0;         ///< r1 to r5, where it reads what it was given
  uint16_t Writes = 0;           ///< r6 to r9 that a call of it may change
  bool UsesFrame = false;        ///< r10 matters to it or to what it calls
  bool CountsLoops = false;      ///< it has a may_goto
  bool StackEscapes = false;     ///< r10 is used for more than loads and stores
  /// At each read of a register it is known whether it was written before.
  bool Proven = false;
  /// r0 is written wherever it returns. If not, it can only be called by
  /// subprograms, which do not read what it gives.
  bool Returns = true;
  /// How many bytes of its stack, from the top down, it may read without
  /// having written them.
  unsigned StackBytes = 0;

  /// Whether it runs with the registers \p Given and has a result.
  bool isEntered(uint16_t Given) const {
    return Proven && Returns && !(Required & ~Given);
  }
  /// Registers that are surely written before instruction \p Inst. Here and
  /// below, \p Flows are those of all subprograms.
  uint16_t mustAt(llvm::ArrayRef<PreInst> Code, uint32_t Inst,
                  llvm::ArrayRef<Flow> Flows) const;
  /// Which registers \p I, an instruction of it, reads, calls included.
  uint16_t readsOf(const PreInst &I, llvm::ArrayRef<Flow> Flows) const;
  /// The registers that are read from \p I on before they are written, if
  /// those of \p After are behind it.
  uint16_t liveBefore(const PreInst &I, uint16_t After,
                      llvm::ArrayRef<Flow> Flows) const;
};

/// How many instructions of \p B run. A trap is not executed.
uint32_t costOf(llvm::ArrayRef<PreInst> Code, const Flow::Block &B);

/// The registers that are written after \p I if \p Before were before.
uint16_t writtenAfter(const PreInst &I, uint16_t Before,
                      llvm::ArrayRef<Flow> Flows);
/// One Flow for each subprogram.
std::vector<Flow> analyse(const Predecoded &Code);

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_FINISH_FINISH_H
#define BPFCC_BACKEND_FINISH_FINISH_H

#include "backend/finish/Code.h"
#include "backend/isa/Assembler.h"
#include "backend/mir/Mir.h"

#include "llvm/Support/Error.h"

namespace bpfcc {

struct FinishOptions {
  unsigned Cpu = 3;       ///< ISA level, 1 to 5 as in isa.def
  bool BigEndian = false; ///< of numbers in inline assembly
  /// What assembly text at file scope gives inline assembly.
  const isa::AsmScope *Scope = nullptr;
  uint32_t StackLimit = 512; ///< bytes below r10 that one frame may use
  /// Slots of one function. The kernel takes no longer program
  /// (BPF_COMPLEXITY_LIMIT_INSNS).
  uint32_t MaxSlots = 1000000;
};

/// Turns \p F, whose registers are all physical, into code: lays out frame and
/// blocks, expands what has no encoding, resolves jumps. Gives instructions
/// with jump distances in slots, fixups for what link or load must fill in,
/// and the line table; the first instruction always has a line if any has.
/// Errors: StackTooLarge, TooManyInsns, BranchTooFar, AsmError, Internal for
/// MIR that broke its contract.
llvm::Expected<CodeFunction> finish(mir::Function &&F,
                                    const FinishOptions &Options);

} // namespace bpfcc

#endif

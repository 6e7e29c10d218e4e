#ifndef BPFCC_BACKEND_ISA_DISASSEMBLER_H
#define BPFCC_BACKEND_ISA_DISASSEMBLER_H

#include "backend/isa/Inst.h"

#include "llvm/Support/raw_ostream.h"

namespace bpfcc::isa {

struct PrintOptions {
  /// Print the kinds of ld_imm64 and call alike, as llvm-objdump does; by
  /// default map_fd(), pc and kfunc tell them apart.
  bool PlainKinds = false;
};

/// Prints \p I in the kernel's pseudo-C, without a newline: what assemble()
/// reads. Jump distances are in slots from the next instruction.
void print(llvm::raw_ostream &OS, const Inst &I, PrintOptions Options = {});

} // namespace bpfcc::isa

#endif

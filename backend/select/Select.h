#ifndef BPFCC_BACKEND_SELECT_SELECT_H
#define BPFCC_BACKEND_SELECT_SELECT_H

#include "backend/mir/Mir.h"
#include "support/OptLevel.h"

#include "llvm/IR/Function.h"
#include "llvm/Support/Error.h"

namespace bpfcc {

struct SelectOptions {
  unsigned Cpu = 3; ///< ISA level, 1 to 5 as in isa.def
  bool BigEndian = false;
  CostModel Model = CostModel::Balanced;
};

/// Turns \p F, which prepare() has been over, into MIR in SSA form. Every
/// instruction that comes from a source line carries it.
/// Errors, each at its source line, for what has no BPF form.
llvm::Expected<mir::Function> select(llvm::Function &F,
                                     const SelectOptions &Options);

} // namespace bpfcc

#endif

#ifndef BPFCC_BACKEND_MIR_CHECK_H
#define BPFCC_BACKEND_MIR_CHECK_H

#include "backend/mir/Mir.h"

#include "llvm/Support/Error.h"

namespace bpfcc::mir {

enum class Form {
  Ssa,      ///< between select and regalloc
  Allocated ///< after regalloc: physical registers alone
};

/// Checks what Mir.h promises of \p F: operand shapes by form, terminators,
/// targets and preds that agree, indexes in range; in SSA form one def for each
/// register that dominates its uses. Error: Internal, naming \p After (the
/// pass that ran last), the block and the instruction.
llvm::Error check(const Function &F, Form What, llvm::StringRef After);

} // namespace bpfcc::mir

#endif

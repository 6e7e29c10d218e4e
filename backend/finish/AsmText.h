#ifndef BPFCC_BACKEND_FINISH_ASMTEXT_H
#define BPFCC_BACKEND_FINISH_ASMTEXT_H

#include "backend/finish/Finish.h"
#include "backend/isa/Assembler.h"
#include "backend/mir/Mir.h"
#include "support/Diagnostic.h"

#include <optional>

namespace bpfcc {

/// Puts the operands of the INLINE_ASM \p I (registers, immediates, symbols,
/// memory, labels) into its text and assembles it. \p Unique is what `%=`
/// prints. Error: AsmError at \p Loc.
llvm::Expected<isa::AsmResult> assembleOperands(const mir::Function &F,
                                                const mir::Inst &I,
                                                const SourceLoc &Loc,
                                                unsigned Unique,
                                                const FinishOptions &Options);

/// The block that \p Symbol means when it is a label operand of an INLINE_ASM
/// with \p Targets.
std::optional<mir::BlockId> asmLabelTarget(llvm::ArrayRef<mir::BlockId> Targets,
                                           llvm::StringRef Symbol);

} // namespace bpfcc

#endif

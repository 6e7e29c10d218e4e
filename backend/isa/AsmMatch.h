#ifndef BPFCC_BACKEND_ISA_ASMMATCH_H
#define BPFCC_BACKEND_ISA_ASMMATCH_H

#include "backend/isa/AsmExpr.h"
#include "backend/isa/Inst.h"

namespace bpfcc::isa {

/// An instruction as it is written.
struct AsmStatement {
  Inst I;
  /// The target of a jump or call, or what a ld_imm64 loads; its addend is in
  /// I.Imm. Empty for none.
  llvm::StringRef Symbol;
};

/// Reads the instruction that \p In is, by the Text column of isa.def; the
/// first row that fits whole is it. Values that memory gives or takes may go
/// by either register name, as in LLVM's assembler. \p Resolve gives values
/// for symbols in numbers. On failure \p Why says why.
std::optional<AsmStatement> matchInstruction(llvm::ArrayRef<AsmToken> In,
                                             AsmResolver Resolve,
                                             llvm::StringRef &Why);

} // namespace bpfcc::isa

#endif

#ifndef BPFCC_BACKEND_ISA_ASSEMBLER_H
#define BPFCC_BACKEND_ISA_ASSEMBLER_H

#include "backend/isa/Inst.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace bpfcc::isa {

/// An operand that names what the text does not define: the target of a jump
/// or call, or the address that a ld_imm64 loads (its addend is in Imm).
struct AsmReference {
  uint32_t Inst; ///< index into AsmResult::Insts
  std::string Symbol;
};

struct AsmResult {
  std::vector<Inst> Insts;
  std::vector<AsmReference> References;
};

/// Assembles \p Text: statements separated by newlines or `;`, in the
/// pseudo-C that print() writes and the kernel documents, with labels
/// (`name:`, and `1:` for `1b`, `1f`), `#`, `//` and `/* */` comments, and
/// `.8byte N` for an instruction as a number. Values that memory gives or
/// takes may go by either register name, as in LLVM's assembler. Jumps to
/// labels of the text are resolved. Error: BadAssembly with the statement.
llvm::Expected<AsmResult> assemble(llvm::StringRef Text);

} // namespace bpfcc::isa

#endif

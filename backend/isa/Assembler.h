#ifndef BPFCC_BACKEND_ISA_ASSEMBLER_H
#define BPFCC_BACKEND_ISA_ASSEMBLER_H

#include "backend/isa/AsmExpr.h"
#include "backend/isa/Inst.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <string>
#include <vector>

namespace bpfcc::isa {

/// An operand that names what the text does not define: the target of a jump
/// or call, or the address that a ld_imm64 loads (its addend is in Imm).
struct AsmReference {
  uint32_t Inst; ///< index into AsmResult::Insts
  std::string Symbol;
};

/// A number inside a slot whose value depends on symbols that the text does
/// not define. The symbol `.` in Value is the start of the text; places are
/// counted in bytes.
struct AsmPatch {
  uint8_t At, Size; ///< bytes
  AsmExpr Value;
  std::string Statement; ///< for messages
};

/// A slot that no instruction stands for, or that is not known yet.
struct AsmRaw {
  uint32_t Inst; ///< index into AsmResult::Insts, where a placeholder stands
  std::array<uint8_t, 8> Bytes;
  std::vector<AsmPatch> Patches;
};

struct AsmResult {
  std::vector<Inst> Insts;
  std::vector<AsmReference> References;
  std::vector<AsmRaw> Raws; ///< by rising Inst
};

/// Assembles \p Text: statements separated by newlines or `;`, in the
/// pseudo-C that print() writes and the kernel documents, with labels
/// (`name:`, and `1:` for `1b`, `1f`), `#`, `//` and `/* */` comments,
/// expressions, and the directives of GNU's and LLVM's assemblers for data,
/// names, conditions, repetition and macros (AsmData.cpp, AsmBlocks.cpp).
/// Data stands for instructions, in the byte order asked for. Values that
/// memory gives or takes may go by either register name, as in LLVM's
/// assembler. Jumps to labels of the text are resolved. Error: BadAssembly
/// with the statement.
llvm::Expected<AsmResult> assemble(llvm::StringRef Text,
                                   bool BigEndian = false);

/// Writes the low \p Size bytes of \p Value.
void putNumber(uint8_t *To, unsigned Size, uint64_t Value, bool BigEndian);

} // namespace bpfcc::isa

#endif

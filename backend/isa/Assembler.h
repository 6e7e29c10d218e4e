#ifndef BPFCC_BACKEND_ISA_ASSEMBLER_H
#define BPFCC_BACKEND_ISA_ASSEMBLER_H

#include "backend/isa/AsmExpr.h"
#include "backend/isa/Inst.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <memory>
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

/// What assembly text at file scope leaves for other text: names with values,
/// and macros.
class AsmScope;

/// A number or operand of a module's code or data that link or load fills in.
struct AsmRelocation {
  enum Kind : uint8_t { Address, Call, Word4, Word8 } K;
  uint64_t Offset; ///< bytes from the start of the section
  /// A symbol, or with no name the start of the section of that number.
  std::string Symbol;
  uint32_t Section = 0;
  int64_t Addend = 0; ///< bytes; for a call, counted from its target
};

struct AsmSection {
  std::string Name;
  uint32_t Type = 0, EntrySize = 0; ///< SHT_*
  uint64_t Flags = 0;               ///< SHF_*
  uint64_t Align = 1;
  std::vector<uint8_t> Bytes;
  std::vector<AsmRelocation> Relocs; ///< by rising Offset
};

struct AsmSymbol {
  std::string Name;
  int32_t Section = -1; ///< index into AsmModule::Sections; -1 is elsewhere
  std::string Alias;    ///< the symbol elsewhere that Value counts from
  uint64_t Value = 0, Size = 0;
  uint8_t Binding = 0, Type = 0, Visibility = 0; ///< STB_*, STT_*, STV_*
};

/// Assembly text at file scope: parts of an object.
struct AsmModule {
  std::vector<AsmSection> Sections;
  std::vector<AsmSymbol> Symbols;
  std::shared_ptr<const AsmScope> Scope;
};

/// Assembles \p Text, which may have the directives for sections and symbols
/// too (AsmSections.cpp); it starts in `.text`. Error: BadAssembly.
llvm::Expected<AsmModule> assembleModule(llvm::StringRef Text, bool BigEndian);

/// Assembles \p Text: statements separated by newlines or `;`, in the
/// pseudo-C that print() writes and the kernel documents, with labels
/// (`name:`, and `1:` for `1b`, `1f`), `#`, `//` and `/* */` comments,
/// expressions, and the directives of GNU's and LLVM's assemblers for data,
/// names, conditions, repetition and macros (AsmData.cpp, AsmBlocks.cpp).
/// Data stands for instructions, in the byte order asked for. Values that
/// memory gives or takes may go by either register name, as in LLVM's
/// assembler. Jumps to labels of the text are resolved. Error: BadAssembly
/// with the statement. \p Scope is what the text of the file gives.
llvm::Expected<AsmResult> assemble(llvm::StringRef Text, bool BigEndian = false,
                                   const AsmScope *Scope = nullptr);

/// Writes the low \p Size bytes of \p Value.
void putNumber(uint8_t *To, unsigned Size, uint64_t Value, bool BigEndian);

} // namespace bpfcc::isa

#endif

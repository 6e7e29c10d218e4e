#ifndef BPFCC_BACKEND_ISA_ENCODING_H
#define BPFCC_BACKEND_ISA_ENCODING_H

#include "backend/isa/Inst.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace bpfcc::isa {

/// Which fields of an Inst are operands; isa.def explains each.
enum class Form : uint8_t {
  RR,
  RI,
  R,
  Load,
  StoreR,
  StoreI,
  Atomic,
  Imm64,
  JmpRR,
  JmpRI,
  Jmp,
  JmpL,
  Call,
  CallR,
  Exit,
  Abs,
  Ind,
  CastRR
};

/// The field that tells apart the rows that share one opcode byte.
enum class Key : uint8_t { None, Src, Off, Imm };

/// One row of isa.def.
struct OpInfo {
  const char *Name; ///< "ADD_RI"
  const char *Text; ///< pseudo-C with {d} {s} {wd} {ws} {i} {o} {j}
  uint8_t Opcode;
  Key KeyField;
  int32_t KeyValue;
  Form F;
  uint8_t Cpu; ///< first -mcpu level
};

const OpInfo &info(Op O);
inline Form form(Op O) { return info(O).F; }

/// How many 8-byte slots \p O takes: 2 for the ld_imm64 kinds, else 1.
inline unsigned slots(Op O) { return form(O) == Form::Imm64 ? 2 : 1; }

/// True if \p O may continue at a place that its Off or Imm names.
bool isJump(Op O);

/// Appends the bytes of \p I (8, or 16 for ld_imm64) to \p Out, in the byte
/// order asked for (RFC 9669, section 3). Operands must fit their fields.
void encode(const Inst &I, bool BigEndian, llvm::SmallVectorImpl<uint8_t> &Out);

/// The instruction at the start of \p Bytes. Refuses, with the reason, what
/// no row of isa.def stands for: unknown opcodes, registers above r10, fields
/// that must be zero, a ld_imm64 without its second slot.
llvm::Expected<Inst> decodeOne(llvm::ArrayRef<uint8_t> Bytes, bool BigEndian);

/// All instructions of \p Bytes; an error names the offending slot.
llvm::Expected<std::vector<Inst>> decode(llvm::ArrayRef<uint8_t> Bytes,
                                         bool BigEndian);

} // namespace bpfcc::isa

#endif

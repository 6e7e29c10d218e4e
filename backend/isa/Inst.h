#ifndef BPFCC_BACKEND_ISA_INST_H
#define BPFCC_BACKEND_ISA_INST_H

#include <cstdint>

namespace bpfcc::isa {

/// One value for each row of isa.def, in its order.
enum class Op : uint16_t {
#define INST(Name, ...) Name,
#include "backend/isa/isa.def"
};

/// How many rows isa.def has.
constexpr unsigned NumOps = 0
#define INST(...) +1
#include "backend/isa/isa.def"
    ;

/// Registers as the encoding numbers them: r0..r9, r10 the frame pointer.
enum : uint8_t { R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10, NumRegs };

/// One decoded instruction. Which fields mean something is said by the row:
/// Off is a jump distance in slots or a memory offset in bytes; Imm is the
/// 32-bit immediate sign-extended, or all 64 bits for the ld_imm64 kinds.
/// (LD_MAP_VALUE and LD_MAP_IDX_VALUE hold fd or index in the low 32 bits and
/// the offset in the high 32 bits.) The 32-bit distance of JAL (gotol) and of
/// CALL_SUBPROG stands in Imm.
struct Inst {
  Op Opcode{};
  uint8_t Dst = 0;
  uint8_t Src = 0;
  int16_t Off = 0;
  int64_t Imm = 0;

  bool operator==(const Inst &) const = default;
};

} // namespace bpfcc::isa

#endif

#ifndef BPFCC_BACKEND_ISA_SEM_H
#define BPFCC_BACKEND_ISA_SEM_H

#include "backend/isa/Inst.h"

namespace bpfcc::isa {

/// The last column of isa.def: what an instruction does. Arithmetic comes
/// first, and conditional jumps stand together.
enum class Sem : uint8_t {
  ADD,
  SUB,
  MUL,
  DIV,
  OR,
  AND,
  LSH,
  RSH,
  MOD,
  XOR,
  MOV,
  ARSH,
  SDIV,
  SMOD,
  NEG,
  MOVSX,
  LE,
  BE,
  BSWAP,
  CAST,
  LOAD,
  LOADSX,
  STORE,
  ATOMIC_ADD,
  ATOMIC_OR,
  ATOMIC_AND,
  ATOMIC_XOR,
  FETCH_ADD,
  FETCH_OR,
  FETCH_AND,
  FETCH_XOR,
  XCHG,
  CMPXCHG,
  LOAD_ACQ,
  STORE_REL,
  LD_IMM64,
  LD_MAP_FD,
  LD_MAP_VALUE,
  LD_BTF_ID,
  LD_FUNC,
  LD_MAP_IDX,
  LD_MAP_IDX_VALUE,
  LD_ABS,
  LD_IND,
  JEQ,
  JGT,
  JGE,
  JSET,
  JNE,
  JSGT,
  JSGE,
  JLT,
  JLE,
  JSLT,
  JSLE,
  JA,
  GOTOX,
  MAY_GOTO,
  CALL_HELPER,
  CALL_SUBPROG,
  CALL_KFUNC,
  CALLX,
  EXIT,
};

constexpr bool isArithmetic(Sem S) { return S <= Sem::BSWAP; }
constexpr bool isCondition(Sem S) { return S >= Sem::JEQ && S <= Sem::JSLE; }

/// Of arithmetic and jumps, by the class of \p Opcode (RFC 9669, section 3):
/// whether it looks at all 64 bits.
constexpr bool is64(unsigned Opcode) {
  return (Opcode & 7) == 7 || (Opcode & 7) == 5;
}
/// How many bytes an access of memory takes, by its \p Opcode.
constexpr unsigned accessBytes(unsigned Opcode) {
  constexpr unsigned Sizes[] = {4, 2, 1, 8};
  return Sizes[Opcode >> 3 & 3];
}

/// What of a row of isa.def its meaning needs.
struct Meaning {
  Sem What;
  bool Is64;     ///< of arithmetic and jumps
  unsigned Bits; ///< of a memory access, MOVSX, or a change of byte order
};

inline constexpr Meaning Meanings[NumOps] = {
#define INST(Name, Opcode, Key, Value, Form, Text, Cpu, Semantics)             \
  {Sem::Semantics, is64(Opcode),                                               \
   isArithmetic(Sem::Semantics) ? unsigned(Value) : 8 * accessBytes(Opcode)},
#include "backend/isa/isa.def"
};

constexpr const Meaning &meaning(Op O) { return Meanings[unsigned(O)]; }

} // namespace bpfcc::isa

#endif

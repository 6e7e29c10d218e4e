#ifndef BPFCC_BACKEND_ANALYSIS_MEANING_H
#define BPFCC_BACKEND_ANALYSIS_MEANING_H

#include "backend/isa/Inst.h"

#include <string_view>
#include <utility>

namespace bpfcc::analysis {

/// What an instruction does to numbers: the last column of isa.def, as far as
/// this folder follows it.
enum class Does : uint8_t {
  Other,
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
  JEQ,
  JNE,
  JGT,
  JGE,
  JLT,
  JLE,
  JSGT,
  JSGE,
  JSLT,
  JSLE,
  JSET,
};

struct Meaning {
  Does What = Does::Other;
  uint8_t Width = 64; ///< of the operation
  uint8_t Part = 64;  ///< how many bits of the source count (MOVSX, LE, ...)
};

constexpr Does meaningOf(std::string_view Sem) {
#define NAME(N) std::pair<std::string_view, Does>(#N, Does::N)
  for (auto [Name, What] :
       {NAME(ADD),   NAME(SUB),  NAME(MUL),  NAME(DIV),   NAME(OR),
        NAME(AND),   NAME(LSH),  NAME(RSH),  NAME(MOD),   NAME(XOR),
        NAME(MOV),   NAME(ARSH), NAME(SDIV), NAME(SMOD),  NAME(NEG),
        NAME(MOVSX), NAME(LE),   NAME(BE),   NAME(BSWAP), NAME(JEQ),
        NAME(JNE),   NAME(JGT),  NAME(JGE),  NAME(JLT),   NAME(JLE),
        NAME(JSGT),  NAME(JSGE), NAME(JSLT), NAME(JSLE),  NAME(JSET)})
    if (Sem == Name)
      return What;
#undef NAME
  return Does::Other;
}

/// The classes of the encoding (RFC 9669, section 4.1) say how wide arithmetic
/// and jumps are.
inline constexpr Meaning Meanings[isa::NumOps] = {
#define INST(Name, Opcode, Key, Value, Form, Text, Cpu, Sem)                   \
  {meaningOf(#Sem),                                                            \
   ((Opcode) & 7) == 4 || ((Opcode) & 7) == 6 ? uint8_t(32) : uint8_t(64),     \
   (Value) ? uint8_t(Value) : uint8_t(64)},
#include "backend/isa/isa.def"
};

} // namespace bpfcc::analysis

#endif

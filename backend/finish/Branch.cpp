#include "backend/finish/Branch.h"

namespace bpfcc {

#define FORMS(Name)                                                            \
  case mir::Name##_RI:                                                         \
  case mir::Name##_RR:                                                         \
  case mir::Name##32_RI:                                                       \
  case mir::Name##32_RR:

bool isConditionalJump(mir::Opcode Op) {
  switch (Op) {
    FORMS(JEQ)
    FORMS(JNE)
    FORMS(JGT)
    FORMS(JGE)
    FORMS(JLT)
    FORMS(JLE)
    FORMS(JSGT)
    FORMS(JSGE)
    FORMS(JSLT)
    FORMS(JSLE)
    FORMS(JSET)
    return true;
  default:
    return false;
  }
}
#undef FORMS

// The last column is what does the same as the inverse with its registers
// swapped, for ISA level 1, which lacks the inverse: a > b
// does not hold where b >= a does.
std::optional<Jump> invertJump(mir::Opcode Op, unsigned Cpu) {
#define FORMS(From, To)                                                        \
  case mir::From##_RI:                                                         \
    return Jump{mir::To##_RI};                                                 \
  case mir::From##_RR:                                                         \
    return Jump{mir::To##_RR};                                                 \
  case mir::From##32_RI:                                                       \
    return Jump{mir::To##32_RI};                                               \
  case mir::From##32_RR:                                                       \
    return Jump{mir::To##32_RR};
#define LATER(From, To, Swapped)                                               \
  case mir::From##_RR:                                                         \
    if (Cpu < 2)                                                               \
      return Jump{mir::Swapped##_RR, true};                                    \
    return Jump{mir::To##_RR};                                                 \
  case mir::From##_RI:                                                         \
    if (Cpu < 2)                                                               \
      return std::nullopt;                                                     \
    return Jump{mir::To##_RI};                                                 \
  case mir::From##32_RI:                                                       \
    return Jump{mir::To##32_RI};                                               \
  case mir::From##32_RR:                                                       \
    return Jump{mir::To##32_RR};
  switch (Op) {
    FORMS(JEQ, JNE)
    FORMS(JNE, JEQ)
    FORMS(JLE, JGT)
    FORMS(JLT, JGE)
    FORMS(JSLE, JSGT)
    FORMS(JSLT, JSGE)
    LATER(JGT, JLE, JGE)
    LATER(JGE, JLT, JGT)
    LATER(JSGT, JSLE, JSGE)
    LATER(JSGE, JSLT, JSGT)
  default:
    return std::nullopt;
  }
#undef LATER
#undef FORMS
}

} // namespace bpfcc

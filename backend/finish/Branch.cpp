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

bool invertJump(mir::Opcode Op, unsigned Cpu, mir::Opcode &Inverse) {
#define FORM(From, To, Suffix, NeedsV2)                                        \
  case mir::From##Suffix:                                                      \
    Inverse = mir::To##Suffix;                                                 \
    return Cpu >= 2 || !(NeedsV2);
#define PAIR(From, To, NeedsV2)                                                \
  FORM(From, To, _RI, NeedsV2)                                                 \
  FORM(From, To, _RR, NeedsV2)                                                 \
  FORM(From, To, 32_RI, NeedsV2)                                               \
  FORM(From, To, 32_RR, NeedsV2)
  switch (Op) {
    PAIR(JEQ, JNE, false)
    PAIR(JNE, JEQ, false)
    PAIR(JGT, JLE, true)
    PAIR(JLE, JGT, false)
    PAIR(JGE, JLT, true)
    PAIR(JLT, JGE, false)
    PAIR(JSGT, JSLE, true)
    PAIR(JSLE, JSGT, false)
    PAIR(JSGE, JSLT, true)
    PAIR(JSLT, JSGE, false)
  default:
    return false;
  }
#undef PAIR
#undef FORM
}

} // namespace bpfcc

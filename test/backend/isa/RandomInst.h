#ifndef BPFCC_TEST_BACKEND_ISA_RANDOMINST_H
#define BPFCC_TEST_BACKEND_ISA_RANDOMINST_H

#include "backend/isa/Encoding.h"

#include <random>

namespace bpfcc::isa {

/// A valid instruction of row \p O with random operands, often at the ends of
/// their ranges.
inline Inst randomInst(Op O, std::mt19937_64 &Random) {
  auto pick = [&](int64_t Min, int64_t Max) -> int64_t {
    switch (Random() % 8) {
    case 0:
      return Min;
    case 1:
      return Max;
    case 2:
      return 0;
    case 3:
      return -1;
    default:
      return Min + int64_t(Random() % uint64_t(Max - Min + 1));
    }
  };
  Inst I;
  I.Opcode = O;
  uint8_t Dst = Random() % NumRegs, Src = Random() % NumRegs;
  auto Off = int16_t(pick(INT16_MIN, INT16_MAX));
  auto Imm = int32_t(pick(INT32_MIN, INT32_MAX));
  switch (form(O)) {
  case Form::RR:
    I.Dst = Dst, I.Src = Src;
    break;
  case Form::RI:
    I.Dst = Dst, I.Imm = Imm;
    break;
  case Form::R:
  case Form::CallR:
    I.Dst = Dst;
    break;
  case Form::Load:
  case Form::StoreR:
  case Form::Atomic:
  case Form::JmpRR:
    I.Dst = Dst, I.Src = Src, I.Off = Off;
    break;
  case Form::StoreI:
  case Form::JmpRI:
    I.Dst = Dst, I.Off = Off, I.Imm = Imm;
    break;
  case Form::Imm64:
    I.Dst = Dst, I.Imm = int64_t(Random());
    break;
  case Form::Jmp:
    I.Off = Off;
    break;
  case Form::JmpL:
  case Form::Call:
  case Form::Abs:
    I.Imm = Imm;
    break;
  case Form::Exit:
    break;
  case Form::Ind:
    I.Src = Src, I.Imm = Imm;
    break;
  case Form::CastRR:
    I.Dst = Dst, I.Src = Src, I.Imm = Imm;
    break;
  }
  return I;
}

} // namespace bpfcc::isa

#endif

// Which registers are read later, by the code alone: the usual equations, from
// the last instruction to the first until nothing changes. From Linux 6.15 on
// verifiers do not compare others.

#include "runtime/verify/Unit.h"

#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"
#include "backend/target/Helpers.h"

namespace bpfcc::verify {

using isa::Sem;

namespace {
struct Effect {
  uint16_t Reads = 0, Writes = 0;
};
} // namespace

constexpr uint16_t CallerSaved = 0x3f, Arguments = 0x3e;

static constexpr uint16_t bit(unsigned R) { return uint16_t(1u << R); }

static Effect effectOf(const isa::Inst &I) {
  Sem What = isa::meaning(I.Opcode).What;
  switch (What) {
  case Sem::CALL_HELPER: {
    const auto *H = target::helperById(unsigned(I.Imm));
    unsigned Count = H ? H->numArgs() : 5;
    return {uint16_t((bit(Count) - 1) << 1), CallerSaved};
  }
  case Sem::CALL_SUBPROG:
  case Sem::CALL_KFUNC:
    return {Arguments, CallerSaved};
  case Sem::EXIT:
    return {bit(isa::R0), 0};
  case Sem::CMPXCHG:
    return {uint16_t(bit(I.Dst) | bit(I.Src) | bit(isa::R0)), bit(isa::R0)};
  case Sem::LD_ABS:
    return {bit(isa::R6), CallerSaved};
  case Sem::LD_IND:
    return {uint16_t(bit(isa::R6) | bit(I.Src)), CallerSaved};
  default:
    break;
  }
  if (What >= Sem::ATOMIC_ADD && What <= Sem::XCHG)
    return {uint16_t(bit(I.Dst) | bit(I.Src)),
            What >= Sem::FETCH_ADD ? bit(I.Src) : uint16_t(0)};
  bool Moves = What == Sem::MOV || What == Sem::MOVSX;
  switch (isa::form(I.Opcode)) {
  case isa::Form::RR:
    return {uint16_t(bit(I.Src) | (Moves ? 0 : bit(I.Dst))), bit(I.Dst)};
  case isa::Form::RI:
    return {uint16_t(Moves ? 0 : bit(I.Dst)), bit(I.Dst)};
  case isa::Form::R:
    return {bit(I.Dst), bit(I.Dst)};
  case isa::Form::CastRR:
  case isa::Form::Load:
    return {bit(I.Src), bit(I.Dst)};
  case isa::Form::StoreR:
  case isa::Form::JmpRR:
    return {uint16_t(bit(I.Dst) | bit(I.Src)), 0};
  case isa::Form::StoreI:
  case isa::Form::JmpRI:
  case isa::Form::CallR:
    return {bit(I.Dst), 0};
  case isa::Form::Imm64:
    return {0, bit(I.Dst)};
  default:
    return {};
  }
}

void findLiveRegisters(Unit &U) {
  U.Live.assign(U.Insts.size(), 0);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (size_t N = U.Insts.size(); N-- != 0;) {
      const isa::Inst &I = U.Insts[N];
      Sem What = isa::meaning(I.Opcode).What;
      uint16_t After = 0;
      if (What != Sem::EXIT && What != Sem::JA && N + 1 != U.Insts.size())
        After = U.Live[N + 1];
      if (What == Sem::JA || What == Sem::MAY_GOTO || isa::isCondition(What))
        After |= U.Live[U.Target[N]];
      Effect E = effectOf(I);
      uint16_t Before = uint16_t((After & ~E.Writes) | E.Reads);
      Changed |= Before != U.Live[N];
      U.Live[N] = Before;
    }
  }
}

} // namespace bpfcc::verify

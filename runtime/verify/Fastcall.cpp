// Calls of bpf_fastcall functions write r0 alone. Compilers that do not rely on
// it spill what lives across such a call and reload it behind:
//
//   *(u64 *)(r10 - 16) = r2
//   *(u64 *)(r10 - 8) = r1
//   call bpf_get_smp_processor_id
//   r1 = *(u64 *)(r10 - 8)
//   r2 = *(u64 *)(r10 - 16)
//
// Kernels that inline the function remove the pairs, from the lowest slot of
// the function on, and the slots need no stack, unless anything else uses them.

#include "runtime/verify/Unit.h"

#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"
#include "backend/target/Helpers.h"

namespace bpfcc::verify {

using isa::Op;

constexpr uint16_t CallerSaved = 0x3f;

/// Registers that a fast call at \p I leaves alone; none if it is no such.
static uint16_t keptBy(const isa::Inst &I, const std::vector<bool> &Kfuncs) {
  unsigned Arguments = 0;
  if (I.Opcode == Op::CALL_KFUNC) {
    if (size_t(I.Imm) >= Kfuncs.size() || !Kfuncs[size_t(I.Imm)])
      return 0;
    Arguments = 2; // of bpf_cast_to_kern_ctx and bpf_rdonly_cast
  } else {
    const target::HelperInfo *H = I.Opcode == Op::CALL_HELPER
                                      ? target::helperById(unsigned(I.Imm))
                                      : nullptr;
    if (!H || !(H->Effects & target::Fastcall))
      return 0;
    Arguments = H->numArgs();
  }
  return uint16_t(CallerSaved & ~((1u << (Arguments + 1)) - 1));
}

void findFastSpills(Unit &U, const std::vector<bool> &Kfuncs) {
  constexpr int SlotSize = 8;
  for (Unit::Sub &S : U.Subs) {
    int Lowest = 0;
    for (uint32_t N = S.Start; N != S.End; ++N)
      if (U.Insts[N].Opcode == Op::STXDW && U.Insts[N].Dst == isa::R10)
        Lowest = std::min<int>(Lowest, U.Insts[N].Off);
    for (uint32_t N = S.Start; N != S.End; ++N) {
      uint16_t Kept = keptBy(U.Insts[N], Kfuncs);
      int Off = Lowest;
      for (uint32_t Away = 1; Kept && N >= S.Start + Away && N + Away < S.End;
           ++Away) {
        const isa::Inst &Store = U.Insts[N - Away], &Load = U.Insts[N + Away];
        if (Store.Opcode != Op::STXDW || Load.Opcode != Op::LDXDW ||
            Store.Dst != isa::R10 || Load.Src != isa::R10 ||
            Store.Src != Load.Dst || !(Kept >> Store.Src & 1) ||
            Store.Off != Off || Load.Off != Off)
          break;
        Kept &= uint16_t(~(1u << Store.Src));
        U.Marks[N - Away] |= Unit::FastSpill;
        U.Marks[N + Away] |= Unit::FastSpill;
        Off += SlotSize;
        S.SpillTop = std::max(S.SpillTop ? S.SpillTop : Off, Off);
      }
    }
  }
}

} // namespace bpfcc::verify

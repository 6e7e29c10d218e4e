// The loop that leaves nothing to be proven.
//
// Before each instruction it looks whether the registers that it reads have
// been written, and whether the run may go on; each access is checked, and
// what is wrong is told with its place. It runs programs that Fast.cpp cannot,
// and the last instructions of runs that come to an end there.
//
// Calls follow the kernel's JIT: a tail call replaces the frame of the
// subprogram that makes it, so its exit returns to that subprogram's caller.

#include "runtime/interp/Semantics.h"
#include "runtime/maps/Arena.h"
#include "support/Diagnostic.h"

using namespace llvm;

namespace bpfcc {

using namespace semantics;

template <bool BigEndian>
Expected<uint64_t> Machine::exact(Registers &At, Frame *Until) {
  uint64_t R[isa::NumRegs];
  std::copy(std::begin(At.R), std::end(At.R), R);
  uint16_t Init = At.Init;
  uint64_t Left = S.Left;
  const PreInst *Start = Code.Funcs[S.Top->Func].data();
  const PreInst *PC = Start + At.Inst;

  auto Fault = [&](const Twine &What) {
    Error E = faultAt(Code.P, S.Top->Func, uint32_t(PC - Start), What);
    S.Top = Until;
    S.Left = Left;
    Located = true;
    return E;
  };
  auto BadAccess = [&](uint64_t Guest, unsigned Size, bool Write) {
    return Fault(describeAccess(Guest, Size, Write));
  };
  auto Enter = [&](uint32_t To) {
    Start = Code.Funcs[To].data();
    PC = Start;
    R[isa::R10] = enterStack();
  };

#define NEXT break
#define JUMP                                                                   \
  PC = Start + PC->Target;                                                     \
  continue
#define POINTER(Reg, Size, Write)                                              \
  uint64_t Guest = R[Reg] + uint64_t(int64_t(PC->Off));                        \
  uint8_t *Host = Env.Mem.access(Guest, Size, Write);                          \
  if (!Host)                                                                   \
    return BadAccess(Guest, Size, Write);
#define AFTER_PACKET                                                           \
  Init &= uint16_t(~CallerSaved);                                              \
  Init |= 1 << isa::R0
#define DO_LD_BTF_ID(O, F, V) goto Extern;
#define DO_CALL_KFUNC(O, F, V) goto Extern;
#define DO_CAST(O, F, V)                                                       \
  R[PC->Dst] = Arena::castTo(uint64_t(PC->Imm), R[PC->Src]);                   \
  NEXT;
#define DO_GOTOX(O, F, V)                                                      \
  {                                                                            \
    uint32_t To = gotoTarget(R[PC->Dst]);                                      \
    if (To == ~0u)                                                             \
      return Fault("no jump table of this function holds 0x" +                 \
                   Twine::utohexstr(R[PC->Dst]));                              \
    PC = Start + To;                                                           \
    continue;                                                                  \
  }
#define DO_CALLX(O, F, V)                                                      \
  return Fault("calls through a pointer cannot run: no kernel takes them");
#define DO_CALL_HELPER(O, F, V) goto Helper;
#define DO_CALL_SUBPROG(O, F, V) goto Call;
#define DO_EXIT(O, F, V) goto Exit;

  for (;;) {
    if ((Init & PC->Reads) != PC->Reads)
      return Fault(describeTrap(*PC, Init));
    if (Left == 0)
      return Fault("still running after " + Twine(Limits.MaxInsts) +
                   " instructions");
    --Left;
    Init |= PC->Writes;

    switch (PC->Opcode) {
#define INST(Name, Opcode, Key, Value, F, Text, Cpu, Sem)                      \
  case Op::Name:                                                               \
    DO_##Sem((Opcode), Form::F, (Value))
#include "backend/isa/isa.def"
    }
  Next:
    ++PC;
    continue;

  Extern:
    return Fault("`" +
                 Twine(uint64_t(PC->Imm) < Code.P.Externs.size()
                           ? Code.P.Externs[size_t(PC->Imm)]
                           : "?") +
                 "` exists in the kernel only");

  Helper:
    if (PC->Imm == TailCallHelper) {
      auto To = tailTarget(R[isa::R2], R[isa::R3]);
      if (!To)
        return Fault(takeMessages(To.takeError()));
      Init &= uint16_t(~CallerSaved);
      if (*To == ~0u)
        goto Next;
      S.Top->Func = *To;
      S.Top->Loops = MaxLoops;
      Init = 1 << isa::R10 | 1 << isa::R1;
      Enter(*To);
      continue;
    } else {
      uint64_t Given[5];
      for (unsigned N = 0; N != 5; ++N)
        Given[N] = Init >> (isa::R1 + N) & 1 ? R[isa::R1 + N] : 0;
      S.Left = Left;
      auto Result = callHelper(Env, uint32_t(PC->Imm), Given);
      Left = S.Left;
      if (!Result) {
        Error E = helperFault(Result.takeError(), uint32_t(PC - Start));
        S.Top = Until;
        return E;
      }
      R[isa::R0] = *Result;
      Init &= uint16_t(~CallerSaved);
      Init |= 1 << isa::R0;
      goto Next;
    }

  Call: {
    uint32_t To = uint32_t(PC->Imm);
    if (Error E = push(To))
      return Fault(takeMessages(std::move(E)));
    S.Top->Return = uint32_t(PC - Start);
    S.Top->CallerInit = Init;
    S.Top->Saved = {R[6], R[7], R[8], R[9], R[10]};
    Init &= CallerSaved & ~1;
    Init |= 1 << isa::R10;
    Enter(To);
    continue;
  }

  Exit:
    if (S.Top == Until + 1) {
      if (!(Init & 1))
        return Fault("r0 is returned before it is written");
      S.Top = Until;
      S.Left = Left;
      return R[isa::R0];
    }
    const Frame &F = *S.Top;
    Init = uint16_t((F.CallerInit & ~CallerSaved) | (Init & 1));
    std::copy(F.Saved.begin(), F.Saved.end(), R + isa::R6);
    --S.Top;
    Start = Code.Funcs[S.Top->Func].data();
    PC = Start + F.Return + 1;
  }
}

template Expected<uint64_t> Machine::exact<false>(Registers &, Frame *);
template Expected<uint64_t> Machine::exact<true>(Registers &, Frame *);

} // namespace bpfcc

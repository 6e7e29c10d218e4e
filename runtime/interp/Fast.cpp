// The loop for programs that are in order, as those are that kernels take.
//
// Needs a program of which the analysis in Flow.h has proven at each read of a
// register whether it was written, so that no run needs to look. Instructions
// become Steps: each holds the address of the code that executes it, and that
// code ends with the jump to the next one's (threaded code: J. R. Bell,
// Communications of the ACM 16(6), 1973).
//
// Instructions are counted at jumps alone. Budget is the place up to which the
// run may come without a jump, less the length of the longest subprogram:
//
//     left = (Budget - PC) / sizeof(Step) + Longest
//
// A step forward makes left one less by itself; a jump moves Budget by the way
// that PC moves, less one step. Where PC is behind Budget, the instructions up
// to the next jump might be too many.
//
// Whatever goes wrong is seen before it has changed anything. The run then goes
// on in Exact.cpp, with that instruction, and there it is told what is wrong.

#include "runtime/interp/Flow.h"
#include "runtime/interp/Semantics.h"
#include "runtime/maps/Arena.h"
#include "support/Diagnostic.h"

#include <cstring>

using namespace llvm;

namespace bpfcc {

using namespace semantics;

/// More instructions than this are lent to a run in parts, so that Budget stays
/// a number of 63 bits.
constexpr uint64_t MostLent = 1ull << 40;

static int64_t address(const Step *S) { return int64_t(intptr_t(S)); }

void Machine::makeSteps(const void *const *Labels, const void *Leave) {
  for (size_t Func = 0; Func != Code.Funcs.size(); ++Func) {
    ArrayRef<PreInst> Insts = Code.Funcs[Func];
    std::vector<Step> Out(Insts.size());
    for (Step &Each : Out)
      Each.Go = Leave;
    for (const Flow::Block &B : Code.Flows[Func].Blocks) {
      uint16_t Must = B.Must;
      for (uint32_t N = B.First; B.Reached && N != B.End; ++N) {
        const PreInst &I = Insts[N];
        bool IsHelper = I.What == Sem::CALL_HELPER && I.Imm != TailCallHelper;
        uint16_t Reads =
            IsHelper ? I.Reads : Code.Flows[Func].readsOf(I, Code.Flows);
        Step &To = Out[N];
        if (I.Why == Trap::None && !(Reads & ~Must))
          To.Go = Labels[size_t(I.Opcode)];
        To.Dst = I.Dst;
        To.Src = I.Src;
        To.Off = IsHelper ? int16_t(Must) : I.Off;
        To.Target = (int32_t(I.Target) - int32_t(N)) * int32_t(sizeof(Step));
        To.Imm = I.Imm;
        Must = writtenAfter(I, Must, Code.Flows);
      }
    }
    Longest = std::max(Longest, Out.size());
    Steps.push_back(std::move(Out));
  }
}

uint64_t Machine::enterFrame(uint32_t Func) {
  if (!S.Top->StackTop)
    makeStacks(unsigned(S.Top - Frames.data()));
  if (unsigned Size = Code.Flows[Func].StackBytes)
    memset(Env.Mem.host(S.Top->StackTop - Size), 0, Size);
  return S.Top->StackTop;
}

bool Machine::helperInto(uint64_t &R0, uint32_t Id, ArrayRef<uint64_t> Args,
                         uint32_t Inst) {
  auto Result = callHelper(Env, Id, Args);
  if (!Result) {
    Failure = helperFault(Result.takeError(), Inst);
    return false;
  }
  R0 = *Result;
  return true;
}

uint32_t Machine::tailTargetOr(uint32_t Wrong, uint64_t R2, uint64_t R3) {
  auto To = tailTarget(R2, R3);
  if (To)
    return *To;
  consumeError(To.takeError());
  return Wrong;
}

Expected<uint64_t> Machine::leaveFast(Registers &At, Frame *Until,
                                      uint16_t Written) {
  auto MustAt = [&](uint32_t Func, uint32_t Inst) {
    return Code.Flows[Func].mustAt(Code.Funcs[Func], Inst, Code.Flows);
  };
  At.Init = MustAt(S.Top->Func, At.Inst) & Written;
  for (Frame *F = S.Top; F > Until + 1; --F)
    F->CallerInit = MustAt((F - 1)->Func, F->Return);
  return Code.P.BigEndian ? exact<true>(At, Until) : exact<false>(At, Until);
}

template <bool BigEndian, bool Checked>
Expected<uint64_t> Machine::fast(Registers &At, Frame *Until) {
  static const void *const Labels[] = {
#define INST(Name, Opcode, Key, Value, F, Text, Cpu, Sem) &&Do##Name,
#include "backend/isa/isa.def"
  };
  if (Steps.empty())
    makeSteps(Labels, &&Leave);

  uint64_t R[isa::NumRegs];
  std::copy(std::begin(At.R), std::end(At.R), R);
  uint16_t Written = 0xffff;
  uint8_t *const Base = Env.Mem.base();
  const uint8_t *const Rights = Env.Mem.rights();
  const uint64_t Window = Env.Mem.size();
  const Step *PC = Steps[S.Top->Func].data() + At.Inst;
  const Step *To = nullptr;
  uint64_t Left = S.Left; // where Budget does not say it
  int64_t Budget = 0;
  uint64_t NotLent = 0;
  auto LeftAt = [&] {
    return uint64_t(int64_t(NotLent + Longest) +
                    (Budget - address(PC)) / int64_t(sizeof(Step)));
  };

#define NEXT                                                                   \
  ++PC;                                                                        \
  goto * PC->Go
#define GO_ON                                                                  \
  if (Budget < address(PC))                                                    \
    goto Short;                                                                \
  goto * PC->Go
#define JUMP                                                                   \
  Budget += PC->Target - int64_t(sizeof(Step));                                \
  PC = reinterpret_cast<const Step *>(reinterpret_cast<const char *>(PC) +     \
                                      PC->Target);                             \
  GO_ON
#define POINTER(Reg, Size, Write)                                              \
  uint64_t Guest = R[Reg] + uint64_t(int64_t(PC->Off));                        \
  if (Checked && (Guest >= Window ||                                           \
                  !(Rights[Guest] & ((Write) ? (Size) << 4 : (Size)))))        \
    goto Leave;                                                                \
  uint8_t *Host = Base + Guest;
#define AFTER_PACKET
#define DO_LD_BTF_ID(O, F, V) goto Leave;
#define DO_CALL_KFUNC(O, F, V) goto Leave;
#define DO_CAST(O, F, V)                                                       \
  R[PC->Dst] = Arena::castTo(uint64_t(PC->Imm), R[PC->Src]);                   \
  NEXT;
#define DO_GOTOX(O, F, V)                                                      \
  {                                                                            \
    uint32_t Index = gotoTarget(R[PC->Dst]);                                   \
    if (Index == ~0u)                                                          \
      goto Leave;                                                              \
    To = Steps[S.Top->Func].data() + Index;                                    \
    goto Enter;                                                                \
  }
#define DO_CALLX(O, F, V) goto Leave;
#define DO_CALL_HELPER(O, F, V) goto Helper;
#define DO_CALL_SUBPROG(O, F, V) goto Call;
#define DO_EXIT(O, F, V) goto Exit;

  goto Lend;

#define INST(Name, Opcode, Key, Value, F, Text, Cpu, Sem)                      \
  Do##Name : DO_##Sem((Opcode), Form::F, (Value))
#include "backend/isa/isa.def"

Helper: {
  if (PC->Imm == TailCallHelper)
    goto TailCall;
  uint64_t Given[5];
  for (unsigned N = 0; N != 5; ++N)
    Given[N] = PC->Off >> (isa::R1 + N) & 1 ? R[isa::R1 + N] : 0;
  Left = S.Left = LeftAt() - 1;
  if (!helperInto(R[isa::R0], uint32_t(PC->Imm), Given,
                  uint32_t(PC - Steps[S.Top->Func].data()))) {
    S.Top = Until;
    return std::move(Failure);
  }
  Budget -= int64_t(Left - S.Left) * int64_t(sizeof(Step));
  ++PC;
  GO_ON;
}

TailCall: {
  constexpr uint32_t Wrong = ~1u;
  uint32_t Func = tailTargetOr(Wrong, R[isa::R2], R[isa::R3]);
  if (Func == Wrong)
    goto Leave;
  if (Func == ~0u) {
    NEXT;
  }
  S.Top->Func = Func;
  S.Top->Loops = MaxLoops;
  R[isa::R10] = enterFrame(Func);
  To = Steps[Func].data();
  constexpr uint16_t Given = 1 << isa::R1 | 1 << isa::R10;
  if (!Code.Flows[Func].isEntered(Given)) {
    Left = LeftAt() - 1;
    PC = To;
    Written = Given;
    goto HandOver;
  }
  goto Enter;
}

Call: {
  if (S.Top >= S.Last)
    goto Leave;
  uint32_t Func = uint32_t(PC->Imm);
  uint32_t Return = uint32_t(PC - Steps[S.Top->Func].data());
  Frame &F = *++S.Top;
  F.Func = Func;
  F.Return = Return;
  F.Loops = MaxLoops;
  F.Saved = {R[6], R[7], R[8], R[9], R[10]};
  R[isa::R10] = enterFrame(Func);
  To = Steps[Func].data();
  goto Enter;
}

Exit: {
  if (S.Top == Until + 1) {
    S.Top = Until;
    S.Left = LeftAt() - 1;
    return R[isa::R0];
  }
  const Frame &F = *S.Top;
  std::copy(F.Saved.begin(), F.Saved.end(), R + isa::R6);
  --S.Top;
  To = Steps[S.Top->Func].data() + F.Return + 1;
  goto Enter;
}

Enter:
  Budget += address(To) - address(PC) - int64_t(sizeof(Step));
  PC = To;
  GO_ON;

Short:
  Left = LeftAt();
Lend:
  if (Left < Longest)
    goto HandOver;
  NotLent = Left - std::min(Left, MostLent);
  Budget =
      address(PC) + int64_t(Left - NotLent - Longest) * int64_t(sizeof(Step));
  goto * PC->Go;

Leave:
  Left = LeftAt();
HandOver:
  std::copy(std::begin(R), std::end(R), At.R);
  At.Inst = uint32_t(PC - Steps[S.Top->Func].data());
  S.Left = Left;
  return leaveFast(At, Until, Written);
}

template Expected<uint64_t> Machine::fast<false, false>(Registers &, Frame *);
template Expected<uint64_t> Machine::fast<false, true>(Registers &, Frame *);
template Expected<uint64_t> Machine::fast<true, false>(Registers &, Frame *);
template Expected<uint64_t> Machine::fast<true, true>(Registers &, Frame *);

} // namespace bpfcc

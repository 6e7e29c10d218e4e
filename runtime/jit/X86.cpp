// The template for x86-64.
//
// Registers are those of the kernel's JIT, so that calls of helpers need no
// moves: r0 is rax, r1 to r5 are the first five arguments, r6 to r9 and r10
// are registers that calls keep. Four are left:
//
//     r12  the host address of guest address 0; State lies before it
//     r9   the rights of guest address 0
//     r10  instructions that may still run
//     r11  free within one BPF instruction
//
// r9 and r10 do not survive calls of C++ and are loaded again behind them. A
// check and a load, for r0 = *(u32 *)(r1 + 4):
//
//     cmp  rdi, [r12 - GuestEnd]
//     jae  slow
//     test byte [r9 + rdi + 4], 4
//     jz   slow
//     mov  eax, [r12 + rdi + 4]

#include "runtime/jit/X86Sequences.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace bpfcc::jit {

namespace {

class X86 : public Translator<X86>, X86Sequences {
public:
  X86(const Unit &U, MutableArrayRef<uint8_t> Room)
      : Translator(U), X86Sequences(Room, U) {}

  static constexpr bool InlinesLookups = true;

  size_t size() const { return A.size(); }

  size_t prologue() {
    LeavePlace = A.size();
    for (unsigned N = 0; N != isa::NumRegs; ++N)
      A.store(true, inState(offsetof(State, R) + 8 * N), Map[N]);
    A.store(true, STATE(Run.Left), Left);
    A.load(true, Asm::RSP, STATE(SavedStack));
    size_t ToEnd = A.jmp();

    HandOverPlace = A.size();
    A.store(false, STATE(Inst), Free);
    A.storeImm(false, STATE(Status), Handover);
    A.patch(A.jmp(), LeavePlace);

    size_t Enter = A.size();
    for (Reg R : Saved)
      A.push(R);
    A.alu(true, Asm::SUB, Asm::RSP, 8); // aligned for calls
    A.mov(true, Free, Asm::RSI);
    A.lea(Base, {Asm::RDI, Asm::RSP, StateDistance});
    A.store(true, STATE(SavedStack), Asm::RSP);
    A.storeImm(false, STATE(Status), Returned);
    reload();
    for (unsigned N = isa::R1; N <= isa::R5; ++N)
      A.load(true, Map[N], inState(offsetof(State, R) + 8 * N));
    A.load(true, Map[isa::R10], inState(offsetof(State, R) + 8 * isa::R10));
    A.rr(false, 0xff, 2, Free);
    A.store(true, STATE(Run.Left), Left);
    A.patch(ToEnd, A.size());
    A.alu(true, Asm::ADD, Asm::RSP, 8);
    for (Reg R : reverse(Saved))
      A.pop(R);
    A.ret();
    return Enter;
  }

  size_t enterFunction(unsigned StackBytes) {
    A.alu(true, Asm::SUB, Asm::RSP, 8);
    size_t Body = A.size();
    if (StackBytes) {
      A.rr(false, 0x0f57, 0, 0); // xorps xmm0, xmm0
      for (int Off = -int(alignTo(StackBytes, 16)); Off; Off += 16)
        A.rm(false, 0x0f11, 0, {Base, Map[isa::R10], Off}); // movups
    }
    return Body;
  }

  void leaveFunction() {
    A.alu(true, Asm::ADD, Asm::RSP, 8);
    A.ret();
  }

  void charge(uint32_t Count) {
    A.alu(true, Asm::SUB, Left, int32_t(Count));
    slow(Asm::B);
  }

  void jumpTo(size_t Place) { A.patch(A.jmp(), Place); }

  void handOver() { Slows.push_back({A.jmp(), Inst, Refund}); }

  void stubs() {
    for (const Pending &J : Jumps)
      A.patch(J.From, Places[J.To]);
    for (size_t N = 0; N != Slows.size(); ++N) {
      const Slow &S = Slows[N];
      A.patch(S.From, A.size());
      // The checks of one instruction share their stub.
      if (N + 1 != Slows.size() && Slows[N + 1].Inst == S.Inst &&
          Slows[N + 1].Refund == S.Refund)
        continue;
      A.alu(true, Asm::ADD, Left, int32_t(S.Refund));
      A.mov(Free, S.Inst);
      A.patch(A.jmp(), HandOverPlace);
    }
  }

  void resolveCalls(const Layout &L) {
    for (const Pending &C : Calls)
      A.patch(C.From, L.Funcs[C.To]);
  }

  void alignLoop() {
    constexpr size_t Line = 32;
    A.nops(unsigned(-A.size() % Line));
  }

  void sum(const Fused &F) {
    Reg Base = Map[F.HasBase ? F.Base : F.Index];
    Asm::Mem At{Base, F.HasBase ? Map[F.Index] : Asm::RSP, F.Disp, F.Scale};
    A.lea(Map[F.Dst], At);
  }

  void rotate(const Fused &F) {
    if (F.Dst != F.Index)
      A.mov(F.Wide, Map[F.Dst], Map[F.Index]);
    A.shift(F.Wide, Asm::ROL, Map[F.Dst], F.Scale);
  }

  void compute(Sem S, bool W, uint8_t Dst, Operand B) {
    Reg D = Map[Dst];
    switch (S) {
    case Sem::MOV:
      if (B.IsReg)
        return A.mov(W, D, Map[B.Reg]);
      return A.mov(D, W ? uint64_t(B.Imm) : uint32_t(B.Imm));
    case Sem::ADD:
      return alu(W, Asm::ADD, D, B);
    case Sem::SUB:
      return alu(W, Asm::SUB, D, B);
    case Sem::OR:
      return alu(W, Asm::OR, D, B);
    case Sem::AND:
      return alu(W, Asm::AND, D, B);
    case Sem::XOR:
      return alu(W, Asm::XOR, D, B);
    case Sem::MUL:
      if (B.IsReg)
        return A.rr(W, 0x0faf, D, Map[B.Reg]);
      A.rr(W, 0x69, D, D);
      return A.dword(uint32_t(B.Imm));
    case Sem::NEG:
      return A.rr(W, 0xf7, 3, D);
    case Sem::LSH:
      return shift(W, Asm::SHL, D, B);
    case Sem::RSH:
      return shift(W, Asm::SHR, D, B);
    case Sem::ARSH:
      return shift(W, Asm::SAR, D, B);
    case Sem::DIV:
    case Sem::SDIV:
      return divide(W, S == Sem::SDIV, false, D, B);
    default:
      return divide(W, S == Sem::SMOD, true, D, B);
    }
  }

  /// Arena::castTo
  void cast(uint8_t Dst, uint8_t Src, uint64_t Base) {
    Reg D = Map[Dst];
    A.mov(false, D, Map[Src]);
    A.test(false, D, D);
    size_t Null = A.skip(Asm::E);
    A.mov(Free, Base);
    A.alu(true, Asm::OR, D, Free);
    A.land(Null);
  }

  void extend(bool W, uint8_t Dst, uint8_t Src, unsigned Bits) {
    if (Bits == 32)
      return A.rr(true, 0x63, Map[Dst], Map[Src]);
    A.rr(W, Bits == 8 ? 0x0fbe : 0x0fbf, Map[Dst], Map[Src], Bits == 8);
  }

  void swap(uint8_t Dst, unsigned Bits, bool Swap) {
    Reg D = Map[Dst];
    if (Bits == 16) {
      if (Swap)
        A.byte(0x66), A.shift(false, Asm::ROL, D, 8);
      A.rr(false, 0x0fb7, D, D);
    } else if (Swap) {
      byteSwap(Bits == 64, D);
    } else if (Bits == 32) {
      A.mov(false, D, D);
    }
  }

  void load(uint8_t Dst, const Access &M, bool Signed, bool) {
    check(M);
    Reg D = Map[Dst];
    Asm::Mem At = memory(M);
    if (U.BigEndian && M.Size > 1)
      return loadSwapped(D, At, M.Size, Signed);
    switch (M.Size) {
    case 1:
      return A.rm(Signed, Signed ? 0x0fbe : 0x0fb6, D, At);
    case 2:
      return A.rm(Signed, Signed ? 0x0fbf : 0x0fb7, D, At);
    case 4:
      return Signed ? A.rm(true, 0x63, D, At) : A.load(false, D, At);
    default:
      return A.load(true, D, At);
    }
  }

  /// Stores of this machine are releases, and its loads acquire.
  void store(const Access &M, Operand B, bool) {
    check(M);
    Asm::Mem At = memory(M);
    if (U.BigEndian && M.Size > 1)
      return storeSwapped(At, M.Size, B);
    if (!B.IsReg) {
      if (M.Size == 2)
        A.byte(0x66);
      A.rm(M.Size == 8, M.Size == 1 ? 0xc6 : 0xc7, 0, At);
      for (unsigned N = 0; N != std::min(M.Size, 4u); ++N)
        A.byte(uint8_t(B.Imm >> (8 * N)));
      return;
    }
    put(At, M.Size, Map[B.Reg]);
  }

  void atomic(Sem S, const Access &M, uint8_t Src) {
    check(M);
    bool W = M.Size == 8;
    Reg R = Map[Src];
    Asm::Mem At = memory(M);
    switch (S) {
    case Sem::ATOMIC_ADD:
      return A.byte(0xf0), A.rm(W, 0x01, R, At);
    case Sem::ATOMIC_OR:
      return A.byte(0xf0), A.rm(W, 0x09, R, At);
    case Sem::ATOMIC_AND:
      return A.byte(0xf0), A.rm(W, 0x21, R, At);
    case Sem::ATOMIC_XOR:
      return A.byte(0xf0), A.rm(W, 0x31, R, At);
    case Sem::FETCH_ADD:
      return A.byte(0xf0), A.rm(W, 0x0fc1, R, At);
    case Sem::XCHG:
      return A.rm(W, 0x87, R, At);
    case Sem::CMPXCHG:
      A.byte(0xf0), A.rm(W, 0x0fb1, R, At);
      // The processor leaves the upper half of rax if it stores.
      if (!W)
        A.mov(false, Asm::RAX, Asm::RAX);
      return;
    default:
      return fetch(S, W, At, R);
    }
  }

  void branch(Sem S, bool W, uint8_t Dst, Operand B, uint32_t To) {
    Reg D = Map[Dst];
    if (S == Sem::JSET) {
      if (B.IsReg)
        A.test(W, D, Map[B.Reg]);
      else
        A.rr(W, 0xf7, 0, D), A.dword(uint32_t(B.Imm));
    } else if (!B.IsReg && B.Imm == 0) {
      A.test(W, D, D);
    } else {
      alu(W, Asm::CMP, D, B);
    }
    jumpIf(condition(S), To);
  }

  void jump(uint32_t To) {
    if (To == Inst + 1)
      return;
    Jumps.push_back({A.jmp(), To});
  }

  void mayGoto(uint32_t To) {
    A.load(true, Free, STATE(Run.Top));
    Asm::Mem Loops = inFrame(Free, offsetof(Frame, Loops));
    A.rm(false, 0x83, Asm::CMP, Loops);
    A.byte(0);
    jumpIf(Asm::E, To);
    A.rm(false, 0x83, Asm::SUB, Loops);
    A.byte(1);
  }

  void helper(uint32_t Id, uint16_t May) {
    for (unsigned N = isa::R1; N <= isa::R5; ++N)
      if (!(May >> N & 1))
        A.mov(Map[N], uint64_t(0));
    A.storeImm(false, STATE(Helper), int32_t(Id));
    service(STATE(CallHelper));
    leaveIf(Asm::NE);
  }

  /// r0 = Elements[*(u32 *)r2], 0 behind the end. Elements without memory yet
  /// are asked for by a call.
  void lookup(const KnownArray &Array, const Access &Key, uint16_t May) {
    check(Key);
    A.load(false, Asm::RAX, memory(Key));
    A.alu(false, Asm::XOR, Free, Free);
    A.alu(false, Asm::CMP, Asm::RAX, int32_t(Array.Size));
    size_t Outside = A.skip(Asm::AE);
    if (Array.Cpus) {
      A.imul(Asm::RAX, Asm::RAX, int32_t(Array.Cpus));
      A.addTo(Asm::RAX, STATE(Cpu));
    }
    A.mov(Free, uint64_t(Array.Addresses));
    A.load(true, Free, {Free, Asm::RAX, 0, 3});
    A.test(true, Free, Free);
    size_t Missing = A.skip(Asm::E);
    A.land(Outside);
    A.mov(true, Asm::RAX, Free);
    size_t Done = A.skip();
    A.land(Missing);
    helper(1, May);
    A.land(Done);
  }

  void tailCall() {
    A.store(true, STATE(Scratch), Map[isa::R1]);
    service(STATE(TailCall));
    A.load(true, Map[isa::R1], STATE(Scratch));
    leaveIf(Asm::NE);
    A.test(true, Asm::RAX, Asm::RAX);
    size_t Through = A.skip(Asm::E);
    A.jmp(Asm::RAX);
    A.land(Through);
  }

  void packetLoad(Operand Offset, int64_t Imm, unsigned Size) {
    Reg To = Map[isa::R1];
    if (Offset.IsReg) {
      A.mov(false, To, Map[Offset.Reg]);
      if (Imm)
        A.alu(false, Asm::ADD, To, int32_t(Imm));
    } else {
      A.mov(To, uint32_t(Imm));
    }
    A.mov(Map[isa::R2], Size);
    service(STATE(LoadPacket));
    size_t Good = A.skip(Asm::E);
    leaveFunction(); // with the 0 that the service gave
    A.land(Good);
  }

  /// Writes into the new frame what only this code knows; CallSite has the
  /// rest.
  void call(uint32_t To, uint16_t Must) {
    const Flow &Callee = U.Flows[To];
    A.load(true, Free, STATE(Run.Top));
    A.rm(true, 0x3b, Free, STATE(Run.Last));
    slow(Asm::AE);
    A.alu(true, Asm::ADD, Free, int32_t(sizeof(Frame)));
    A.storeImm(true, inFrame(Free, offsetof(Frame, Func)),
               int32_t(IsCallSite | uint32_t(Sites.size())));
    Sites.push_back({To, Inst, Must, Callee.Writes});
    if (Callee.CountsLoops)
      A.storeImm(false, inFrame(Free, offsetof(Frame, Loops)), MaxLoops);
    forSaved(Callee, [&](Reg R, Asm::Mem At) { A.store(true, At, R); });
    A.store(true, STATE(Run.Top), Free);
    constexpr size_t Top = offsetof(Frame, StackTop);
    if (Callee.UsesFrame)
      A.load(true, Map[isa::R10], inFrame(Free, Top));
    Calls.push_back({A.call(), To});
    if (!Callee.UsesFrame && !Callee.Writes) {
      A.rm(true, 0x83, Asm::SUB, STATE(Run.Top));
      return A.byte(sizeof(Frame));
    }
    A.load(true, Free, STATE(Run.Top));
    forSaved(Callee, [&](Reg R, Asm::Mem At) { A.load(true, R, At); });
    A.alu(true, Asm::SUB, Free, int32_t(sizeof(Frame)));
    A.store(true, STATE(Run.Top), Free);
    if (Callee.UsesFrame)
      A.load(true, Map[isa::R10], inFrame(Free, Top));
  }

private:
  template <class Callable> void forSaved(const Flow &Callee, Callable Do) {
    for (unsigned N = 0; N != 4; ++N)
      if (Callee.Writes >> (isa::R6 + N) & 1)
        Do(Map[isa::R6 + N], inFrame(Free, offsetof(Frame, Saved) + 8 * N));
  }

  void slow(Asm::Cond C) { Slows.push_back({A.jcc(C), Inst, Refund}); }

  /// Calls C++ with r1 to r5 as they are. The flags tell whether to leave.
  void service(Asm::Mem Pointer) {
    A.storeImm(false, STATE(Inst), int32_t(Inst));
    A.store(true, STATE(Run.Left), Left);
    A.lea(Rights, inState(0)); // the sixth argument
    A.call(Pointer);
    reload();
    A.test(false, Asm::RDX, Asm::RDX);
  }

  void leaveIf(Asm::Cond C) { A.patch(A.jcc(C), LeavePlace); }

  void jumpIf(Asm::Cond C, uint32_t To) {
    size_t Here = A.size();
    if (To <= Inst && Places[To] && Here - Places[To] < 120)
      return A.jccBack(C, Places[To]);
    Jumps.push_back({A.jcc(C), To});
  }

  Asm::Mem memory(const Access &M) { return {Base, Map[M.Base], M.Off}; }

  void check(const Access &M) {
    if (M.CheckBase) {
      A.rm(true, 0x3b, Map[M.Base], STATE(GuestEnd));
      slow(Asm::AE);
    }
    if (M.CheckRights) {
      A.rm(false, 0xf6, 0, {Rights, Map[M.Base], M.Off});
      A.byte(M.Write ? M.Size << 4 : M.Size);
      slow(Asm::E);
    }
  }

  size_t LeavePlace = 0, HandOverPlace = 0;
  std::vector<Pending> Calls;
};

} // namespace

size_t roomFor(const Unit &U) {
  constexpr size_t Fixed = 4096, PerFunction = 512, PerInst = 256;
  size_t Room = Fixed;
  for (const auto &Code : U.Code.Funcs)
    Room += PerFunction + PerInst * Code.size();
  return Room;
}

Layout emitX86(const Unit &U, MutableArrayRef<uint8_t> Room) {
  return X86(U, Room).run();
}

} // namespace bpfcc::jit

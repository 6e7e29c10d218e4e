// The template for AArch64.
//
//     r0        x7       not x0, so that r1 to r5 can be arguments
//     r1 to r5  x0 to x4
//     r6 to r9  x19 to x22
//     r10       x23
//     x24       the host address of guest address 0
//     x25       the rights of guest address 0
//     x26       instructions that may still run
//     x27       State
//     x28       State::GuestEnd
//     x9 to x12 free within one BPF instruction
//
// Division needs no branches here: this machine divides by 0 to 0, and has no
// overflow. Its exclusive loads and stores fault on addresses that are not
// aligned, so such atomics are left to the interpreter.

#include "runtime/jit/Arm64Asm.h"
#include "runtime/jit/Translator.h"

#include "llvm/Support/MathExtras.h"

#include <cstddef>

using namespace llvm;

namespace bpfcc::jit {

namespace {

using Asm = Arm64Asm;
using Reg = Asm::Reg;

constexpr Reg Map[] = {7, 0, 1, 2, 3, 4, 19, 20, 21, 22, 23};
constexpr Reg Base = 24, Rights = 25, Left = 26, StateReg = 27, GuestEnd = 28;
constexpr Reg T0 = 9, T1 = 10, T2 = 11, T3 = 12;

Asm::Cond condition(Sem S) {
  switch (S) {
  case Sem::JEQ:
    return Asm::EQ;
  case Sem::JGT:
    return Asm::HI;
  case Sem::JGE:
    return Asm::HS;
  case Sem::JLT:
    return Asm::LO;
  case Sem::JLE:
    return Asm::LS;
  case Sem::JSGT:
    return Asm::GT;
  case Sem::JSGE:
    return Asm::GE;
  case Sem::JSLT:
    return Asm::LT;
  case Sem::JSLE:
    return Asm::LE;
  default: // JNE, JSET
    return Asm::NE;
  }
}

class Arm64 : public Translator<Arm64> {
public:
  Arm64(const Unit &U, MutableArrayRef<uint8_t> Room)
      : Translator(U), A(Room) {}

  static constexpr bool InlinesLookups = false;

  size_t size() const { return A.size(); }

  size_t prologue() {
    HandOverPlace = A.size();
    A.storeAt(4, T0, StateReg, offsetof(State, Inst));
    A.mov(T0, uint64_t(Handover));
    A.storeAt(4, T0, StateReg, offsetof(State, Status));

    LeavePlace = A.size();
    for (unsigned N = 0; N != isa::NumRegs; ++N)
      A.storeAt(8, Map[N], StateReg, offsetof(State, R) + 8 * N);
    A.loadAt(8, T0, StateReg, offsetof(State, SavedStack));
    A.moveSp(Asm::Sp, T0);
    size_t ToEnd = A.jump();

    size_t Enter = A.size();
    A.pushPair(Asm::Fp, Asm::Link);
    for (Reg R = 19; R != 29; R += 2)
      A.pushPair(R, Reg(R + 1));
    A.mov(true, StateReg, 0);
    A.mov(true, T1, 1);
    A.mov(T0, U.StateDistance);
    A.alu(true, Asm::ADD, Base, StateReg, T0);
    A.moveSp(T0, Asm::Sp);
    A.storeAt(8, T0, StateReg, offsetof(State, SavedStack));
    A.storeAt(4, Asm::Zero, StateReg, offsetof(State, Status));
    A.loadAt(8, Rights, StateReg, offsetof(State, Rights));
    A.loadAt(8, GuestEnd, StateReg, offsetof(State, GuestEnd));
    A.loadAt(8, Left, StateReg, offsetof(State, Run.Left));
    for (unsigned N = isa::R1; N <= isa::R5; ++N)
      A.loadAt(8, Map[N], StateReg, offsetof(State, R) + 8 * N);
    A.loadAt(8, Map[isa::R10], StateReg, offsetof(State, R) + 8 * isa::R10);
    A.call(T1);
    A.mov(true, 0, Map[isa::R0]);
    A.land(ToEnd);
    A.storeAt(8, Left, StateReg, offsetof(State, Run.Left));
    for (Reg R = 27; R >= 19; R -= 2)
      A.popPair(R, Reg(R + 1));
    A.popPair(Asm::Fp, Asm::Link);
    A.ret();
    return Enter;
  }

  size_t enterFunction(unsigned StackBytes) {
    A.pushPair(Asm::Fp, Asm::Link);
    size_t Body = A.size();
    if (StackBytes) {
      A.alu(true, Asm::ADD, T0, Base, Map[isa::R10]);
      for (int Off = -int(alignTo(StackBytes, 16)); Off; Off += 16)
        A.storeZeroes(T0, Off);
    }
    return Body;
  }

  void leaveFunction() {
    A.popPair(Asm::Fp, Asm::Link);
    A.ret();
  }

  void alignLoop() {}

  void charge(uint32_t Count) {
    if (Count < 4096) {
      A.subsImm(true, Left, Left, Count);
    } else {
      A.mov(T0, Count);
      A.alu(true, Asm::SUBS, Left, Left, T0);
    }
    slow(Asm::LO);
  }

  void jumpTo(size_t Place) { A.patch(A.jump(), Place); }
  void handOver() { Slows.push_back({A.jump(), Inst, Refund}); }

  void stubs() {
    for (const Pending &J : Jumps)
      A.patch(J.From, Places[J.To]);
    for (size_t N = 0; N != Slows.size(); ++N) {
      const Slow &S = Slows[N];
      A.land(S.From);
      // The checks of one instruction share their stub.
      if (N + 1 != Slows.size() && Slows[N + 1].Inst == S.Inst &&
          Slows[N + 1].Refund == S.Refund)
        continue;
      A.mov(T0, S.Refund);
      A.alu(true, Asm::ADD, Left, Left, T0);
      A.mov(T0, S.Inst);
      jumpTo(HandOverPlace);
    }
  }

  void resolveCalls(const Layout &L) {
    for (const Pending &C : Calls)
      A.patch(C.From, L.Funcs[C.To]);
  }

  void sum(const Fused &F) {
    Reg D = Map[F.Dst], Index = Map[F.Index];
    if (F.HasBase)
      A.addShifted(D, Map[F.Base], Index, F.Scale);
    if (F.Disp)
      addConstant(true, D, F.HasBase ? D : Index, F.Disp);
    else if (!F.HasBase)
      A.mov(true, D, Index);
  }

  void rotate(const Fused &F) {
    A.rotateRight(F.Wide, Map[F.Dst], Map[F.Index],
                  (F.Wide ? 64 : 32) - F.Scale);
  }

  void compute(Sem S, bool W, uint8_t Dst, Operand B) {
    Reg D = Map[Dst];
    if (!B.IsReg && computeImm(S, W, D, B.Imm))
      return;
    Reg R = operand(B);
    switch (S) {
    case Sem::MOV:
      return A.mov(W, D, R);
    case Sem::ADD:
      return A.alu(W, Asm::ADD, D, D, R);
    case Sem::SUB:
      return A.alu(W, Asm::SUB, D, D, R);
    case Sem::OR:
      return A.alu(W, Asm::ORR, D, D, R);
    case Sem::AND:
      return A.alu(W, Asm::AND, D, D, R);
    case Sem::XOR:
      return A.alu(W, Asm::EOR, D, D, R);
    case Sem::MUL:
      return A.alu(W, Asm::MUL, D, D, R);
    case Sem::NEG:
      return A.alu(W, Asm::SUB, D, Asm::Zero, D);
    case Sem::LSH:
      return A.alu(W, Asm::LSL, D, D, R);
    case Sem::RSH:
      return A.alu(W, Asm::LSR, D, D, R);
    case Sem::ARSH:
      return A.alu(W, Asm::ASR, D, D, R);
    case Sem::DIV:
      return A.alu(W, Asm::UDIV, D, D, R);
    case Sem::SDIV:
      return A.alu(W, Asm::SDIV, D, D, R);
    default: // MOD, SMOD
      A.alu(W, S == Sem::MOD ? Asm::UDIV : Asm::SDIV, T1, D, R);
      return A.msub(W, D, T1, R, D);
    }
  }

  /// Arena::castTo
  void cast(uint8_t Dst, uint8_t Src, uint64_t Base) {
    Reg D = Map[Dst];
    A.mov(false, D, Map[Src]);
    size_t Null = A.jumpIfZero(false, D);
    A.mov(T0, Base);
    A.alu(true, Asm::ORR, D, D, T0);
    A.land(Null);
  }

  void extend(bool W, uint8_t Dst, uint8_t Src, unsigned Bits) {
    A.bits(W, true, Map[Dst], Map[Src], 0, Bits - 1);
  }

  void swap(uint8_t Dst, unsigned Bits, bool Swap) {
    Reg D = Map[Dst];
    if (Swap)
      A.reverse(Bits, D, D);
    if (Bits == 16)
      A.bits(false, false, D, D, 0, 15);
    else if (Bits == 32 && !Swap)
      A.mov(false, D, D);
  }

  void load(uint8_t Dst, const Access &M, bool Signed, bool Acquire) {
    Reg D = Map[Dst], Index = check(M);
    bool Swap = U.BigEndian && M.Size > 1;
    A.load(M.Size, Signed && !Swap, D, Base, Index);
    if (Swap) {
      A.reverse(M.Size * 8, D, D);
      if (M.Size == 2 || Signed)
        A.bits(true, Signed, D, D, 0, M.Size * 8 - 1);
    }
    if (Acquire)
      A.barrier();
  }

  void store(const Access &M, Operand B, bool Release) {
    Reg Index = check(M), R = Asm::Zero;
    if (B.IsReg)
      R = Map[B.Reg];
    else if (B.Imm)
      A.mov(R = T1, uint64_t(B.Imm));
    if (U.BigEndian && M.Size > 1) {
      A.reverse(M.Size * 8, T1, R);
      R = T1;
    }
    if (Release)
      A.barrier();
    A.store(M.Size, R, Base, Index);
  }

  void atomic(Sem S, const Access &M, uint8_t Src) {
    Reg Index = check(M), R = Map[Src];
    bool W = M.Size == 8;
    A.testLow(Index, W ? 3 : 2);
    slow(Asm::NE);
    A.alu(true, Asm::ADD, T0, Base, Index);
    size_t Again = A.size();
    A.loadExclusive(W, T1, T0);
    Reg New = T2;
    size_t Other = 0;
    switch (S) {
    case Sem::ATOMIC_ADD:
    case Sem::FETCH_ADD:
      A.alu(W, Asm::ADD, T2, T1, R);
      break;
    case Sem::ATOMIC_OR:
    case Sem::FETCH_OR:
      A.alu(W, Asm::ORR, T2, T1, R);
      break;
    case Sem::ATOMIC_AND:
    case Sem::FETCH_AND:
      A.alu(W, Asm::AND, T2, T1, R);
      break;
    case Sem::ATOMIC_XOR:
    case Sem::FETCH_XOR:
      A.alu(W, Asm::EOR, T2, T1, R);
      break;
    case Sem::CMPXCHG:
      A.alu(W, Asm::SUBS, Asm::Zero, T1, Map[isa::R0]);
      Other = A.jumpIf(Asm::NE);
      [[fallthrough]];
    default: // XCHG
      New = R;
      break;
    }
    A.storeExclusive(W, T3, New, T0);
    A.patch(A.jumpIfNotZero(false, T3), Again);
    if (S == Sem::CMPXCHG) {
      A.land(Other);
      A.mov(true, Map[isa::R0], T1);
    } else if (S >= Sem::FETCH_ADD) {
      A.mov(true, R, T1);
    }
  }

  void branch(Sem S, bool W, uint8_t Dst, Operand B, uint32_t To) {
    Reg D = Map[Dst];
    if (S == Sem::JSET)
      A.alu(W, Asm::ANDS, Asm::Zero, D, operand(B));
    else if (!B.IsReg && B.Imm >= 0 && B.Imm < 4096)
      A.subsImm(W, Asm::Zero, D, uint32_t(B.Imm));
    else
      A.alu(W, Asm::SUBS, Asm::Zero, D, operand(B));
    Jumps.push_back({A.jumpIf(condition(S)), To});
  }

  void jump(uint32_t To) {
    if (To != Inst + 1)
      Jumps.push_back({A.jump(), To});
  }

  void mayGoto(uint32_t To) {
    A.loadAt(8, T0, StateReg, offsetof(State, Run.Top));
    A.loadAt(4, T1, T0, offsetof(Frame, Loops));
    Jumps.push_back({A.jumpIfZero(false, T1), To});
    A.addImm(false, T1, T1, -1);
    A.storeAt(4, T1, T0, offsetof(Frame, Loops));
  }

  void helper(uint32_t Id, uint16_t May) {
    for (unsigned N = isa::R1; N <= isa::R5; ++N)
      if (!(May >> N & 1))
        A.mov(Map[N], uint64_t(0));
    A.mov(T0, Id);
    A.storeAt(8, T0, StateReg, offsetof(State, Helper));
    service(offsetof(State, CallHelper));
    A.mov(true, Map[isa::R0], 0);
    leaveIfAsked();
  }

  void tailCall() {
    A.storeAt(8, Map[isa::R1], StateReg, offsetof(State, Scratch));
    service(offsetof(State, TailCall));
    A.mov(true, T0, 0);
    A.loadAt(8, Map[isa::R1], StateReg, offsetof(State, Scratch));
    leaveIfAsked();
    size_t Through = A.jumpIfZero(true, T0);
    A.jump(T0);
    A.land(Through);
  }

  void packetLoad(Operand Offset, int64_t Imm, unsigned Size) {
    Reg To = Map[isa::R1];
    if (Offset.IsReg)
      addConstant(false, To, Map[Offset.Reg], int32_t(Imm));
    else
      A.mov(To, uint32_t(Imm));
    A.mov(Map[isa::R2], uint64_t(Size));
    service(offsetof(State, LoadPacket));
    A.mov(true, Map[isa::R0], 0);
    size_t Good = A.jumpIfZero(true, 1);
    leaveFunction(); // with the 0 that the service gave
    A.land(Good);
  }

  void call(uint32_t To, uint16_t Must) {
    A.loadAt(8, T0, StateReg, offsetof(State, Run.Top));
    A.loadAt(8, T1, StateReg, offsetof(State, Run.Last));
    A.alu(true, Asm::SUBS, Asm::Zero, T0, T1);
    slow(Asm::HS);
    A.addImm(true, T0, T0, int32_t(sizeof(Frame)));
    auto Put = [&](unsigned Size, uint32_t V, size_t Offset) {
      A.mov(T1, uint64_t(V));
      A.storeAt(Size, T1, T0, Offset);
    };
    Put(4, To, offsetof(Frame, Func));
    Put(4, Inst, offsetof(Frame, Return));
    Put(4, MaxLoops, offsetof(Frame, Loops));
    constexpr uint32_t AllSaved = 0x3c0;
    Put(4, Must | AllSaved << 16, offsetof(Frame, CallerInit));
    for (unsigned N = 0; N != 5; ++N)
      A.storeAt(8, Map[isa::R6 + N], T0, offsetof(Frame, Saved) + 8 * N);
    A.storeAt(8, T0, StateReg, offsetof(State, Run.Top));
    A.loadAt(8, Map[isa::R10], T0, offsetof(Frame, StackTop));
    Calls.push_back({A.call(), To});
    A.loadAt(8, T0, StateReg, offsetof(State, Run.Top));
    for (unsigned N = 0; N != 5; ++N)
      if (N == 4 || (U.Flows[To].Writes >> (isa::R6 + N) & 1))
        A.loadAt(8, Map[isa::R6 + N], T0, offsetof(Frame, Saved) + 8 * N);
    A.addImm(true, T0, T0, -int32_t(sizeof(Frame)));
    A.storeAt(8, T0, StateReg, offsetof(State, Run.Top));
  }

private:
  void slow(Asm::Cond C) { Slows.push_back({A.jumpIf(C), Inst, Refund}); }

  /// Calls C++ with r1 to r5 as they are. The answer is in x0 and x1.
  void service(size_t Pointer) {
    A.mov(T0, uint64_t(Inst));
    A.storeAt(4, T0, StateReg, offsetof(State, Inst));
    A.storeAt(8, Left, StateReg, offsetof(State, Run.Left));
    A.mov(true, 5, StateReg); // the sixth argument
    A.loadAt(8, T0, StateReg, Pointer);
    A.call(T0);
    A.loadAt(8, Left, StateReg, offsetof(State, Run.Left));
  }

  void leaveIfAsked() {
    size_t GoOn = A.jumpIfZero(true, 1);
    jumpTo(LeavePlace);
    A.land(GoOn);
  }

  Reg operand(Operand B) {
    if (B.IsReg)
      return Map[B.Reg];
    A.mov(T0, uint64_t(B.Imm));
    return T0;
  }

  void addConstant(bool W, Reg D, Reg R, int32_t V) {
    if (V > -4096 && V < 4096)
      return A.addImm(W, D, R, V);
    A.mov(T0, uint64_t(int64_t(V)));
    A.alu(W, Asm::ADD, D, R, T0);
  }

  /// The forms that need no register for the constant.
  bool computeImm(Sem S, bool W, Reg D, int64_t Imm) {
    unsigned Last = W ? 63 : 31, Count = unsigned(Imm) & Last;
    switch (S) {
    case Sem::MOV:
      A.mov(D, W ? uint64_t(Imm) : uint32_t(Imm));
      return true;
    case Sem::ADD:
      addConstant(W, D, D, int32_t(Imm));
      return true;
    case Sem::LSH:
      A.shiftLeft(W, D, D, Count);
      return true;
    case Sem::RSH:
    case Sem::ARSH:
      A.bits(W, S == Sem::ARSH, D, D, Count, Last);
      return true;
    default:
      return false;
    }
  }

  /// Checks the access; gives the register that holds its guest address.
  Reg check(const Access &M) {
    Reg Index = Map[M.Base];
    if (M.CheckBase) {
      A.alu(true, Asm::SUBS, Asm::Zero, Index, GuestEnd);
      slow(Asm::HS);
    }
    if (M.Off) {
      addConstant(true, T0, Index, M.Off);
      Index = T0;
    }
    if (M.CheckRights) {
      A.load(1, false, T1, Rights, Index);
      A.testBit(T1, Log2_32(M.Size) + (M.Write ? 4 : 0));
      slow(Asm::EQ);
    }
    return Index;
  }

  Asm A;
  size_t LeavePlace = 0, HandOverPlace = 0;
  std::vector<Pending> Calls;
};

} // namespace

Layout emitArm64(const Unit &U, MutableArrayRef<uint8_t> Room) {
  return Arm64(U, Room).run();
}

} // namespace bpfcc::jit

// What takes several instructions of x86-64, over the registers that X86.cpp
// gives to BPF's: division, shifts by a register, swapped bytes, atomics that
// return what was there.
//
//   r0 /= r1  ->  mov r11, rdi; test r11, r11; jnz; xor eax, eax; jmp; ...
//
// Needs and gives values in the registers of Map; uses r9, r10 and r11, and
// puts back the first two.
#ifndef BPFCC_RUNTIME_JIT_X86SEQUENCES_H
#define BPFCC_RUNTIME_JIT_X86SEQUENCES_H

#include "runtime/jit/Translator.h"
#include "runtime/jit/X86Asm.h"

#include <cstddef>

namespace bpfcc::jit {

#define STATE(Field) inState(offsetof(State, Field))

class X86Sequences {
protected:
  using Asm = X86Asm;
  using Reg = Asm::Reg;

  static constexpr Reg Map[] = {Asm::RAX, Asm::RDI, Asm::RSI, Asm::RDX,
                                Asm::RCX, Asm::R8,  Asm::RBX, Asm::R13,
                                Asm::R14, Asm::R15, Asm::RBP};
  static constexpr Reg Base = Asm::R12, Rights = Asm::R9, Left = Asm::R10,
                       Free = Asm::R11;
  static constexpr Reg Saved[] = {Asm::RBX, Asm::RBP, Asm::R12,
                                  Asm::R13, Asm::R14, Asm::R15};

  Asm::Mem inState(size_t Offset) const {
    return {Base, Asm::RSP, int32_t(Offset) - StateDistance};
  }
  static constexpr Asm::Mem inFrame(Reg Frame, size_t Offset) {
    return {Frame, Asm::RSP, int32_t(Offset)};
  }

  static Asm::Cond condition(Sem S) {
    switch (S) {
    case Sem::JEQ:
      return Asm::E;
    case Sem::JGT:
      return Asm::A;
    case Sem::JGE:
      return Asm::AE;
    case Sem::JLT:
      return Asm::B;
    case Sem::JLE:
      return Asm::BE;
    case Sem::JSGT:
      return Asm::G;
    case Sem::JSGE:
      return Asm::GE;
    case Sem::JSLT:
      return Asm::L;
    case Sem::JSLE:
      return Asm::LE;
    default: // JNE, JSET
      return Asm::NE;
    }
  }

  X86Sequences(llvm::MutableArrayRef<uint8_t> Room, const Unit &U)
      : A(Room), FreeShifts(U.FreeShifts),
        StateDistance(int32_t(U.StateDistance)) {}

  void reload() {
    A.load(true, Rights, STATE(Rights));
    A.load(true, Left, STATE(Run.Left));
  }

  void alu(bool W, Asm::Alu Op, Reg D, Operand B) {
    if (B.IsReg)
      A.alu(W, Op, D, Map[B.Reg]);
    else
      A.alu(W, Op, D, int32_t(B.Imm));
  }

  void shift(bool W, Asm::Shift Op, Reg D, Operand B) {
    if (!B.IsReg) {
      unsigned Count = unsigned(B.Imm) & (W ? 63 : 31);
      if (Count)
        A.shift(W, Op, D, Count);
      else if (!W)
        A.mov(false, D, D);
      return;
    }
    Reg Count = Map[B.Reg];
    if (FreeShifts)
      return A.shiftx(W, Op, D, D, Count);
    if (Count == Asm::RCX)
      return A.rr(W, 0xd3, Op, D);
    Reg On = D == Asm::RCX ? Free : D;
    A.mov(true, Free, Asm::RCX);
    A.mov(true, Asm::RCX, Count);
    A.rr(W, 0xd3, Op, On);
    A.mov(true, Asm::RCX, Free);
  }

  /// The divisor goes to r11, what stood in rax and rdx to State and r9.
  void divide(bool W, bool Signed, bool Rest, Reg D, Operand B) {
    if (B.IsReg)
      A.mov(W, Free, Map[B.Reg]);
    else
      A.mov(Free, W ? uint64_t(B.Imm) : uint32_t(B.Imm));
    std::vector<size_t> Done;
    if (B.IsReg || B.Imm == 0) {
      A.test(W, Free, Free);
      size_t NotZero = A.skip(Asm::NE);
      if (!Rest)
        A.alu(false, Asm::XOR, D, D);
      else if (!W)
        A.mov(false, D, D);
      Done.push_back(A.skip());
      A.land(NotZero);
    }
    if (Signed && (B.IsReg || B.Imm == -1)) {
      A.alu(W, Asm::CMP, Free, -1);
      size_t Other = A.skip(Asm::NE);
      Rest ? A.alu(false, Asm::XOR, D, D) : A.rr(W, 0xf7, 3, D);
      Done.push_back(A.skip());
      A.land(Other);
    }
    if (D != Asm::RAX)
      A.mov(true, Rights, Asm::RAX);
    if (D != Asm::RDX)
      A.store(true, STATE(Scratch), Asm::RDX);
    A.mov(W, Asm::RAX, D);
    if (Signed)
      A.plain(W, 0x99); // cdq, cqo
    else
      A.alu(false, Asm::XOR, Asm::RDX, Asm::RDX);
    A.rr(W, 0xf7, Signed ? 7 : 6, Free);
    A.mov(W, Free, Rest ? Asm::RDX : Asm::RAX);
    if (D != Asm::RDX)
      A.load(true, Asm::RDX, STATE(Scratch));
    if (D != Asm::RAX) {
      A.mov(true, Asm::RAX, Rights);
      A.load(true, Rights, STATE(Rights));
    }
    A.mov(true, D, Free);
    for (size_t From : Done)
      A.land(From);
  }

  void byteSwap(bool W, Reg D) { A.plain(W, 0x0fc8, D); }

  void loadSwapped(Reg D, Asm::Mem At, unsigned Size, bool Signed) {
    if (Size == 2) {
      A.rm(false, 0x0fb7, D, At);
      A.byte(0x66), A.shift(false, Asm::ROL, D, 8);
      if (Signed)
        A.rr(true, 0x0fbf, D, D);
      return;
    }
    A.load(Size == 8, D, At);
    byteSwap(Size == 8, D);
    if (Signed)
      A.rr(true, 0x63, D, D);
  }

  void storeSwapped(Asm::Mem At, unsigned Size, Operand B) {
    if (B.IsReg)
      A.mov(true, Free, Map[B.Reg]);
    else
      A.mov(Free, uint64_t(B.Imm));
    if (Size == 2)
      A.byte(0x66), A.shift(false, Asm::ROL, Free, 8);
    else
      byteSwap(Size == 8, Free);
    put(At, Size, Free);
  }

  void put(Asm::Mem At, unsigned Size, Reg R) {
    if (Size == 2)
      A.byte(0x66);
    A.rm(Size == 8, Size == 1 ? 0x88 : 0x89, R, At, Size == 1);
  }

  /// src = *At, *At = src Op src: tries until nobody came between.
  void fetch(Sem S, bool W, Asm::Mem At, Reg R) {
    Asm::Alu Op = S == Sem::FETCH_OR    ? Asm::OR
                  : S == Sem::FETCH_AND ? Asm::AND
                                        : Asm::XOR;
    A.store(true, STATE(Scratch), Asm::RAX);
    A.store(true, STATE(Run.Left), Left);
    A.lea(Free, At);
    A.mov(true, Rights, R);
    A.load(W, Asm::RAX, {Free, Asm::RSP, 0});
    size_t Again = A.size();
    A.mov(W, Left, Asm::RAX);
    A.alu(W, Op, Left, Rights);
    A.byte(0xf0), A.rm(W, 0x0fb1, Left, {Free, Asm::RSP, 0});
    A.jccBack(Asm::NE, Again);
    A.mov(W, Rights, Asm::RAX);
    A.load(true, Asm::RAX, STATE(Scratch));
    A.mov(true, R, Rights);
    reload();
  }

  Asm A;
  bool FreeShifts;       ///< the machine shifts by any register (BMI2)
  int32_t StateDistance; ///< from guest address 0 down
};

} // namespace bpfcc::jit

#endif

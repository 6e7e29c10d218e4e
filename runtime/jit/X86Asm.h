#ifndef BPFCC_RUNTIME_JIT_X86ASM_H
#define BPFCC_RUNTIME_JIT_X86ASM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Endian.h"

#include <algorithm>
#include <cstdint>

namespace bpfcc::jit {

/// Writes x86-64 instructions one behind the other. Names are Intel's; `W` in
/// front says whether the operation is of 64 or 32 bits.
class X86Asm {
public:
  enum Reg : uint8_t {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15
  };
  /// The numbers of the operations of two operands, as in opcode 81 /n.
  enum Alu : uint8_t { ADD, OR, ADC, SBB, AND, SUB, XOR, CMP };
  /// As in opcode C1 /n.
  enum Shift : uint8_t { ROL, ROR, SHL = 4, SHR, SAR = 7 };
  enum Cond : uint8_t { B = 2, AE, E, NE, BE, A, L = 12, GE, LE, G };
  /// [Base + (Index << Scale) + Disp]; Index RSP for none.
  struct Mem {
    Reg Base;
    Reg Index;
    int32_t Disp;
    uint8_t Scale = 0;
  };

  explicit X86Asm(llvm::MutableArrayRef<uint8_t> Room)
      : Start(Room.data()), At(Room.data()) {}
  size_t size() const { return size_t(At - Start); }

  void byte(unsigned V) { *At++ = uint8_t(V); }
  void dword(uint32_t V) {
    llvm::support::endian::write32le(At, V);
    At += 4;
  }
  void qword(uint64_t V) {
    llvm::support::endian::write64le(At, V);
    At += 8;
  }

  /// \p Opcode with register operands: ModRM.reg \p R, ModRM.rm \p M.
  void rr(bool W, unsigned Opcode, unsigned R, unsigned M, bool Byte = false) {
    rex(W, R, 0, M, Byte && (M >= 4 || R >= 4));
    opcode(Opcode);
    byte(0xc0 | (R & 7) << 3 | (M & 7));
  }
  void rm(bool W, unsigned Opcode, unsigned R, Mem M, bool Byte = false) {
    rex(W, R, M.Index == RSP ? 0 : M.Index, M.Base, Byte && R >= 4);
    opcode(Opcode);
    bool Short = M.Disp >= -128 && M.Disp < 128;
    bool None = M.Disp == 0 && (M.Base & 7) != RBP;
    byte((None ? 0x04 : Short ? 0x44 : 0x84) | (R & 7) << 3);
    byte(M.Scale << 6 | (M.Index & 7) << 3 | (M.Base & 7));
    if (!None)
      Short ? byte(uint8_t(M.Disp)) : dword(uint32_t(M.Disp));
  }
  void alu(bool W, Alu Op, Reg D, Reg S) { rr(W, unsigned(Op) << 3 | 1, S, D); }
  void alu(bool W, Alu Op, Reg D, int32_t V) {
    bool Short = V >= -128 && V < 128;
    rr(W, Short ? 0x83 : 0x81, Op, D);
    Short ? byte(uint8_t(V)) : dword(uint32_t(V));
  }
  void imul(Reg D, Reg S, int32_t V) {
    rr(false, 0x69, D, S);
    dword(uint32_t(V));
  }
  void mov(bool W, Reg D, Reg S) { rr(W, 0x89, S, D); }
  /// Any constant in the shortest form.
  void mov(Reg D, uint64_t V) {
    if (V == 0)
      return alu(false, XOR, D, D);
    if (V <= UINT32_MAX) {
      rex(false, 0, 0, D, false);
      byte(0xb8 | (D & 7));
      return dword(uint32_t(V));
    }
    if (int64_t(V) == int32_t(V)) {
      rr(true, 0xc7, 0, D);
      return dword(uint32_t(V));
    }
    rex(true, 0, 0, D, false);
    byte(0xb8 | (D & 7));
    qword(V);
  }
  void shift(bool W, Shift Op, Reg D, unsigned Count) {
    rr(W, 0xc1, Op, D);
    byte(Count);
  }
  void test(bool W, Reg A, Reg B) { rr(W, 0x85, B, A); }
  void load(bool W, Reg D, Mem M) { rm(W, 0x8b, D, M); }
  void store(bool W, Mem M, Reg S) { rm(W, 0x89, S, M); }
  void addTo(Reg D, Mem M) { rm(false, 0x03, D, M); }
  void storeImm(bool W, Mem M, int32_t V) {
    rm(W, 0xc7, 0, M);
    dword(uint32_t(V));
  }
  void lea(Reg D, Mem M) { rm(true, 0x8d, D, M); }
  void push(Reg R) { rex(false, 0, 0, R, false), byte(0x50 | (R & 7)); }
  void pop(Reg R) { rex(false, 0, 0, R, false), byte(0x58 | (R & 7)); }
  /// \p Count bytes that do nothing, in few instructions.
  void nops(unsigned Count) {
    for (unsigned Size; Count; Count -= Size) {
      Size = std::min(Count, 8u);
      if (Size < 3) {
        for (unsigned N = 1; N != Size; ++N)
          byte(0x66);
        byte(0x90);
        continue;
      }
      // nop [rax], with a distance of 0, 1 or 4 bytes and an index.
      static constexpr uint8_t Longer[6][8] = {
          {0x0f, 0x1f, 0x00},
          {0x0f, 0x1f, 0x40, 0},
          {0x0f, 0x1f, 0x44, 0, 0},
          {0x66, 0x0f, 0x1f, 0x44, 0, 0},
          {0x0f, 0x1f, 0x80, 0, 0, 0, 0},
          {0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0}};
      for (unsigned N = 0; N != Size; ++N)
        byte(Longer[Size - 3][N]);
    }
  }
  void ret() { byte(0xc3); }
  /// An instruction without operands, or one whose opcode holds \p R.
  void plain(bool W, unsigned Opcode, unsigned R = 0) {
    rex(W, 0, 0, R, false);
    opcode(Opcode | (R & 7));
  }
  /// Jumps and calls give the place of their distance, for patch().
  size_t jcc(Cond C) { return byte(0x0f), byte(0x80 | C), distance(); }
  size_t jmp() { return byte(0xe9), distance(); }
  size_t call() { return byte(0xe8), distance(); }
  void jmp(Reg R) { rr(false, 0xff, 4, R); }
  void call(Mem M) { rm(false, 0xff, 2, M); }
  /// A jump over the next instructions, to land().
  size_t skip(Cond C) { return byte(0x70 | C), byte(0), size(); }
  size_t skip() { return byte(0xeb), byte(0), size(); }
  void land(size_t From) { Start[From - 1] = uint8_t(size() - From); }
  /// A jump back to \p To, which is near.
  void jccBack(Cond C, size_t To) {
    byte(0x70 | C);
    byte(uint8_t(To - (size() + 1)));
  }
  void patch(size_t From, size_t To) {
    llvm::support::endian::write32le(Start + From, uint32_t(To - (From + 4)));
  }
  /// VEX.66/F2/F3.0F38.W0/1 F7: SHLX, SHRX, SARX by register.
  void shiftx(bool W, Shift Op, Reg D, Reg S, Reg Count) {
    unsigned Prefix = Op == SHL ? 1 : Op == SAR ? 2 : 3;
    byte(0xc4);
    byte((D < 8 ? 0x80 : 0) | 0x40 | (S < 8 ? 0x20 : 0) | 2);
    byte((W ? 0x80 : 0) | (~Count & 15) << 3 | Prefix);
    byte(0xf7);
    byte(0xc0 | (D & 7) << 3 | (S & 7));
  }

private:
  void rex(bool W, unsigned R, unsigned X, unsigned B, bool Force) {
    unsigned V = (W ? 8 : 0) | (R & 8) >> 1 | (X & 8) >> 2 | (B & 8) >> 3;
    if (V || Force)
      byte(0x40 | V);
  }
  void opcode(unsigned Opcode) {
    if (Opcode > 0xff)
      byte(Opcode >> 8);
    byte(Opcode);
  }
  size_t distance() {
    dword(0);
    return size() - 4;
  }

  uint8_t *Start, *At;
};

} // namespace bpfcc::jit

#endif

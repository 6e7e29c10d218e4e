#ifndef BPFCC_RUNTIME_JIT_ARM64ASM_H
#define BPFCC_RUNTIME_JIT_ARM64ASM_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Endian.h"

#include <cstdint>

namespace bpfcc::jit {

/// Writes A64 instructions one behind the other. `W` says whether an operation
/// is of 64 or 32 bits.
class Arm64Asm {
public:
  using Reg = uint8_t;
  static constexpr Reg Zero = 31, Sp = 31, Fp = 29, Link = 30;

  /// Operations of two registers: the opcode for 32 bits.
  enum Alu : uint32_t {
    ADD = 0x0b000000,
    SUB = 0x4b000000,
    SUBS = 0x6b000000,
    AND = 0x0a000000,
    ANDS = 0x6a000000,
    ORR = 0x2a000000,
    EOR = 0x4a000000,
    UDIV = 0x1ac00800,
    SDIV = 0x1ac00c00,
    LSL = 0x1ac02000,
    LSR = 0x1ac02400,
    ASR = 0x1ac02800,
    MUL = 0x1b007c00
  };
  enum Cond : uint8_t { EQ, NE, HS, LO, HI = 8, LS, GE, LT, GT, LE };

  explicit Arm64Asm(llvm::MutableArrayRef<uint8_t> Room)
      : Start(Room.data()), At(Room.data()) {}
  size_t size() const { return size_t(At - Start); }

  void word(uint32_t V) {
    llvm::support::endian::write32le(At, V);
    At += 4;
  }
  void alu(bool W, Alu Op, Reg D, Reg A, Reg B) {
    word(wide(W) | Op | uint32_t(B) << 16 | uint32_t(A) << 5 | D);
  }
  /// D = A + (B << Count)
  void addShifted(Reg D, Reg A, Reg B, unsigned Count) {
    word(wide(true) | ADD | uint32_t(B) << 16 | Count << 10 | uint32_t(A) << 5 |
         D);
  }
  /// D = C - A * B
  void msub(bool W, Reg D, Reg A, Reg B, Reg C) {
    word(wide(W) | 0x1b008000 | uint32_t(B) << 16 | uint32_t(C) << 10 |
         uint32_t(A) << 5 | D);
  }
  /// D = A + V, -4096 < V < 4096.
  void addImm(bool W, Reg D, Reg A, int32_t V) {
    uint32_t Op = V < 0 ? 0x51000000 : 0x11000000;
    word(wide(W) | Op | uint32_t(V < 0 ? -V : V) << 10 | uint32_t(A) << 5 | D);
  }
  /// Flags of A - V, 0 <= V < 4096; the difference goes to D.
  void subsImm(bool W, Reg D, Reg A, uint32_t V) {
    word(wide(W) | 0x71000000 | V << 10 | uint32_t(A) << 5 | D);
  }
  /// Flags of A & (1 << Bit).
  void testBit(Reg A, unsigned Bit) {
    word(0x72000000 | (32 - Bit) % 32 << 16 | uint32_t(A) << 5 | Zero);
  }
  /// Flags of the lowest \p Count bits of A.
  void testLow(Reg A, unsigned Count) {
    word(0x72000000 | (Count - 1) << 10 | uint32_t(A) << 5 | Zero);
  }
  void mov(bool W, Reg D, Reg S) { alu(W, ORR, D, Zero, S); }
  /// Any constant.
  void mov(Reg D, uint64_t V) {
    bool Ones = (V >> 32) == UINT32_MAX;
    uint64_t Rest = Ones ? ~V : V;
    word(wide(true) | (Ones ? 0x12800000 : 0x52800000) |
         uint32_t(Rest & 0xffff) << 5 | D);
    for (unsigned Part = 1; Part != 4; ++Part)
      if (Rest >> (16 * Part) & 0xffff)
        word(wide(true) | 0x72800000 | Part << 21 |
             uint32_t(V >> (16 * Part) & 0xffff) << 5 | D);
  }
  /// Bits \p From to \p To of S to the lowest of D (UBFM, SBFM).
  void bits(bool W, bool Signed, Reg D, Reg S, unsigned From, unsigned To) {
    uint32_t Op = Signed ? 0x13000000 : 0x53000000;
    word(wide(W) | (W ? 0x00400000 : 0) | Op | From << 16 | To << 10 |
         uint32_t(S) << 5 | D);
  }
  void shiftLeft(bool W, Reg D, Reg S, unsigned Count) {
    unsigned Bits = W ? 64 : 32;
    bits(W, false, D, S, (Bits - Count) % Bits, Bits - 1 - Count);
  }
  void rotateRight(bool W, Reg D, Reg S, unsigned Count) {
    word(wide(W) | (W ? 0x00400000 : 0) | 0x13800000 | uint32_t(S) << 16 |
         Count << 10 | uint32_t(S) << 5 | D);
  }
  void reverse(unsigned Bits, Reg D, Reg S) {
    uint32_t Op = Bits == 64   ? 0xdac00c00
                  : Bits == 32 ? 0x5ac00800
                               : 0x5ac00400;
    word(Op | uint32_t(S) << 5 | D);
  }

  /// [Base + Index]
  void load(unsigned Size, bool Signed, Reg D, Reg Base, Reg Index) {
    indexed(Size, Signed ? 0x00a06800 : 0x00606800, D, Base, Index);
  }
  void store(unsigned Size, Reg S, Reg Base, Reg Index) {
    indexed(Size, 0x00206800, S, Base, Index);
  }
  /// [Base + Offset]; Offset is a multiple of Size.
  void loadAt(unsigned Size, Reg D, Reg Base, size_t Offset) {
    placed(Size, 0x39400000, D, Base, Offset);
  }
  void storeAt(unsigned Size, Reg S, Reg Base, size_t Offset) {
    placed(Size, 0x39000000, S, Base, Offset);
  }
  void pushPair(Reg A, Reg B) { word(0xa9bf03e0 | uint32_t(B) << 10 | A); }
  void popPair(Reg A, Reg B) { word(0xa8c103e0 | uint32_t(B) << 10 | A); }
  /// 16 zero bytes at Base + Offset, -512 <= Offset.
  void storeZeroes(Reg Base, int Offset) {
    word(0xa9007c1f | (uint32_t(Offset / 8) & 0x7f) << 15 |
         uint32_t(Base) << 5);
  }
  void moveSp(Reg D, Reg S) { word(0x91000000 | uint32_t(S) << 5 | D); }

  void loadExclusive(bool W, Reg D, Reg Address) {
    word((W ? 0xc85ffc00 : 0x885ffc00) | uint32_t(Address) << 5 | D);
  }
  /// \p Failed gets 0 if nobody else came first.
  void storeExclusive(bool W, Reg Failed, Reg S, Reg Address) {
    word((W ? 0xc800fc00 : 0x8800fc00) | uint32_t(Failed) << 16 |
         uint32_t(Address) << 5 | S);
  }
  void barrier() { word(0xd5033bbf); }

  /// Jumps give their place, for patch().
  size_t jump() { return word(0x14000000), size() - 4; }
  size_t call() { return word(0x94000000), size() - 4; }
  size_t jumpIf(Cond C) { return word(0x54000000 | C), size() - 4; }
  size_t jumpIfZero(bool W, Reg R) {
    return word(wide(W) | 0x34000000 | R), size() - 4;
  }
  size_t jumpIfNotZero(bool W, Reg R) {
    return word(wide(W) | 0x35000000 | R), size() - 4;
  }
  void jump(Reg R) { word(0xd61f0000 | uint32_t(R) << 5); }
  void call(Reg R) { word(0xd63f0000 | uint32_t(R) << 5); }
  void ret() { word(0xd65f03c0); }
  void patch(size_t From, size_t To) {
    uint8_t *Where = Start + From;
    uint32_t Old = llvm::support::endian::read32le(Where);
    int64_t Words = (int64_t(To) - int64_t(From)) / 4;
    bool Far = (Old & 0x7c000000) == 0x14000000;
    uint32_t Distance =
        Far ? uint32_t(Words) & 0x3ffffff : (uint32_t(Words) & 0x7ffff) << 5;
    llvm::support::endian::write32le(Where, Old | Distance);
  }
  void land(size_t From) { patch(From, size()); }

private:
  static uint32_t wide(bool W) { return W ? 0x80000000 : 0; }
  static unsigned log(unsigned Size) {
    return Size == 8 ? 3 : Size == 4 ? 2 : Size / 2;
  }
  void indexed(unsigned Size, uint32_t Op, Reg R, Reg Base, Reg Index) {
    word(log(Size) << 30 | 0x38000000 | Op | uint32_t(Index) << 16 |
         uint32_t(Base) << 5 | R);
  }
  void placed(unsigned Size, uint32_t Op, Reg R, Reg Base, size_t Offset) {
    word(log(Size) << 30 | Op | uint32_t(Offset / Size) << 10 |
         uint32_t(Base) << 5 | R);
  }

  uint8_t *Start, *At;
};

} // namespace bpfcc::jit

#endif

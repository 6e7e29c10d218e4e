#ifndef BPFCC_RUNTIME_INTERP_SEMANTICS_H
#define BPFCC_RUNTIME_INTERP_SEMANTICS_H

// What each instruction does, for the loops that execute them.
//
// A row of isa.def picks a DO_ macro by its Sem; its opcode byte gives the
// width, its Form where the second operand stands. So `w1 += r2` is ADD32_RR
// -> DO_ADD(0x0c, RR): the class bits 0x04 make the operands uint32_t, and the
// result is zero-extended.
//
// What RFC 9669 leaves open, this does: division by zero gives 0 and modulo
// the dividend; may_goto leaves after BPF_MAX_LOOPS rounds of its frame.
//
// A loop has the registers R, the instruction PC, and macros of its own for
// what differs: NEXT and JUMP go on, POINTER checks an access and names it
// Host, AFTER_PACKET notes what packet loads do to registers; it defines the
// DO_ macros of calls, and of what it does not execute.

#include "backend/isa/Encoding.h"
#include "backend/isa/Sem.h"
#include "runtime/interp/Machine.h"
#include "runtime/memory/Shared.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <atomic>

namespace bpfcc::semantics {

using isa::Form;
using isa::Op;

template <unsigned Opcode>
using Word = std::conditional_t<isa::is64(Opcode), uint64_t, uint32_t>;

template <class T> T divide(T A, T B) { return B ? A / B : 0; }
template <class T> T modulo(T A, T B) { return B ? A % B : A; }
template <class T> T signedDivide(T A, T B) {
  using S = std::make_signed_t<T>;
  if (B == T(-1))
    return T(0) - A;
  return B ? T(S(A) / S(B)) : 0;
}
template <class T> T signedModulo(T A, T B) {
  using S = std::make_signed_t<T>;
  if (B == T(-1))
    return 0;
  return B ? T(S(A) % S(B)) : A;
}
template <class T> auto toSigned(T A) { return std::make_signed_t<T>(A); }
template <class T> T shiftMask(T B) { return B & (sizeof(T) * 8 - 1); }

inline uint64_t truncate(uint64_t V, int Bits) {
  return Bits == 64 ? V : V & ((1ull << Bits) - 1);
}
inline uint64_t swapBytes(uint64_t V, int Bits) {
  return llvm::byteswap(V) >> (64 - Bits);
}
inline uint64_t signExtend(uint64_t V, int Bits) {
  return uint64_t(llvm::SignExtend64(V, unsigned(Bits)));
}

template <unsigned Size>
using Bytes = std::conditional_t<
    Size == 1, uint8_t,
    std::conditional_t<Size == 2, uint16_t,
                       std::conditional_t<Size == 4, uint32_t, uint64_t>>>;
/// To and from the guest's byte order.
template <bool BigEndian, class T> T ordered(T V) {
  return llvm::support::endian::byte_swap(
      V, BigEndian ? llvm::endianness::big : llvm::endianness::little);
}

template <unsigned Size, bool BigEndian>
BPFCC_MAY_RACE uint64_t get(const uint8_t *P) {
  Bytes<Size> V;
  memcpy(&V, P, Size);
  return ordered<BigEndian>(V);
}
template <unsigned Size, bool BigEndian>
BPFCC_MAY_RACE void put(uint8_t *P, uint64_t V) {
  Bytes<Size> Out = ordered<BigEndian>(Bytes<Size>(V));
  memcpy(P, &Out, Size);
}

/// What stands at \p P becomes \p New of it and \p B, in one step where \p P is
/// aligned. Gives what stood there.
template <unsigned Size, bool BigEndian, class Function>
uint64_t update(uint8_t *P, uint64_t B, Function New) {
  using T = Bytes<Size>;
  if (uintptr_t(P) % Size) {
    uint64_t Old = get<Size, BigEndian>(P);
    put<Size, BigEndian>(P, New(Old, B));
    return Old;
  }
  auto *At = reinterpret_cast<T *>(P);
  T Old = __atomic_load_n(At, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(
      At, &Old, ordered<BigEndian>(T(New(ordered<BigEndian>(Old), B))),
      /*weak=*/true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
  }
  return ordered<BigEndian>(Old);
}

} // namespace bpfcc::semantics

#define FIRST Word<Opc>(R[PC->Dst])
#define SECOND(F)                                                              \
  Word<Opc>(F == Form::RR || F == Form::JmpRR ? R[PC->Src] : PC->Imm)
#define DO_ALU(Opcode, F, Expr)                                                \
  {                                                                            \
    constexpr unsigned Opc = Opcode;                                           \
    Word<Opc> a = FIRST, b = SECOND(F);                                        \
    (void)a;                                                                   \
    (void)b;                                                                   \
    R[PC->Dst] = Word<Opc>(Expr);                                              \
    NEXT;                                                                      \
  }
#define DO_ADD(O, F, V) DO_ALU(O, F, a + b)
#define DO_SUB(O, F, V) DO_ALU(O, F, a - b)
#define DO_MUL(O, F, V) DO_ALU(O, F, a *b)
#define DO_DIV(O, F, V) DO_ALU(O, F, divide(a, b))
#define DO_MOD(O, F, V) DO_ALU(O, F, modulo(a, b))
#define DO_SDIV(O, F, V) DO_ALU(O, F, signedDivide(a, b))
#define DO_SMOD(O, F, V) DO_ALU(O, F, signedModulo(a, b))
#define DO_OR(O, F, V) DO_ALU(O, F, a | b)
#define DO_AND(O, F, V) DO_ALU(O, F, a &b)
#define DO_XOR(O, F, V) DO_ALU(O, F, a ^ b)
#define DO_LSH(O, F, V) DO_ALU(O, F, a << shiftMask(b))
#define DO_RSH(O, F, V) DO_ALU(O, F, a >> shiftMask(b))
#define DO_ARSH(O, F, V) DO_ALU(O, F, toSigned(a) >> shiftMask(b))
#define DO_MOV(O, F, V) DO_ALU(O, F, b)
#define DO_NEG(O, F, V) DO_ALU(O, F, 0 - a)
#define DO_MOVSX(O, F, V) DO_ALU(O, F, signExtend(b, V))
#define DO_LE(O, F, V)                                                         \
  R[PC->Dst] = BigEndian ? swapBytes(R[PC->Dst], V) : truncate(R[PC->Dst], V); \
  NEXT;
#define DO_BE(O, F, V)                                                         \
  R[PC->Dst] = BigEndian ? truncate(R[PC->Dst], V) : swapBytes(R[PC->Dst], V); \
  NEXT;
#define DO_BSWAP(O, F, V)                                                      \
  R[PC->Dst] = swapBytes(R[PC->Dst], V);                                       \
  NEXT;

#define DO_JCC(Opcode, F, Cond)                                                \
  {                                                                            \
    constexpr unsigned Opc = Opcode;                                           \
    Word<Opc> a = FIRST, b = SECOND(F);                                        \
    if (Cond) {                                                                \
      JUMP;                                                                    \
    }                                                                          \
    NEXT;                                                                      \
  }
#define DO_JEQ(O, F, V) DO_JCC(O, F, a == b)
#define DO_JNE(O, F, V) DO_JCC(O, F, a != b)
#define DO_JGT(O, F, V) DO_JCC(O, F, a > b)
#define DO_JGE(O, F, V) DO_JCC(O, F, a >= b)
#define DO_JLT(O, F, V) DO_JCC(O, F, a < b)
#define DO_JLE(O, F, V) DO_JCC(O, F, a <= b)
#define DO_JSET(O, F, V) DO_JCC(O, F, (a & b) != 0)
#define DO_JSGT(O, F, V) DO_JCC(O, F, toSigned(a) > toSigned(b))
#define DO_JSGE(O, F, V) DO_JCC(O, F, toSigned(a) >= toSigned(b))
#define DO_JSLT(O, F, V) DO_JCC(O, F, toSigned(a) < toSigned(b))
#define DO_JSLE(O, F, V) DO_JCC(O, F, toSigned(a) <= toSigned(b))
#define DO_JA(O, F, V) JUMP;
#define DO_MAY_GOTO(O, F, V)                                                   \
  if (S.Top->Loops-- == 0) {                                                   \
    S.Top->Loops = 0;                                                          \
    JUMP;                                                                      \
  }                                                                            \
  NEXT;

#define DO_LOAD(O, F, V)                                                       \
  {                                                                            \
    POINTER(PC->Src, isa::accessBytes(O), false)                               \
    R[PC->Dst] = get<isa::accessBytes(O), BigEndian>(Host);                    \
    NEXT;                                                                      \
  }
#define DO_LOADSX(O, F, V)                                                     \
  {                                                                            \
    POINTER(PC->Src, isa::accessBytes(O), false)                               \
    R[PC->Dst] = signExtend(get<isa::accessBytes(O), BigEndian>(Host),         \
                            8 * isa::accessBytes(O));                          \
    NEXT;                                                                      \
  }
#define DO_STORE(O, F, V)                                                      \
  {                                                                            \
    POINTER(PC->Dst, isa::accessBytes(O), true)                                \
    put<isa::accessBytes(O), BigEndian>(                                       \
        Host, F == Form::StoreI ? uint64_t(PC->Imm) : R[PC->Src]);             \
    NEXT;                                                                      \
  }
#define DO_LOAD_ACQ(O, F, V)                                                   \
  {                                                                            \
    POINTER(PC->Src, isa::accessBytes(O), false)                               \
    R[PC->Dst] = get<isa::accessBytes(O), BigEndian>(Host);                    \
    std::atomic_thread_fence(std::memory_order_acquire);                       \
    NEXT;                                                                      \
  }
#define DO_STORE_REL(O, F, V)                                                  \
  std::atomic_thread_fence(std::memory_order_release);                         \
  DO_STORE(O, F, V)

#define DO_RMW(O, Expr, Keep)                                                  \
  {                                                                            \
    constexpr unsigned Size = isa::accessBytes(O);                             \
    POINTER(PC->Dst, Size, true)                                               \
    auto New = [&]([[maybe_unused]] uint64_t a, [[maybe_unused]] uint64_t b) { \
      return Expr;                                                             \
    };                                                                         \
    [[maybe_unused]] uint64_t a =                                              \
        update<Size, BigEndian>(Host, R[PC->Src], New);                        \
    Keep;                                                                      \
    NEXT;                                                                      \
  }
#define DO_ATOMIC_ADD(O, F, V) DO_RMW(O, a + b, )
#define DO_ATOMIC_OR(O, F, V) DO_RMW(O, a | b, )
#define DO_ATOMIC_AND(O, F, V) DO_RMW(O, a &b, )
#define DO_ATOMIC_XOR(O, F, V) DO_RMW(O, a ^ b, )
#define DO_FETCH_ADD(O, F, V) DO_RMW(O, a + b, R[PC->Src] = a)
#define DO_FETCH_OR(O, F, V) DO_RMW(O, a | b, R[PC->Src] = a)
#define DO_FETCH_AND(O, F, V) DO_RMW(O, a &b, R[PC->Src] = a)
#define DO_FETCH_XOR(O, F, V) DO_RMW(O, a ^ b, R[PC->Src] = a)
#define DO_XCHG(O, F, V) DO_RMW(O, b, R[PC->Src] = a)
#define DO_CMPXCHG(O, F, V)                                                    \
  DO_RMW(O, a == truncate(R[isa::R0], 8 * Size) ? b : a, R[isa::R0] = a)

#define DO_LD_IMM64(O, F, V)                                                   \
  R[PC->Dst] = uint64_t(PC->Imm);                                              \
  NEXT;
#define DO_LD_MAP_FD(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_MAP_VALUE(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_FUNC(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_MAP_IDX(O, F, V) DO_LD_IMM64(O, F, V)
#define DO_LD_MAP_IDX_VALUE(O, F, V) DO_LD_IMM64(O, F, V)

#define DO_PACKET(O, Offset)                                                   \
  {                                                                            \
    const uint8_t *Host = packetAt(Offset, isa::accessBytes(O));               \
    AFTER_PACKET;                                                              \
    if (!Host) {                                                               \
      R[isa::R0] = 0;                                                          \
      goto Exit;                                                               \
    }                                                                          \
    R[isa::R0] = get<isa::accessBytes(O), true>(Host);                         \
    NEXT;                                                                      \
  }
#define DO_LD_ABS(O, F, V) DO_PACKET(O, int32_t(PC->Imm))
#define DO_LD_IND(O, F, V)                                                     \
  DO_PACKET(O, int32_t(uint32_t(R[PC->Src]) + uint32_t(PC->Imm)))

#endif

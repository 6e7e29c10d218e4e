#ifndef BPFCC_TOOLS_SUPEROPT_CONCRETE_H
#define BPFCC_TOOLS_SUPEROPT_CONCRETE_H

#include "tools/superopt/Semantics.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc::superopt {

/// Numbers that look random and are the same in each run.
class Random {
public:
  explicit Random(uint64_t Seed) : State(Seed) {}
  uint64_t next() { return mix(State += 0x9e3779b97f4a7c15); }
  uint64_t below(uint64_t Bound) { return next() % Bound; }
  /// A register's value: one at an edge as often as any.
  uint64_t value();

  static uint64_t mix(uint64_t V) {
    V = (V ^ V >> 30) * 0xbf58476d1ce4e5b9;
    V = (V ^ V >> 27) * 0x94d049bb133111eb;
    return V ^ V >> 31;
  }

private:
  uint64_t State;
};

/// The domain of 64-bit numbers. Memory that nobody wrote has bytes that
/// depend on the address and the seed.
struct Concrete {
  using Value = uint64_t;
  using Bool = bool;
  using Registers = std::array<Value, MaxRuleRegs + 1>;
  struct Memory {
    uint64_t Seed = 0;
    /// Written bytes by address; the last of an address counts.
    llvm::SmallVector<std::pair<uint64_t, uint8_t>, 8> Written;

    uint8_t byte(uint64_t At) const {
      for (size_t N = Written.size(); N-- > 0;)
        if (Written[N].first == At)
          return Written[N].second;
      return static_cast<uint8_t>(Random::mix(At ^ Seed));
    }
    bool operator==(const Memory &Other) const;
  };

  bool BigEndian = false;

  Value number(uint64_t V) { return V; }
  Value add(Value A, Value B) { return A + B; }
  Value sub(Value A, Value B) { return A - B; }
  Value mul(Value A, Value B) { return A * B; }
  Value udiv(Value A, Value B) { return B ? A / B : 0; }
  Value urem(Value A, Value B) { return B ? A % B : A; }
  Value sdiv(Value A, Value B) {
    return B + 1 <= 1 ? 0 - A : Value(int64_t(A) / int64_t(B));
  }
  Value srem(Value A, Value B) {
    return B + 1 <= 1 ? 0 : Value(int64_t(A) % int64_t(B));
  }
  Value bor(Value A, Value B) { return A | B; }
  Value band(Value A, Value B) { return A & B; }
  Value bxor(Value A, Value B) { return A ^ B; }
  Value shl(Value A, Value B) { return A << B; }
  Value lshr(Value A, Value B) { return A >> B; }
  Value ashr(Value A, Value B) { return Value(int64_t(A) >> B); }
  Value zext(Value A, unsigned Bits) {
    return A & llvm::maskTrailingOnes<uint64_t>(Bits);
  }
  Value sext(Value A, unsigned Bits) {
    return Bits == 64 ? A : Value(int64_t(A << (64 - Bits)) >> (64 - Bits));
  }
  Value swap(Value A, unsigned Bits) {
    return __builtin_bswap64(A) >> (64 - Bits);
  }
  Value choose(Bool C, Value A, Value B) { return C ? A : B; }
  Bool equal(Value A, Value B) { return A == B; }
  Bool less(Value A, Value B) { return A < B; }
  Bool signedLess(Value A, Value B) { return int64_t(A) < int64_t(B); }
  Bool negate(Bool A) { return !A; }

  Value load(const Memory &M, Value At, unsigned Bits) {
    Value V = 0;
    for (unsigned N = 0; N < Bits; N += 8)
      V |= Value(M.byte(At + place(N, Bits))) << N;
    return V;
  }
  void store(Memory &M, Value At, Value V, unsigned Bits) {
    for (unsigned N = 0; N < Bits; N += 8)
      M.Written.push_back({At + place(N, Bits), uint8_t(V >> N)});
  }

private:
  /// Where the byte lies whose lowest bit is \p Bit.
  unsigned place(unsigned Bit, unsigned Bits) const {
    return (BigEndian ? Bits - 8 - Bit : Bit) / 8;
  }
};

/// Looks for registers, memory and constants for which \p R is wrong.
/// \p Tries is how many it takes; the same each time.
bool isRefuted(const Rule &R, unsigned Tries);

} // namespace bpfcc::superopt

#endif

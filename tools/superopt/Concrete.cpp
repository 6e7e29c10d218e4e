#include "tools/superopt/Concrete.h"

#include "backend/finish/Rules.h"

namespace bpfcc::superopt {

uint64_t Random::value() {
  constexpr uint64_t Edges[] = {
      0,          1,          ~0ull,      0x7fffffff,
      0x80000000, 0xffffffff, 1ull << 32, 0xffffffff80000000,
      1ull << 63, ~0ull >> 1, 0xff,       0x8000,
      0xffff,     0x100};
  switch (below(4)) {
  case 0:
    return Edges[below(std::size(Edges))];
  case 1:
    return below(64);
  case 2:
    return uint32_t(next());
  default:
    return next();
  }
}

bool Concrete::Memory::operator==(const Memory &Other) const {
  for (auto [At, Byte] : Written)
    if (byte(At) != Other.byte(At))
      return false;
  for (auto [At, Byte] : Other.Written)
    if (byte(At) != Other.byte(At))
      return false;
  return true;
}

namespace {

/// A number as an operand of \p Op can be: nullopt if it fits no field.
std::optional<int64_t> operand(const Rule &R, RuleNumber N, isa::Op Op,
                               bool IsOff, llvm::ArrayRef<int64_t> Constants) {
  if (N.Size == 0)
    return 0;
  int64_t V = valueOf(R, N, Constants);
  if (IsOff ? !llvm::isInt<16>(V)
            : Op != isa::Op::LD_IMM64 && !llvm::isInt<32>(V))
    return std::nullopt;
  return V;
}

/// Runs \p Insts; false if a number does not fit.
bool run(Computation<Concrete> &M, const Rule &R,
         llvm::ArrayRef<RuleInst> Insts, llvm::ArrayRef<int64_t> Constants) {
  for (const RuleInst &I : Insts) {
    std::optional<int64_t> Imm = operand(R, I.Imm, I.Op, false, Constants);
    std::optional<int64_t> Off = operand(R, I.Off, I.Op, true, Constants);
    if (!Imm || !Off)
      return false;
    M.step(I, uint64_t(*Imm), uint64_t(*Off));
  }
  return true;
}

/// Constants of a rule are often small, masks, or near one another.
int64_t constant(Random &Numbers, int64_t Last) {
  switch (Numbers.below(6)) {
  case 0:
    return int64_t(Numbers.below(64));
  case 1:
    return Last;
  case 2:
    return Last + int64_t(Numbers.below(5)) - 2;
  case 3:
    return int64_t((1ull << Numbers.below(32)) - 1);
  case 4:
    return ~Last;
  default:
    return int32_t(Numbers.value());
  }
}

} // namespace

bool isRefuted(const Rule &R, unsigned Tries) {
  Random Numbers(1);
  for (unsigned Try = 0; Try < Tries; ++Try) {
    std::array<int64_t, 26> Constants;
    int64_t Last = 0;
    for (int64_t &C : Constants)
      Last = C = constant(Numbers, Last);
    Concrete Dom{Try % 2 == 1};
    Computation<Concrete> Before{Dom, {}, {}, {}};
    for (uint64_t &R : Before.Regs)
      R = Numbers.value();
    Before.Memory.Seed = Numbers.next();
    Computation<Concrete> After = Before;
    if (R.Condition.Size && !valueOf(R, R.Condition, Constants))
      continue;
    auto First = llvm::ArrayRef(R.Before).take_front(R.NumBefore);
    auto Then = llvm::ArrayRef(R.After).take_front(R.NumAfter);
    if (!run(Before, R, First, Constants) || !run(After, R, Then, Constants))
      continue;
    if (Before.Jumps != After.Jumps || !(Before.Memory == After.Memory))
      return true;
    for (unsigned N = 0; N < MaxRuleRegs; ++N)
      if (!(R.Dead >> N & 1) && Before.Regs[N] != After.Regs[N])
        return true;
  }
  return false;
}

} // namespace bpfcc::superopt

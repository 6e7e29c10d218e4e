#ifndef BPFCC_BACKEND_FINISH_RULECHECK_H
#define BPFCC_BACKEND_FINISH_RULECHECK_H

// What a row of rules.def must not do, as far as it shows without a prover.
//
// needs: a row's instructions, numbers and condition (RuleText.h)
// gives: whether applying it is safe for a verifier, by docs/rules.md: rules 2
//        to 4, 7 and 8
//
//   wa = *(u16 *)(rb + O); wa &= 255  ->  wa = *(u8 *)(rb + O)
//   "accesses memory as it was not"
//
// All of this is done when bpfcc is compiled: a row that breaks a rule is an
// error there.

#include "backend/finish/RuleText.h"

namespace bpfcc {
namespace ruletext {

/// What instructions need of registers and constants, as bit masks.
struct Needs {
  unsigned Reads = 0; ///< before they write
  unsigned Writes = 0;
  unsigned Constants = 0;
  unsigned Slots = 0, Cpu = 1, Jumps = 0;

  constexpr void add(const Rule &R, const RuleInst &I) {
    const Row &Info = row(I.Op);
    if (Info.readsDst())
      read(I.Dst);
    read(I.Src);
    if (Info.writesDst())
      Writes |= 1u << I.Dst;
    add(R, I.Imm);
    add(R, I.Off);
    Slots += Info.slots();
    Jumps += Info.isJump();
    Cpu = std::max<unsigned>(Cpu, Info.Cpu);
  }
  constexpr void add(const Rule &R, RuleNumber N) {
    for (unsigned At = N.First; At < unsigned(N.First) + N.Size; ++At)
      if (R.Nodes[At].K == RuleNode::Constant)
        Constants |= 1u << R.Nodes[At].Value;
  }

private:
  constexpr void read(RuleReg Reg) {
    if (Reg != NoRegister && !(Writes >> Reg & 1))
      Reads |= 1u << Reg;
  }
};

/// Which values something takes for numbers, so that they are no pointers: what
/// a variable held at first is one bit each, what memory gave is FromMemory.
struct Pointers {
  static constexpr unsigned FromMemory = 1u << 15;

  bool Doubtful; ///< whether a difference may still be a pointer
  std::array<unsigned, isa::NumRegs> Of{};
  unsigned Numbers = 0;

  constexpr explicit Pointers(bool Doubtful) : Doubtful(Doubtful) {
    for (unsigned R = 0; R < Of.size(); ++R)
      Of[R] = 1u << R;
  }

  constexpr void add(const RuleInst &I) {
    const Row &Info = row(I.Op);
    const unsigned Src = I.Src == NoRegister ? 0 : Of[I.Src];
    if (Info.isLoad())
      Of[I.Dst] = FromMemory;
    else if (Info.isStore())
      Numbers |= I.Op == isa::Op::STXDW ? 0 : Src;
    else if (Info.Form == isa::Form::Imm64 || I.Op == isa::Op::MOV_RI ||
             I.Op == isa::Op::MOV32_RI)
      Of[I.Dst] = 0;
    else if (I.Op == isa::Op::MOV_RR)
      Of[I.Dst] = Src;
    else if (I.Op == isa::Op::SUB_RR)
      Of[I.Dst] = Doubtful ? Of[I.Dst] | Src : 0;
    else if (I.Op == isa::Op::ADD_RR || I.Op == isa::Op::ADD_RI ||
             I.Op == isa::Op::SUB_RI)
      Of[I.Dst] |= Src;
    else if (Info.isJump())
      Numbers |= Info.is64() ? 0 : Of[I.Dst] | Src;
    else {
      Numbers |= Src | (Info.readsDst() ? Of[I.Dst] : 0);
      Of[I.Dst] = 0;
    }
  }
};

/// Loads by row, stores by size.
struct Accesses {
  std::array<uint8_t, isa::NumOps> Loads{};
  std::array<uint8_t, 4> Stores{};

  constexpr void add(const RuleInst &I) {
    if (row(I.Op).isLoad())
      ++Loads[unsigned(I.Op)];
    if (row(I.Op).isStore())
      ++Stores[row(I.Op).sizeBits()];
  }
  constexpr bool areAmong(const Accesses &Others) const {
    for (unsigned N = 0; N < Loads.size(); ++N)
      if (Loads[N] > Others.Loads[N])
        return false;
    for (unsigned N = 0; N < Stores.size(); ++N)
      if (Stores[N] > Others.Stores[N])
        return false;
    return true;
  }
};

constexpr const char *whyNot(Rule &R) {
  Pointers Held(false), Kept(true);
  Accesses Old, New;
  Needs Before, After, Condition;
  for (unsigned N = 0; N < R.NumBefore; ++N) {
    if (!row(R.Before[N].Op).isPlain())
      return "has an instruction that no rule may have";
    if (row(R.Before[N].Op).isJump() && N + 1 != R.NumBefore)
      return "goes on behind a jump";
    Before.add(R, R.Before[N]);
    Held.add(R.Before[N]);
    Old.add(R.Before[N]);
  }
  for (unsigned N = 0; N < R.NumAfter; ++N) {
    if (!row(R.After[N].Op).isPlain())
      return "makes an instruction that no rule may have";
    if (row(R.After[N].Op).isJump() && N + 1 != R.NumAfter)
      return "goes on behind a jump";
    After.add(R, R.After[N]);
    Kept.add(R.After[N]);
    New.add(R.After[N]);
  }
  Condition.add(R, R.Condition);
  if (After.Slots >= Before.Slots)
    return "does not shorten";
  if (After.Jumps != Before.Jumps)
    return "jumps only before or only after";
  // What stood in other registers may never have been written.
  if (After.Reads & ~Before.Reads)
    return "reads what was not read";
  if (After.Writes & ~Before.Writes)
    return "writes what was not written";
  if (!New.areAmong(Old))
    return "accesses memory as it was not";
  if (Kept.Numbers & ~Held.Numbers)
    return "takes what may be a pointer for a number";
  if (R.Dead & ~(Before.Writes | Before.Reads))
    return "speaks of a register that it does not have";
  if ((Before.Writes | After.Writes) >> FrameRegister & 1)
    return "writes r10";
  if ((After.Constants | Condition.Constants) & ~Before.Constants)
    return "has a constant that stands for nothing";
  if (R.Cpu < After.Cpu)
    return "makes an instruction of a later CPU";
  return nullptr;
}

} // namespace ruletext

/// The rule that a row of rules.def says; Error tells why it is none.
constexpr Rule readRule(const char *Name, std::string_view Before,
                        std::string_view After, std::string_view Condition,
                        unsigned Cpu) {
  Rule R;
  R.Name = Name;
  R.Cpu = uint8_t(Cpu);
  if (!ruletext::Reader(R, Before).insts(R.Before, R.NumBefore) ||
      R.NumBefore == 0)
    R.Error = "`before` is no list of instructions";
  else if (!ruletext::Reader(R, After).insts(R.After, R.NumAfter))
    R.Error = "`after` is no list of instructions";
  else if (!ruletext::Reader(R, Condition).condition())
    R.Error = "the condition cannot be read";
  else
    R.Error = ruletext::whyNot(R);
  return R;
}

} // namespace bpfcc

#endif

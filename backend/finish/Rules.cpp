// Rules found by search.
//
// needs: physical registers, frame offsets
// gives: the same program in fewer slots
//
//   r1 <<= 32
//   r6 = 5              r6 = 5
//   r1 s>>= 32    ->    r1 = (s32)r1
//
// rules.def lists what becomes what; docs/rules.md says what a rule may do. A
// rule is looked up by the opcode of its first instruction. The others need not
// follow at once: what stands between may touch none of their registers. What
// a rule makes stands where its last instruction stood.

#include "backend/finish/Rules.h"

#include "backend/finish/Liveness.h"
#include "backend/isa/Encoding.h"
#include "backend/mir/Shape.h"

#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using mir::Inst;
using mir::Reg;

static constexpr Rule Table[] = {
#define RULE(Name, Before, After, Condition, Cpu)                              \
  readRule(#Name, Before, After, Condition, Cpu),
#include "backend/finish/rules.def"
};

#define RULE(Name, Before, After, Condition, Cpu)                              \
  static_assert(!readRule(#Name, Before, After, Condition, Cpu).Error,         \
                #Name " is no rule: see whyNot() in RuleText.h");
#include "backend/finish/rules.def"

llvm::ArrayRef<Rule> rules() { return Table; }

namespace {

/// \p I as an instruction of the table, if it is nothing more.
std::optional<isa::Inst> plain(const mir::Function &F, const Inst &I) {
  if (mir::isPseudo(I.Op) || I.Volatile || I.Extra != mir::None ||
      I.Sym != mir::None || !ruletext::row(mir::isaOp(I.Op)).isPlain())
    return std::nullopt;
  isa::Inst P{mir::isaOp(I.Op), 0, 0, I.Off, I.Imm};
  if (I.Op != mir::LD_IMM64)
    P.Imm = static_cast<int32_t>(I.Imm);
  Reg Base = isa::R10;
  if (I.Frame != mir::None)
    P.Off = static_cast<int16_t>(P.Off + F.Frame[I.Frame].Offset);
  else if (!I.Uses.empty())
    Base = I.Uses[0];
  const isa::Form Form = isa::form(P.Opcode);
  if (Form == isa::Form::Load) {
    P.Dst = static_cast<uint8_t>(I.Defs[0]);
    P.Src = static_cast<uint8_t>(Base);
  } else if (Form == isa::Form::StoreR || Form == isa::Form::StoreI) {
    P.Dst = static_cast<uint8_t>(Base);
    if (Form == isa::Form::StoreR)
      P.Src = static_cast<uint8_t>(I.Uses.back());
  } else {
    if (!I.Uses.empty() || !I.Defs.empty())
      P.Dst = static_cast<uint8_t>(I.Defs.empty() ? I.Uses[0] : I.Defs[0]);
    if (Form == isa::Form::RR || Form == isa::Form::JmpRR)
      P.Src = static_cast<uint8_t>(I.Uses.back());
  }
  return P;
}

Inst fromPlain(const isa::Inst &P) {
  Inst I;
  I.Op = static_cast<mir::Opcode>(P.Opcode);
  I.Off = P.Off;
  I.Imm = P.Imm;
  const ruletext::Row &Row = ruletext::row(P.Opcode);
  if (Row.writesDst())
    I.Defs = {P.Dst};
  if (Row.readsDst())
    I.Uses = {P.Dst};
  switch (Row.Form) {
  case isa::Form::RR:
  case isa::Form::JmpRR:
  case isa::Form::Load:
  case isa::Form::StoreR:
    I.Uses.push_back(P.Src);
    break;
  default:
    break;
  }
  return I;
}

/// What the variables of a rule stand for.
struct Binding {
  std::array<Reg, MaxRuleRegs> Regs;
  std::array<int64_t, 26> Constants{};
  unsigned BoundRegs = 0, BoundConstants = 0;
  RegMask Taken = 0;

  Reg reg(RuleReg R) const { return R == FrameRegister ? isa::R10 : Regs[R]; }

  bool bind(RuleReg R, Reg To) {
    if (R == NoRegister)
      return true;
    if (R == FrameRegister || BoundRegs >> R & 1)
      return reg(R) == To;
    if (Taken >> To & 1)
      return false;
    Regs[R] = To;
    Taken |= static_cast<RegMask>(1u << To);
    BoundRegs |= 1u << R;
    return true;
  }

  bool bind(const Rule &R, RuleNumber N, int64_t To) {
    if (N.Size == 0)
      return To == 0;
    const RuleNode &Node = R.Nodes[N.First];
    if (N.Size == 1 && Node.K == RuleNode::Constant &&
        !(BoundConstants >> Node.Value & 1)) {
      Constants[Node.Value] = To;
      BoundConstants |= 1u << Node.Value;
      return true;
    }
    return valueOf(R, N, Constants) == To;
  }
};

class RuleApplier {
public:
  RuleApplier(mir::Function &F, unsigned Cpu, llvm::ArrayRef<Rule> Rules)
      : F(F), Cpu(Cpu), Rules(Rules) {
    for (const Rule &R : Rules)
      ++Starts[unsigned(R.Before[0].Op) + 1];
    for (unsigned N = 0; N < isa::NumOps; ++N)
      Starts[N + 1] += Starts[N];
    ByFirst.resize(Rules.size());
    std::array<unsigned, isa::NumOps + 1> Next = Starts;
    for (unsigned N = 0; N < Rules.size(); ++N)
      ByFirst[Next[unsigned(Rules[N].Before[0].Op)]++] = N;
  }

  void run() {
    for (mir::BlockId B = 0; B < F.Blocks.size(); ++B) {
      tieOperands(F.Blocks[B].Insts);
      constexpr int MaxRounds = 3;
      for (int Round = 0; Round < MaxRounds && block(B); ++Round)
        ;
    }
  }

private:
  /// Copies the first operand where its register is not the result's.
  void tieOperands(std::vector<Inst> &Insts) {
    auto IsTied = [](const Inst &I) {
      return !mir::isTwoAddress(I) || I.Uses[0] == I.Defs[0] ||
             (I.Uses.size() > 1 && I.Uses[1] == I.Defs[0] &&
              !mir::isCommutative(I));
    };
    if (llvm::all_of(Insts, IsTied))
      return;
    std::vector<Inst> Tied;
    for (Inst &I : Insts) {
      if (!IsTied(I)) {
        if (I.Uses.size() > 1 && I.Uses[1] == I.Defs[0])
          std::swap(I.Uses[0], I.Uses[1]);
        else {
          Inst Copy =
              fromPlain({isa::Op::MOV_RR, static_cast<uint8_t>(I.Defs[0]),
                         static_cast<uint8_t>(I.Uses[0])});
          Copy.Loc = I.Loc;
          Tied.push_back(std::move(Copy));
          I.Uses[0] = I.Defs[0];
        }
      }
      Tied.push_back(std::move(I));
    }
    Insts = std::move(Tied);
  }

  bool block(mir::BlockId B) {
    std::vector<Inst> &Insts = F.Blocks[B].Insts;
    After.clear();
    bool Any = false;
    for (size_t N = 0; N < Insts.size(); ++N) {
      if (mir::isPseudo(Insts[N].Op))
        continue;
      const unsigned Op = unsigned(Insts[N].Op);
      for (unsigned K = Starts[Op]; K < Starts[Op + 1]; ++K)
        if (apply(Rules[ByFirst[K]], B, N)) {
          Any = true;
          break;
        }
    }
    if (Any)
      llvm::erase_if(Insts,
                     [](const Inst &I) { return I.Op == mir::NumOpcodes; });
    return Any;
  }

  /// Whether \p I, which a rule does not have, may stand between what it has.
  bool canStandBetween(const Inst &I, RegMask Read, RegMask Written,
                       bool Memory) const {
    if (I.Op == mir::NumOpcodes)
      return true;
    if (I.Op == mir::INLINE_ASM || mir::isTerminator(I))
      return false;
    if (Memory && touchesMemory(I))
      return false;
    return !(reads(I) & Written) &&
           !((writes(I) | clobbers(F, I)) & (Read | Written));
  }

  static bool touchesMemory(const Inst &I) {
    if (mir::isCall(I.Op) || mir::isPacketLoad(I.Op) || mir::isAtomic(I.Op))
      return true;
    if (mir::isPseudo(I.Op))
      return false;
    switch (isa::form(mir::isaOp(I.Op))) {
    case isa::Form::Load:
    case isa::Form::StoreR:
    case isa::Form::StoreI:
      return true;
    default:
      return false;
    }
  }

  bool matches(const Rule &R, const RuleInst &P, const Inst &I,
               Binding &To) const {
    if (mir::isPseudo(I.Op) || mir::isaOp(I.Op) != P.Op)
      return false;
    std::optional<isa::Inst> Is = plain(F, I);
    return Is && To.bind(P.Dst, Is->Dst) && To.bind(P.Src, Is->Src) &&
           To.bind(R, P.Imm, Is->Imm) && To.bind(R, P.Off, Is->Off);
  }

  bool apply(const Rule &R, mir::BlockId B, size_t First) {
    if (R.Cpu > Cpu)
      return false;
    std::vector<Inst> &Insts = F.Blocks[B].Insts;
    Binding To;
    std::array<size_t, Rule::MaxInsts> Places;
    RegMask Read = 0, Written = 0;
    bool Memory = false;
    constexpr unsigned MaxBetween = 8;
    unsigned Between = 0;
    size_t At = First;
    for (unsigned N = 0; N < R.NumBefore; ++N, ++At) {
      for (;; ++At) {
        if (At == Insts.size())
          return false;
        Binding Tried = To;
        if (matches(R, R.Before[N], Insts[At], Tried)) {
          To = Tried;
          break;
        }
        if (N == 0 || Between++ == MaxBetween ||
            !canStandBetween(Insts[At], Read, Written, Memory))
          return false;
      }
      Places[N] = At;
      Read |= reads(Insts[At]);
      Written |= writes(Insts[At]);
      Memory |= touchesMemory(Insts[At]);
    }
    const size_t Last = Places[R.NumBefore - 1];
    if (R.Condition.Size && !valueOf(R, R.Condition, To.Constants))
      return false;
    for (RuleReg Reg = 0; Reg < MaxRuleRegs; ++Reg)
      if (R.Dead >> Reg & 1 && isLive(B, Last, To.reg(Reg)))
        return false;
    return replace(R, To, B, llvm::ArrayRef(Places).take_front(R.NumBefore));
  }

  bool isLive(mir::BlockId B, size_t Place, Reg R) {
    if (After.empty()) {
      if (!Live)
        Live.emplace(F);
      After = Live->afterEach(F, B);
    }
    return After[Place] >> R & 1;
  }

  /// What \p P makes, if its numbers fit.
  static std::optional<isa::Inst> make(const Rule &R, const RuleInst &P,
                                       const Binding &To) {
    isa::Inst I{P.Op};
    if (P.Dst != NoRegister)
      I.Dst = static_cast<uint8_t>(To.reg(P.Dst));
    if (P.Src != NoRegister)
      I.Src = static_cast<uint8_t>(To.reg(P.Src));
    if (P.Imm.Size)
      I.Imm = valueOf(R, P.Imm, To.Constants);
    int64_t Off = P.Off.Size ? valueOf(R, P.Off, To.Constants) : 0;
    I.Off = static_cast<int16_t>(Off);
    if (!llvm::isInt<16>(Off) ||
        (P.Op != isa::Op::LD_IMM64 && !llvm::isInt<32>(I.Imm)))
      return std::nullopt;
    return I;
  }

  bool replace(const Rule &R, const Binding &To, mir::BlockId B,
               llvm::ArrayRef<size_t> Places) {
    std::vector<Inst> &Insts = F.Blocks[B].Insts;
    std::array<Inst, Rule::MaxInsts> Made;
    const Inst Last = Insts[Places.back()];
    for (unsigned N = 0; N < R.NumAfter; ++N) {
      std::optional<isa::Inst> P = make(R, R.After[N], To);
      if (!P)
        return false;
      Made[N] = fromPlain(*P);
      Made[N].Loc = Last.Loc;
      if (ruletext::row(P->Opcode).isJump())
        Made[N].Targets = Last.Targets;
      if (Made[N].Op == mir::JA)
        Made[N].Targets.resize(1);
    }
    const size_t First = Places.front(), End = Places.back() + 1;
    for (size_t Place : Places)
      Insts[Place] = Inst();
    std::stable_partition(
        Insts.begin() + First, Insts.begin() + End,
        [](const Inst &I) { return I.Op != mir::NumOpcodes; });
    std::move(Made.begin(), Made.begin() + R.NumAfter,
              Insts.begin() + End - R.NumAfter);
    // What is needed between is not known until the next round.
    if (!After.empty())
      std::fill(After.begin() + First, After.begin() + End - 1, AllRegs);
    return true;
  }

  static constexpr RegMask AllRegs = (1u << isa::NumRegs) - 1;

  mir::Function &F;
  unsigned Cpu;
  llvm::ArrayRef<Rule> Rules;
  std::array<unsigned, isa::NumOps + 1> Starts{}; ///< into ByFirst
  std::vector<unsigned> ByFirst;
  std::optional<Liveness> Live;
  std::vector<RegMask> After; ///< of the block, once it is asked for
};

} // namespace

void applyRules(mir::Function &F, unsigned Cpu, llvm::ArrayRef<Rule> Rules) {
  if (!F.Naked)
    RuleApplier(F, Cpu, Rules).run();
}

} // namespace bpfcc

// Register preferences, from the uses backwards.
//
// needs: code with spill marks
// gives: for each value the cost of each register, and where values die
//
//   %17 = LDXW %16, 0
//   %18 = ADD_RI %17, 4          %18 wants r2 because the call does, %17 wants
//   CALL_HELPER %19, %18, 5      r2 because %18 does and %17 dies there
//
// Braun, Mallon and Hack, "Preference-Guided Register Assignment" (CC 2010).

#include "backend/regalloc/Preferences.h"

#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/regalloc/NextUse.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

constexpr float Decay = 0.9f;
/// What stands where another operand must be moves; so may its own operand.
constexpr float InTheWay = 0.5f;

class Collector {
public:
  Collector(const mir::Function &F, const SpillPlan &Plan, Preferences &P)
      : F(F), Plan(Plan), P(P), Alive(F.NextReg) {}

  void block(BlockId B, const std::vector<Score> &Before) {
    Live.clear();
    exitPreferences(B, Before);
    const std::vector<Inst> &Insts = F.Blocks[B].Insts;
    P.Dies[B].assign(Insts.size(), 0);
    P.DeadDefs[B].assign(Insts.size(), 0);
    for (Reg R : P.LiveOut[B])
      enter(R);
    Crossing = &P.CrossesIn[B];
    Crossing->clear();
    float Weight = F.Blocks[B].Frequency;
    for (size_t N = Insts.size(); N-- > 0;)
      if (Insts[N].Op == mir::PHI)
        break;
      else
        instruction(Insts[N], Weight, P.Dies[B][N], P.DeadDefs[B][N]);
    std::sort(Crossing->begin(), Crossing->end());
    Crossing->erase(std::unique(Crossing->begin(), Crossing->end()),
                    Crossing->end());
    P.LiveIn[B] = Live;
    std::sort(P.LiveIn[B].begin(), P.LiveIn[B].end());
    for (Reg R : Live)
      Alive[R] = false;
  }

private:
  void enter(Reg R) {
    if (!Alive[R]) {
      Alive[R] = true;
      Live.push_back(R);
    }
  }

  void leave(Reg R) {
    if (Alive[R]) {
      Alive[R] = false;
      Live.erase(llvm::find(Live, R));
    }
  }

  void inherit(Reg To, const Score &From, float Factor) {
    for (unsigned R = 0; R < NumAllocatable; ++R)
      P.Wants[To][R] += Factor * From[R];
  }

  void exitPreferences(BlockId B, const std::vector<Score> &Before) {
    P.LiveOut[B].clear();
    llvm::ArrayRef<BlockId> Succs = mir::successors(F.Blocks[B]);
    for (size_t T = 0; T < Succs.size(); ++T) {
      BlockId S = Succs[T];
      PhiMap Map(F, S, predIndex(F, B, T));
      // A move on the edge costs as often as the edge is taken.
      float Share =
          std::min(1.0f, F.Blocks[B].Frequency / F.Blocks[S].Frequency);
      auto See = [&](Reg R) {
        Reg From = Map.operand(R);
        if (std::binary_search(Plan.Exit[B].begin(), Plan.Exit[B].end(), From))
          P.LiveOut[B].push_back(From);
        if (From != R)
          inherit(From, Before[R], Decay * Share);
      };
      for (Reg R : P.LiveIn[S])
        See(R);
      for (const Inst &I : F.Blocks[S].Insts) {
        if (I.Op != mir::PHI)
          break;
        if (Plan.MemoryPhi[I.Defs[0]])
          See(I.Defs[0]);
      }
    }
    std::sort(P.LiveOut[B].begin(), P.LiveOut[B].end());
    P.LiveOut[B].erase(std::unique(P.LiveOut[B].begin(), P.LiveOut[B].end()),
                       P.LiveOut[B].end());
  }

  void instruction(const Inst &I, float Weight, uint32_t &Dies,
                   uint32_t &Dead) {
    for (size_t N = 0; N < I.Defs.size(); ++N) {
      if (!Alive[I.Defs[N]])
        Dead |= 1u << N;
      leave(I.Defs[N]);
    }
    Constraints C = constraints(F, I);
    if (C.Any)
      avoid(I, C, Weight);
    if (I.Op == mir::ARG)
      P.Wants[I.Defs[0]][I.Imm + 1] += Weight;
    for (size_t N = 0; N < I.Uses.size(); ++N) {
      Reg U = I.Uses[N];
      if (!mir::isVirtual(U) || Alive[U])
        continue;
      Dies |= 1u << N;
    }
    if (C.Any)
      fixed(I, C, Weight);
    else if (mir::isTwoAddress(I))
      twoAddress(I, Dies);
    for (Reg U : I.Uses)
      if (mir::isVirtual(U))
        enter(U);
  }

  /// What lives across \p I must be elsewhere than its prescribed registers.
  void avoid(const Inst &I, const Constraints &C, float Weight) {
    RegSet Taken = C.Clobbers | C.fixedDefs();
    bool IsCall = (C.Clobbers & CallerSaved) == CallerSaved;
    for (Reg V : Live) {
      if (IsCall) {
        P.Crosses[V] = true;
        Crossing->push_back(V);
      }
      RegSet Bad = Taken;
      for (size_t N = 0; N < C.Uses.size(); ++N)
        if (C.Uses[N].Fixed != mir::NoReg && I.Uses[N] != V)
          Bad |= bit(C.Uses[N].Fixed);
      for (unsigned R = 0; R < NumAllocatable; ++R)
        if (Bad & bit(R))
          P.Wants[V][R] =
              (IsCall && (Taken & bit(R)) ? std::min(P.Wants[V][R], 0.0f)
                                          : P.Wants[V][R]) -
              Weight;
    }
  }

  void fixed(const Inst &I, const Constraints &C, float Weight) {
    for (size_t N = 0; N < C.Defs.size(); ++N)
      if (C.Defs[N].Fixed != mir::NoReg)
        P.Wants[I.Defs[N]][C.Defs[N].Fixed] += Weight;
    for (size_t N = 0; N < C.Uses.size(); ++N) {
      Reg U = I.Uses[N];
      if (!mir::isVirtual(U) || Alive[U])
        continue;
      if (C.Uses[N].Fixed != mir::NoReg) {
        for (const auto &Other : C.Uses)
          if (Other.Fixed != mir::NoReg)
            P.Wants[U][Other.Fixed] -= InTheWay * Weight;
        P.Wants[U][C.Uses[N].Fixed] += (1 + InTheWay) * Weight;
        continue;
      }
      for (unsigned R = 0; R < NumAllocatable; ++R)
        if (C.Clobbers & bit(R))
          P.Wants[U][R] -= Weight;
      if (C.Uses[N].TiedTo != mir::None)
        continues(U, I.Defs[C.Uses[N].TiedTo]);
    }
  }

  void continues(Reg U, Reg D) {
    inherit(U, P.Wants[D], Decay);
    P.Continues[U] = D;
  }

  void twoAddress(const Inst &I, uint32_t Dies) {
    if (!mir::isVirtual(I.Uses[0]))
      return;
    bool Swaps = I.Uses.size() == 2 && (Dies & 2) && mir::isCommutative(I);
    if (Dies & 1)
      continues(I.Uses[0], I.Defs[0]);
    else if (Swaps)
      continues(I.Uses[1], I.Defs[0]);
    if ((Dies & 1) && Swaps)
      inherit(I.Uses[1], P.Wants[I.Defs[0]], Decay);
  }

  const mir::Function &F;
  const SpillPlan &Plan;
  Preferences &P;
  std::vector<bool> Alive;
  std::vector<Reg> Live;
  std::vector<Reg> *Crossing = nullptr; ///< of the current block
};

} // namespace

Preferences::Preferences(const mir::Function &F, const SpillPlan &Plan,
                         const std::vector<BlockId> &Rpo) {
  Related.resize(F.NextReg);
  Crosses.resize(F.NextReg);
  CrossesIn.resize(F.Blocks.size());
  Continues.assign(F.NextReg, mir::NoReg);
  Dies.resize(F.Blocks.size());
  DeadDefs.resize(F.Blocks.size());
  LiveOut.resize(F.Blocks.size());
  LiveIn = Plan.Entry;
  Siblings.resize(F.NextReg);
  for (BlockId B : Rpo) {
    llvm::SmallVector<Reg, NumAllocatable> Phis;
    for (const Inst &I : F.Blocks[B].Insts) {
      if (I.Op != mir::PHI)
        break;
      if (Phis.size() < NumAllocatable)
        Phis.push_back(I.Defs[0]);
      for (Reg U : I.Uses) {
        Related[U].push_back(I.Defs[0]);
        Related[I.Defs[0]].push_back(U);
      }
    }
    for (Reg P : Phis)
      for (Reg Other : Phis)
        if (P != Other)
          Siblings[P].push_back(Other);
  }
  // Twice, so that what loops carry knows what the loop's phis want.
  std::vector<Score> Before(F.NextReg, Score{});
  for (int Pass = 0; Pass < 2; ++Pass) {
    Wants.assign(F.NextReg, Score{});
    Collector C(F, Plan, *this);
    for (size_t N = Rpo.size(); N-- > 0;) {
      C.block(Rpo[N], Before);
      for (const Inst &I : F.Blocks[Rpo[N]].Insts) {
        if (I.Op != mir::PHI)
          break;
        Before[I.Defs[0]] = Wants[I.Defs[0]];
      }
    }
  }
}

} // namespace bpfcc::regalloc

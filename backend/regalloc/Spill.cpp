// Spilling: which values are in registers at each point.
//
// needs: SSA form; distances to next uses
// gives: marks for reloads and stores, and the register sets at block borders
//
//   %17 in r.. ; CALL that 5 values cross   ->   the value whose next use is
//   farthest is dropped before the call, stored at its def, reloaded later
//
// Braun and Hack, "Register Spilling and Live-Range Splitting for SSA-Form
// Programs" (CC 2009): Belady's MIN on each block, where W is what registers
// hold. A block starts with what its preds agree on; a loop starts with what
// it uses, and with what it does not use only as far as its pressure allows.
// Differences at edges become reloads on the edge. Two limits hold here: 10
// registers, and at a call r6 to r9 for what lives across it. A value is
// stored once, between its def and its reloads; slots are given out later.
// Values stay what they are when reloaded: no phi is needed for a reload,
// because the step after this one finds each value wherever it is.

#include "backend/regalloc/Spill.h"

#include "backend/regalloc/Constraints.h"
#include "backend/regalloc/LoopPressure.h"
#include "backend/regalloc/NextUse.h"
#include "backend/regalloc/SpillStores.h"
#include "support/Diagnostic.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

using RegList = llvm::SmallVector<Reg, 16>;

class Spiller {
public:
  explicit Spiller(mir::Function &F)
      : F(F), Dom(F), L(F, Dom), Uses(F, Dom, L),
        Next(F.NextReg, NextUse::Never), Needs(F, Dom), Done(F.Blocks.size()),
        Pressures(loopPressures(F, Dom, L, Uses)) {
    Plan.Entry.resize(F.Blocks.size());
    Plan.Exit.resize(F.Blocks.size());
    Plan.Remat.resize(F.NextReg);
    Plan.MemoryPhi.resize(F.NextReg);
  }

  llvm::Expected<SpillPlan> run() {
    for (const mir::Block &B : F.Blocks)
      for (const Inst &I : B.Insts)
        if (isRematerialisable(I))
          Plan.Remat[I.Defs[0]] = I;
    for (BlockId B : Dom.reversePostorder()) {
      Plan.Entry[B] = chooseEntry(B);
      if (llvm::Error E = block(B))
        return std::move(E);
      Done[B] = true;
    }
    joinEdges();
    placeStores(F, Dom, L, Plan, Needs);
    return std::move(Plan);
  }

private:
  // -- Block entries

  bool allPredsDone(BlockId B) const {
    return llvm::all_of(F.Blocks[B].Preds, [&](BlockId P) { return Done[P]; });
  }

  std::vector<Reg> chooseEntry(BlockId B) {
    if (B == 0)
      return {};
    return L.isHeader(B) || !allPredsDone(B) ? loopEntry(B) : joinEntry(B);
  }

  /// Values that can be computed again count as needed later than they are.
  uint64_t rank(Reg R, uint32_t Distance) const {
    constexpr uint64_t RematFactor = 4;
    return Plan.isRemat(R) && rematCost(Plan.Remat[R]) == 1
               ? Distance * RematFactor + 1
               : Distance;
  }

  std::vector<Reg> loopEntry(BlockId B) {
    std::vector<std::pair<uint64_t, Reg>> Order;
    size_t Phis = 0;
    for (auto [R, Distance] : Uses.entry(B)) {
      Order.push_back({rank(R, Distance), R});
    }
    for (const Inst &I : F.Blocks[B].Insts)
      Phis += I.Op == mir::PHI;
    std::sort(Order.begin(), Order.end());
    const LoopPressure &P = Pressures[B];
    size_t Excess = 0;
    if (P.Total > NumAllocatable)
      Excess = P.Total - NumAllocatable;
    constexpr unsigned Kept = 4;
    if (P.AcrossCalls > Kept)
      Excess = std::max<size_t>(Excess, P.AcrossCalls - Kept);
    size_t Take = Order.size() > Excess ? Order.size() - Excess : 0;
    Take = std::min<size_t>(std::max(Take, Phis), NumAllocatable);
    std::vector<Reg> W;
    for (size_t N = 0; N < std::min(Take, Order.size()); ++N)
      W.push_back(Order[N].second);
    std::sort(W.begin(), W.end());
    return W;
  }

  std::vector<Reg> joinEntry(BlockId B) {
    const auto &Preds = F.Blocks[B].Preds;
    std::vector<PhiMap> Maps;
    for (size_t P = 0; P < Preds.size(); ++P)
      Maps.emplace_back(F, B, P);
    struct Candidate {
      bool Everywhere;
      uint64_t Rank;
      Reg R;
    };
    std::vector<Candidate> Order;
    for (auto [R, Distance] : Uses.entry(B)) {
      size_t Found = 0;
      bool IsPhi = false;
      for (size_t P = 0; P < Preds.size(); ++P) {
        Reg From = Maps[P].operand(R);
        IsPhi |= From != R;
        Found += std::binary_search(Plan.Exit[Preds[P]].begin(),
                                    Plan.Exit[Preds[P]].end(), From) ||
                 (From != R && Plan.isRemat(From));
      }
      bool Everywhere = Found == Preds.size();
      if (Found == 0 || (!Everywhere && !IsPhi && Plan.isRemat(R)))
        continue;
      Order.push_back({Everywhere, rank(R, Distance), R});
    }
    std::sort(Order.begin(), Order.end(),
              [](const Candidate &A, const Candidate &B) {
                return std::tuple(!A.Everywhere, A.Rank, A.R) <
                       std::tuple(!B.Everywhere, B.Rank, B.R);
              });
    std::vector<Reg> W;
    for (const Candidate &C : Order) {
      if (W.size() == NumAllocatable)
        break;
      W.push_back(C.R);
    }
    std::sort(W.begin(), W.end());
    return W;
  }

  // -- One block

  struct After {
    llvm::SmallVector<uint32_t, 4> Uses, Defs;
  };

  /// Fills Next with what holds at the start of \p B; gives for each
  /// instruction the next uses of its operands and results after it.
  std::vector<After> scanBackward(BlockId B, std::vector<Reg> &Touched) {
    const std::vector<Inst> &Insts = F.Blocks[B].Insts;
    std::vector<After> Result(Insts.size());
    uint32_t Length = static_cast<uint32_t>(Insts.size());
    for (auto [R, Distance] : Uses.exit(B)) {
      Next[R] = std::min(Distance, NextUse::Never - 1 - Length) + Length;
      Touched.push_back(R);
    }
    for (uint32_t N = Length; N-- > 0;) {
      const Inst &I = Insts[N];
      for (Reg D : I.Defs) {
        Result[N].Defs.push_back(Next[D]);
        Touched.push_back(D);
      }
      if (I.Op == mir::PHI)
        continue;
      for (Reg D : I.Defs)
        Next[D] = NextUse::Never;
      for (Reg U : I.Uses)
        Result[N].Uses.push_back(mir::isVirtual(U) ? Next[U] : 0);
      for (Reg U : I.Uses)
        if (mir::isVirtual(U)) {
          Next[U] = N;
          Touched.push_back(U);
        }
    }
    return Result;
  }

  llvm::Error block(BlockId B) {
    std::vector<Reg> Touched;
    std::vector<After> Later = scanBackward(B, Touched);
    W.assign(Plan.Entry[B].begin(), Plan.Entry[B].end());
    std::vector<Inst> Out;
    std::vector<Inst> Insts = std::move(F.Blocks[B].Insts);
    Out.reserve(Insts.size());
    for (size_t N = 0; N < Insts.size(); ++N) {
      Inst &I = Insts[N];
      if (I.Op != mir::PHI)
        if (llvm::Error E = instruction(I, B, Later[N], Out))
          return E;
      Out.push_back(std::move(I));
    }
    F.Blocks[B].Insts = std::move(Out);
    for (Reg R : W)
      if (Next[R] != NextUse::Never)
        Plan.Exit[B].push_back(R);
    std::sort(Plan.Exit[B].begin(), Plan.Exit[B].end());
    for (Reg R : Touched)
      Next[R] = NextUse::Never;
    return llvm::Error::success();
  }

  bool isLive(Reg R) const { return Next[R] != NextUse::Never; }

  /// Drops from W the value whose next use is farthest, sparing \p Spare.
  bool evict(llvm::ArrayRef<Reg> Spare) {
    Reg *Best = nullptr;
    for (Reg &R : W)
      if (!llvm::is_contained(Spare, R) &&
          (!Best || rank(R, Next[R]) > rank(*Best, Next[*Best])))
        Best = &R;
    if (!Best)
      return false;
    W.erase(Best);
    return true;
  }

  llvm::Error instruction(const Inst &I, BlockId B, const After &Later,
                          std::vector<Inst> &Out) {
    RegList Operands;
    for (Reg U : I.Uses)
      if (mir::isVirtual(U) && !llvm::is_contained(Operands, U))
        Operands.push_back(U);
    RegList Reloads;
    for (Reg U : Operands)
      if (!llvm::is_contained(W, U)) {
        Reloads.push_back(U);
        W.push_back(U);
      }
    while (W.size() > NumAllocatable)
      if (!evict(Operands))
        return tooMany(I);
    for (size_t N = 0; N < I.Uses.size(); ++N)
      if (mir::isVirtual(I.Uses[N]))
        Next[I.Uses[N]] = Later.Uses[N];
    // From here on W holds what lives on, and the operands stand apart.
    llvm::erase_if(W, [&](Reg R) { return !isLive(R); });
    Constraints C = constraints(F, I);
    for (;;) {
      Fit Now = fits(I, C, Operands);
      if (Now == Fit::Yes)
        break;
      bool Room =
          Now == Fit::EvictOther ? evict(Operands) || evict({}) : evict({});
      if (!Room)
        return tooMany(I);
    }
    for (Reg R : Reloads)
      reload(R, B, Out);
    for (size_t N = 0; N < I.Defs.size(); ++N) {
      Next[I.Defs[N]] = Later.Defs[N];
      if (Later.Defs[N] != NextUse::Never)
        W.push_back(I.Defs[N]);
    }
    return llvm::Error::success();
  }

  void reload(Reg R, BlockId B, std::vector<Inst> &Out) {
    if (!Plan.isRemat(R))
      Needs.add(R, B);
    Inst Mark;
    Mark.Op = mir::COPY;
    Mark.Defs = {R};
    Out.push_back(std::move(Mark));
  }

  enum class Fit { Yes, EvictAny, EvictOther };

  /// Whether operands, results and what lives across \p I (now in W) all find
  /// a register.
  Fit fits(const Inst &I, const Constraints &C, const RegList &Operands) const {
    size_t Through = W.size();
    if (!C.Any) {
      size_t Limit = NumAllocatable - I.Defs.size();
      bool Dies = keepsSecondOperand(I) && mir::isVirtual(I.Uses[1]) &&
                  !llvm::is_contained(W, I.Uses[1]);
      return Through + Dies <= Limit ? Fit::Yes : Fit::EvictAny;
    }
    RegSet FixedUses = C.fixedUses(), FixedDefs = C.fixedDefs();
    size_t Before = 0;
    for (Reg R : W)
      Before += sharedPlace(I, C, R, true) == mir::NoReg;
    for (Reg R : Operands)
      Before += !llvm::is_contained(W, R) &&
                sharedPlace(I, C, R, false) == mir::NoReg;
    for (size_t N = 0; N < C.Uses.size(); ++N)
      Before += C.Uses[N].TiedTo != mir::None &&
                C.Uses[N].Fixed == mir::NoReg && needsCopy(I, N);
    size_t FloatingDefs = 0;
    for (size_t N = 0; N < C.Defs.size(); ++N) {
      bool Tied = llvm::any_of(C.Uses, [&](const Constraints::Use &U) {
        return U.TiedTo == static_cast<int32_t>(N);
      });
      if (C.Defs[N].Fixed != mir::NoReg)
        continue;
      ++FloatingDefs;
      Before += C.Defs[N].Early && !Tied;
    }
    if (Before > count(Allocatable & ~FixedUses & ~FixedDefs & ~C.Clobbers))
      return Fit::EvictOther;
    size_t After = count(Allocatable & ~FixedDefs & ~C.Clobbers);
    return Through + FloatingDefs <= After ? Fit::Yes : Fit::EvictAny;
  }

  /// Operand \p N is tied to a result but its value is needed elsewhere too.
  bool needsCopy(const Inst &I, size_t N) const {
    return llvm::is_contained(W, I.Uses[N]) ||
           llvm::count(I.Uses, I.Uses[N]) > 1;
  }

  llvm::Error tooMany(const Inst &I) const {
    SourceLoc Loc;
    if (I.Loc != mir::None) {
      const mir::DebugLoc &At = F.Locs[I.Loc];
      Loc = {F.Files[At.File], At.Line, At.Column};
    }
    if (I.Op != mir::INLINE_ASM)
      return diagError(DiagCode::Internal, Loc,
                       "no register is left in `" + F.Name + "`");
    return diagError(DiagCode::AsmError, Loc,
                     "it needs more registers than there are");
  }

  // -- Edges

  void joinEdges() {
    for (BlockId B : Dom.reversePostorder()) {
      for (auto [R, Distance] : Uses.entry(B))
        if (!std::binary_search(Plan.Entry[B].begin(), Plan.Entry[B].end(), R))
          for (const Inst &I : F.Blocks[B].Insts) {
            if (I.Op != mir::PHI)
              break;
            if (I.Defs[0] == R)
              Plan.MemoryPhi[R] = true;
          }
      for (size_t P = 0; P < F.Blocks[B].Preds.size(); ++P) {
        PhiMap Map(F, B, P);
        const std::vector<Reg> &Exit = Plan.Exit[F.Blocks[B].Preds[P]];
        for (auto [R, Distance] : Uses.entry(B)) {
          Reg From = Map.operand(R);
          bool Wanted = Plan.MemoryPhi[R]
                            ? From != R
                            : std::binary_search(Plan.Entry[B].begin(),
                                                 Plan.Entry[B].end(), R);
          if (Wanted && !Plan.isRemat(From) &&
              !std::binary_search(Exit.begin(), Exit.end(), From))
            Needs.add(From, F.Blocks[B].Preds[P]);
        }
      }
    }
  }

  mir::Function &F;
  mir::Dominators Dom;
  Loops L;
  NextUse Uses;
  SpillPlan Plan;
  std::vector<uint32_t> Next; ///< by register, at the current instruction
  MemoryNeeds Needs;
  std::vector<bool> Done;
  std::vector<LoopPressure> Pressures; ///< by header
  RegList W;
};

} // namespace

llvm::Expected<SpillPlan> spill(mir::Function &F) { return Spiller(F).run(); }

} // namespace bpfcc::regalloc

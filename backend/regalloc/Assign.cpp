// Register assignment.
//
// needs: code in which at each point the values in registers fit
// gives: physical registers; moves where a value has to change its register
//
//   %17 in r2, lives across the call     r6 = r2
//   %18 in r6, dies at it           ->   r1 = 7
//   CALL_HELPER %19                      CALL_HELPER r1
//
// Blocks are visited so that one pred of each comes before it. A result takes
// the free register that its preferences score highest. Where an instruction
// prescribes registers, whatever stands in the way moves, all in one parallel
// copy. Since the pressure fits, a place is always found; the order of the
// visits follows dominance, so that without prescribed registers no value ever
// moves (Hack, Grund and Goos, "Register Allocation for Programs in SSA Form",
// CC 2006; Braun, Mallon and Hack, CC 2010). What differs at the two ends of an
// edge is put right on the edge.

#include "backend/regalloc/Assign.h"

#include "backend/mir/Shape.h"
#include "backend/regalloc/EarlySave.h"
#include "backend/regalloc/Edges.h"
#include "backend/regalloc/NextUse.h"
#include "backend/regalloc/ParallelCopy.h"
#include "backend/regalloc/Preferences.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

/// A sum stays where its first operand is, the pointer if one is.
constexpr float SecondOperand = 0.9f;

/// In which order registers are tried when nothing speaks for one: that of
/// Clang, so that what the verifier says of a program names the same ones;
/// those that survive calls last.
constexpr Reg TryOrder[NumAllocatable] = {1, 2, 3, 4, 5, 0, 6, 7, 8, 9};

class Assigner {
public:
  Assigner(mir::Function &F, const SpillPlan &Plan)
      : F(F), Plan(Plan), Rpo(mir::reversePostorder(F)), Prefs(F, Plan, Rpo),
        PhiEdge(phiEdges()), Slots(F), At(F.NextReg, mir::NoReg),
        LastAt(F.NextReg, mir::NoReg), Hint(F.NextReg, mir::NoReg) {
    Locations.Entry.resize(F.Blocks.size());
    Locations.Exit.resize(F.Blocks.size());
    Done.resize(F.Blocks.size());
  }

  void run() {
    for (BlockId B : Rpo)
      block(B);
    std::vector<std::vector<Inst>> Phis = takePhis();
    for (BlockId B : Rpo)
      F.Blocks[B].Insts = std::move(Code[B]);
    repairEdges(F, Plan, Locations, Phis, PhiEdge, Slots);
  }

private:
  std::vector<std::vector<Inst>> takePhis() {
    std::vector<std::vector<Inst>> Phis(F.Blocks.size());
    for (BlockId B : Rpo)
      for (Inst &I : F.Blocks[B].Insts) {
        if (I.Op != mir::PHI)
          break;
        Phis[B].push_back(std::move(I));
      }
    return Phis;
  }

  // -- State: what each register holds

  void hold(Reg V, Reg R) {
    llvm::erase_if(Claims, [&](const auto &C) { return C.first == V; });
    At[V] = LastAt[V] = R;
    Holder[R] = V;
    Held |= bit(R);
    for (Reg Other : Prefs.Related[V])
      if (Hint[Other] == mir::NoReg)
        Hint[Other] = R;
  }

  void release(Reg V) {
    Held &= ~bit(At[V]);
    At[V] = mir::NoReg;
  }

  void clear() {
    for (Reg R = 0; R < NumAllocatable; ++R)
      if (Held & bit(R))
        At[Holder[R]] = mir::NoReg;
    Held = 0;
  }

  // -- Scores

  /// Adds what values joined with \p V by phis suggest.
  void addRelated(Reg V, float Weight, Score &S) const {
    for (Reg Other : Prefs.Related[V]) {
      Reg R = LastAt[Other] != mir::NoReg ? LastAt[Other] : Hint[Other];
      if (R != mir::NoReg)
        S[R] += Weight;
    }
  }

  Score scoreOf(Reg V, float Weight) const {
    Score S = Prefs.Wants[V];
    constexpr int MaxChain = 4;
    float Decayed = Weight;
    Reg Link = V;
    for (int N = 0; N < MaxChain && Link != mir::NoReg; ++N) {
      addRelated(Link, Decayed, S);
      Link = Prefs.Continues[Link];
      Decayed *= 0.8f;
    }
    respectClaims(V, Weight, S);
    respectSiblings(V, Weight, S);
    return S;
  }

  static Reg best(const Score &S, RegSet Free) {
    Reg Best = mir::NoReg;
    for (Reg R : TryOrder)
      if ((Free & bit(R)) && (Best == mir::NoReg || S[R] > S[Best]))
        Best = R;
    return Best;
  }

  /// A value that lives across a call moves once wherever it is; in a register
  /// that survives calls it is in no argument's way.
  Reg bestFor(Reg V, const Score &S, RegSet Free) const {
    Reg Best = best(S, Free);
    if (!Prefs.Crosses[V] || Best == mir::NoReg || (CalleeSaved & bit(Best)))
      return Best;
    Reg Saved = best(S, Free & CalleeSaved);
    return Saved != mir::NoReg && S[Saved] >= S[Best] ? Saved : Best;
  }

  // -- Blocks

  void block(BlockId B) {
    clear();
    Block = B;
    Weight = F.Blocks[B].Frequency;
    enterBlock(B);
    Code.resize(std::max<size_t>(Code.size(), B + 1));
    Out = &Code[B];
    const std::vector<Inst> &Insts = F.Blocks[B].Insts;
    claim(B);
    Out->reserve(Insts.size());
    for (size_t N = 0; N < Insts.size(); ++N) {
      const Inst &I = Insts[N];
      if (I.Op == mir::PHI)
        continue;
      Dies = Prefs.Dies[B][N];
      DeadDefs = Prefs.DeadDefs[B][N];
      if (I.Op == mir::ARG)
        continue; // placed by enterBlock
      if (I.Op == mir::COPY)
        mark(I);
      else if (isOperandOnly(Insts, N))
        Deferred.push_back(&I);
      else if (isForEdge(I))
        continue; // made there
      else
        instruction(I);
    }
    for (Reg R : Prefs.LiveOut[B])
      if (At[R] != mir::NoReg)
        Locations.Exit[B].push_back({R, At[R]});
    Done[B] = true;
  }

  /// What a value wants where it is used often may be had by one move on the
  /// way there: more than that a place in this block is not worth.
  Score worthHere(Score S) const {
    for (float &Of : S)
      Of = std::clamp(Of, -Weight, Weight);
    return S;
  }

  void enterBlock(BlockId B) {
    if (B == 0) {
      for (size_t N = 0; N < F.Blocks[B].Insts.size(); ++N) {
        const Inst &I = F.Blocks[B].Insts[N];
        if (I.Op != mir::ARG)
          break;
        if (!Prefs.DeadDefs[B][N])
          hold(I.Defs[0], static_cast<Reg>(I.Imm + 1));
      }
      return;
    }
    const std::vector<Reg> &Entry = Prefs.LiveIn[B];
    const auto &Preds = F.Blocks[B].Preds;
    std::vector<Score> Scores(Entry.size());
    if (Preds.size() > 1)
      for (size_t V = 0; V < Entry.size(); ++V)
        Scores[V] = worthHere(scoreOf(Entry[V], 0.5f * Weight));
    for (size_t P = 0; P < Preds.size(); ++P) {
      if (!Done[Preds[P]])
        continue;
      PhiMap Map(F, B, P);
      float Edge =
          std::min(F.Blocks[Preds[P]].Frequency, F.Blocks[B].Frequency);
      for (size_t V = 0; V < Entry.size(); ++V)
        if (Reg R = Locations.exit(Preds[P], Map.operand(Entry[V]));
            R != mir::NoReg)
          Scores[V][R] += Edge;
    }
    match(Entry, Scores);
    for (Reg V : Entry)
      Locations.Entry[B].push_back({V, At[V]});
  }

  /// Where values that \p B computes for later should be, as far as values
  /// joined with them say.
  void claim(BlockId B) {
    Claims.clear();
    for (const Inst &I : F.Blocks[B].Insts)
      for (Reg D : I.Defs) {
        if (Prefs.Related[D].empty() ||
            !std::binary_search(Prefs.LiveOut[B].begin(),
                                Prefs.LiveOut[B].end(), D))
          continue;
        Score S = {};
        addRelated(D, 1, S);
        auto Most = std::max_element(S.begin(), S.end());
        if (*Most > 0)
          Claims.push_back({D, static_cast<Reg>(Most - S.begin())});
      }
  }

  /// What becomes a phi should not be where another phi of the block is.
  void respectSiblings(Reg V, float Weight, Score &S) const {
    constexpr float Share = 0.25f; // the other one may be late
    for (Reg Phi : Prefs.Related[V])
      for (Reg Other : Prefs.Siblings[Phi]) {
        Reg R = LastAt[Other] != mir::NoReg ? LastAt[Other] : Hint[Other];
        if (R != mir::NoReg)
          S[R] -= Share * Weight;
      }
  }

  /// \p V, which lives as long, should not be where another value will come.
  void respectClaims(Reg V, float Weight, Score &S) const {
    if (Claims.empty() || !std::binary_search(Prefs.LiveOut[Block].begin(),
                                              Prefs.LiveOut[Block].end(), V))
      return;
    for (auto [Of, R] : Claims)
      if (Of != V)
        S[R] -= Weight;
  }

  /// Gives each of \p Values a register, the best pairs first.
  void match(const std::vector<Reg> &Values, const std::vector<Score> &Scores) {
    struct Pair {
      float S;
      uint32_t Value, Try;
    };
    std::vector<Pair> Pairs;
    for (uint32_t V = 0; V < Values.size(); ++V)
      for (uint32_t T = 0; T < NumAllocatable; ++T)
        Pairs.push_back({Scores[V][TryOrder[T]], V, T});
    std::stable_sort(Pairs.begin(), Pairs.end(),
                     [](const Pair &A, const Pair &B) { return A.S > B.S; });
    std::vector<bool> Placed(Values.size());
    for (const Pair &P : Pairs) {
      Reg R = TryOrder[P.Try];
      if (Placed[P.Value] || (Held & bit(R)))
        continue;
      Placed[P.Value] = true;
      hold(Values[P.Value], R);
    }
  }

  // -- Instructions

  void mark(const Inst &I) {
    if (I.Defs.empty()) {
      Reg V = I.Uses[0];
      Out->push_back(storeInst(Slots.of(V), At[V], mir::None));
      if (Dies)
        release(V);
      return;
    }
    Reg V = I.Defs[0];
    Reg R = bestFor(V, scoreOf(V, Weight), Allocatable & ~Held);
    Out->push_back(fetch(Plan, Slots, V, R));
    if (!DeadDefs)
      hold(V, R);
  }

  /// True if \p Insts[N] makes a constant for a prescribed operand of the
  /// instruction that follows and for nothing else. It is made there, when
  /// everything else is in its place.
  bool isOperandOnly(const std::vector<Inst> &Insts, size_t N) const {
    if (!isRematerialisable(Insts[N]) || DeadDefs)
      return false;
    size_t Next = N + 1;
    while (Next < Insts.size() && isRematerialisable(Insts[Next]))
      ++Next;
    if (Next == Insts.size())
      return false;
    const Inst &User = Insts[Next];
    Reg V = Insts[N].Defs[0];
    Constraints C = constraints(F, User);
    for (size_t U = 0; U < User.Uses.size(); ++U)
      if (User.Uses[U] == V)
        return C.Any && C.Uses[U].Fixed != mir::NoReg &&
               (Prefs.Dies[Block][Next] >> U & 1) &&
               llvm::count(User.Uses, V) == 1;
    return false;
  }

  /// True if \p I makes a constant for phis behind the jump that ends this
  /// block and for nothing else, and the register that it should have is not
  /// free: on the edge it will be.
  bool isForEdge(const Inst &I) const {
    if (!isRematerialisable(I) || PhiEdge[I.Defs[0]] != Block ||
        F.Blocks[Block].Insts.back().Op != mir::JA)
      return false;
    Score S = scoreOf(I.Defs[0], Weight);
    return Held & bit(best(S, Allocatable));
  }

  /// By register: the block whose end is the only place that it is used at, by
  /// phis behind it; else Elsewhere.
  std::vector<BlockId> phiEdges() const {
    constexpr BlockId Unused = ~0u - 1;
    std::vector<BlockId> Edge(F.NextReg, Unused);
    for (const mir::Block &B : F.Blocks)
      for (const Inst &I : B.Insts)
        for (size_t N = 0; N < I.Uses.size(); ++N)
          if (Reg U = I.Uses[N]; mir::isVirtual(U)) {
            BlockId At = I.Op == mir::PHI ? B.Preds[N] : Elsewhere;
            Edge[U] = Edge[U] == Unused || Edge[U] == At ? At : Elsewhere;
          }
    return Edge;
  }

  Reg place(Reg U) const { return mir::isVirtual(U) ? At[U] : U; }

  void releaseDying(const Inst &I) {
    for (size_t N = 0; N < I.Uses.size(); ++N)
      if ((Dies >> N & 1) && At[I.Uses[N]] != mir::NoReg)
        release(I.Uses[N]);
  }

  void instruction(const Inst &I) {
    Constraints C = constraints(F, I);
    if (C.Any) {
      constrained(I, C);
      return;
    }
    Inst New = I;
    for (Reg &U : New.Uses)
      U = place(U);
    releaseDying(I);
    for (size_t N = 0; N < I.Defs.size(); ++N) {
      Reg D = I.Defs[N];
      Score S = scoreOf(D, Weight);
      RegSet Free = Allocatable & ~Held;
      if (mir::isTwoAddress(I)) {
        if (mir::isPhysical(New.Uses[0]) && New.Uses[0] < NumAllocatable)
          S[New.Uses[0]] += Weight;
        if (keepsSecondOperand(I) && New.Uses[1] < NumAllocatable)
          Free &= ~bit(New.Uses[1]);
        else if (New.Uses.size() == 2 && New.Uses[1] < NumAllocatable)
          S[New.Uses[1]] += SecondOperand * Weight;
      }
      New.Defs[N] = bestFor(D, S, Free);
      if (!(DeadDefs >> N & 1))
        hold(D, New.Defs[N]);
    }
    Out->push_back(std::move(New));
  }

  // -- Instructions that prescribe registers

  void constrained(const Inst &I, const Constraints &C) {
    RegSet Prescribed = C.Clobbers | C.fixedUses() | C.fixedDefs();
    RegSet Left = Allocatable & ~Prescribed;
    // New places, by value, of all that is held before I and needed in or
    // after it.
    llvm::SmallVector<std::pair<Reg, Reg>, 12> Places;
    auto DiesHere = [&](Reg V) {
      for (size_t N = 0; N < I.Uses.size(); ++N)
        if (I.Uses[N] == V && (Dies >> N & 1))
          return true;
      return false;
    };
    for (Reg R = 0; R < NumAllocatable; ++R) {
      if (!(Held & bit(R)))
        continue;
      Reg V = Holder[R];
      Reg Fixed = sharedPlace(I, C, V, !DiesHere(V));
      Places.push_back({V, Fixed});
      if (Fixed == mir::NoReg && (Left & bit(R))) {
        Places.back().second = R;
        Left &= ~bit(R);
      }
    }
    for (auto &[V, R] : Places)
      if (R == mir::NoReg) {
        R = bestFor(V, scoreOf(V, Weight), Left);
        Left &= ~bit(R);
      }
    auto NewPlace = [&](Reg V) {
      for (auto &[Value, R] : Places)
        if (Value == V)
          return R;
      return V; // r10
    };
    llvm::SmallVector<Move, 8> Moves;
    RegSet Busy = 0;
    for (auto &[V, R] : Places) {
      Moves.push_back({R, At[V]});
      Busy |= bit(R) | bit(At[V]);
    }
    Inst New = I;
    llvm::SmallVector<Inst, 4> Made;
    for (size_t N = 0; N < I.Uses.size(); ++N) {
      Reg U = I.Uses[N];
      auto Later = llvm::find_if(
          Deferred, [&](const Inst *D) { return D->Defs[0] == U; });
      if (Later != Deferred.end()) {
        Made.push_back(**Later);
        Made.back().Defs[0] = New.Uses[N] = C.Uses[N].Fixed;
        continue;
      }
      Reg Target = NewPlace(U);
      if (C.Uses[N].Fixed != mir::NoReg)
        Target = C.Uses[N].Fixed;
      else if (C.Uses[N].TiedTo != mir::None &&
               (!mir::isVirtual(U) || !DiesHere(U) ||
                llvm::count(I.Uses, U) > 1)) {
        Target = best(scoreOf(I.Defs[C.Uses[N].TiedTo], Weight), Left);
        Left &= ~bit(Target);
      }
      New.Uses[N] = Target;
      if (!llvm::any_of(Moves, [&](const Move &M) { return M.To == Target; }))
        Moves.push_back({Target, place(U)});
    }
    emitParallelCopy(Moves, Busy, [&] { return Slots.scratch(); }, I.Loc, *Out);
    llvm::append_range(*Out, Made);
    Deferred.clear();
    for (auto &[V, R] : Places)
      release(V);
    for (auto &[V, R] : Places)
      if (!DiesHere(V))
        hold(V, R);
    results(I, C, New, Left);
    Out->push_back(std::move(New));
    if (I.Targets.empty())
      for (Reg D : I.Defs)
        saveEarly(D, I.Loc);
  }

  void saveEarly(Reg V, int32_t Loc) {
    RegSet Free = CalleeSaved & ~Held;
    if (!Prefs.Crosses[V] || At[V] == mir::NoReg || !Free ||
        !(CallerSaved & bit(At[V])) ||
        std::binary_search(Prefs.CrossesIn[Block].begin(),
                           Prefs.CrossesIn[Block].end(), V) ||
        !savesEarly(F, Prefs, V, Block))
      return;
    Reg R = best(scoreOf(V, Weight), Free);
    emitParallelCopy(
        {{R, At[V]}}, bit(R) | bit(At[V]), [&] { return Slots.scratch(); }, Loc,
        *Out);
    release(V);
    hold(V, R);
  }

  /// \p Left: registers that nothing in or after \p I uses.
  void results(const Inst &I, const Constraints &C, Inst &New, RegSet Left) {
    RegSet Taken = Held | C.fixedDefs();
    auto TiedUse = [&](size_t Def) -> Reg {
      for (size_t N = 0; N < C.Uses.size(); ++N)
        if (C.Uses[N].TiedTo == static_cast<int32_t>(Def))
          return New.Uses[N];
      return mir::NoReg;
    };
    for (size_t N = 0; N < I.Defs.size(); ++N) {
      Reg R = C.Defs[N].Fixed != mir::NoReg ? C.Defs[N].Fixed : TiedUse(N);
      New.Defs[N] = R;
      if (R != mir::NoReg)
        Taken |= bit(R);
    }
    for (bool Early : {true, false})
      for (size_t N = 0; N < I.Defs.size(); ++N) {
        if (New.Defs[N] != mir::NoReg || C.Defs[N].Early != Early)
          continue;
        RegSet Free = Allocatable & ~Taken & ~C.Clobbers;
        if (Early)
          Free &= Left;
        New.Defs[N] = best(scoreOf(I.Defs[N], Weight), Free);
        Taken |= bit(New.Defs[N]);
      }
    for (size_t N = 0; N < I.Defs.size(); ++N)
      if (!(DeadDefs >> N & 1))
        hold(I.Defs[N], New.Defs[N]);
  }

  mir::Function &F;
  const SpillPlan &Plan;
  std::vector<BlockId> Rpo;
  Preferences Prefs;
  static constexpr BlockId Elsewhere = ~0u;
  std::vector<BlockId> PhiEdge; ///< see phiEdges()
  SlotTable Slots;
  BorderLocations Locations;
  std::vector<bool> Done;
  std::vector<std::vector<Inst>> Code;

  std::vector<Reg> At;     ///< by value: where it is now
  std::vector<Reg> LastAt; ///< by value: where it was last put
  std::vector<Reg> Hint;   ///< by value: where a value joined with it was put
  Reg Holder[NumAllocatable] = {};
  RegSet Held = 0;

  llvm::SmallVector<std::pair<Reg, Reg>, 4> Claims; ///< see claim()
  std::vector<Inst> *Out = nullptr;
  BlockId Block = 0;
  float Weight = 1;
  llvm::SmallVector<const Inst *, 4> Deferred; ///< see isOperandOnly
  uint32_t Dies = 0, DeadDefs = 0;             ///< of the current instruction
};

} // namespace

void assign(mir::Function &F, const SpillPlan &Plan) {
  Assigner(F, Plan).run();
}

} // namespace bpfcc::regalloc

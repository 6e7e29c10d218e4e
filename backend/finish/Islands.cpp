// Jumps over more slots than 16 bits can count.
//
// needs: linear code, jumps by place
// gives: the same with jumps that reach
//
//        if r1 == 0 goto far            if r1 == 0 goto island
//        ...                            ...
//        exit                  ->       exit
//        ...                    island: goto far     (from v4 on: gotol far)
//   far: ...                            ...
//                                  far: ...
//
// An island stands where control does not fall into it, behind a jump or an
// exit; where there is none for long, a jump leads around it. Jumps with one
// target share islands, and an island that does not reach goes on over the
// next one. Islands push code apart, so the loop runs until all jumps reach.
// The scheme is that of constant islands and branch stubs in other linkers
// and assemblers (Szymanski, Assembling Code for Machines with Span-Dependent
// Instructions, CACM 1978).

#include "backend/finish/Islands.h"

#include "backend/finish/Unreachable.h"
#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"

#include <algorithm>
#include <map>

namespace bpfcc {

namespace {

/// How far a jump may go. A kernel that loads the program puts several
/// instructions in the place of a map lookup or of an access to the context,
/// and refuses it where a jump then goes too far.
constexpr int64_t MaxDistance = INT16_MAX / 2;
/// How far from its jump an island is put: some slots of other islands may
/// still come between.
constexpr int64_t Reach = MaxDistance - 1024;
constexpr unsigned MaxRounds = 64;
/// Where islands are most of the code, they push each other apart without end.
constexpr size_t MaxGrowth = 2;

bool isPlain(isa::Op Op) { return Op == isa::Op::JA || Op == isa::Op::JAL; }

bool leaves(isa::Op Op) { return isPlain(Op) || Op == isa::Op::EXIT; }

class Islands {
public:
  Islands(LinearCode &L, unsigned Cpu) : L(L), Cpu(Cpu) {
    Final.resize(L.Starts.size());
    for (uint32_t I = 0; I < Final.size(); ++I)
      Final[I] = I;
  }

  llvm::Error run() {
    const size_t Before = L.Code.Insts.size();
    for (unsigned Round = 0; Round < MaxRounds; ++Round) {
      measure();
      bool Changed = false;
      for (uint32_t J = 0; J < L.Jumps.size(); ++J) {
        LinearCode::Jump &Jump = L.Jumps[J];
        isa::Inst &I = L.Code.Insts[Jump.Inst];
        int64_t D = distance(L, Jump, Slots);
        if (I.Opcode == isa::Op::JAL || std::abs(D) <= MaxDistance)
          continue;
        Changed = true;
        if (I.Opcode == isa::Op::JA && Cpu >= 4)
          I.Opcode = isa::Op::JAL;
        else if (!lead(Jump, D > 0))
          return tooFar(D);
      }
      if (!Changed)
        return llvm::Error::success();
      insert();
      if (L.Code.Insts.size() > MaxGrowth * Before)
        break;
    }
    return tooFar(0);
  }

private:
  struct Island {
    uint32_t Site; ///< stands before this instruction
    uint32_t Label;
    uint32_t To;
  };

  llvm::Error tooFar(int64_t D) const {
    SourceLoc Loc;
    if (!L.Code.Lines.empty()) {
      const CodeLine &Line = L.Code.Lines.front();
      Loc = {Line.File, Line.Line, Line.Column};
    }
    return withHelp(
        diagError(DiagCode::BranchTooFar, Loc, L.Code.Name, D, "16 bits"),
        "split the assembly text that the branch leads over");
  }

  void measure() {
    Slots = slotsOf(L.Code);
    FreeSites.clear();
    for (uint32_t I = 1; I < L.Code.Insts.size(); ++I)
      if (leaves(L.Code.Insts[I - 1].Opcode) && siteNear(I, true) == I)
        FreeSites.push_back(I);
  }

  /// \p Site, or the nearest one before or behind that is not inside a text.
  uint32_t siteNear(uint32_t Site, bool Before) const {
    auto It = std::upper_bound(
        L.Texts.begin(), L.Texts.end(), Site,
        [](uint32_t S, const LinearCode::Range &R) { return S < R.Last; });
    if (It == L.Texts.end() || Site <= It->First)
      return Site;
    return Before ? It->First : It->Last;
  }

  /// Sends \p Jump over an island in its reach.
  bool lead(LinearCode::Jump &Jump, bool Forward) {
    uint32_t To = Final[Jump.To];
    int64_t From = Slots[Jump.Inst];
    for (auto [It, End] = ByTarget.equal_range(To); It != End; ++It) {
      int64_t Place = place(It->second);
      if (Forward ? Place > From && Place - From <= Reach
                  : Place < From && From - Place <= Reach) {
        Jump.To = It->second;
        return true;
      }
    }
    uint32_t Site = site(Jump.Inst, Forward);
    bool Closer = Forward ? Site > Jump.Inst : Site <= Jump.Inst;
    if (Site == 0 || Site >= L.Code.Insts.size() || !Closer ||
        std::abs(int64_t(Slots[Site]) - From) > Reach)
      return false;
    uint32_t Label = L.Starts.size();
    L.Starts.push_back(Site);
    Final.push_back(To);
    New.push_back({Site, Label, To});
    ByTarget.emplace(To, Label);
    Jump.To = Label;
    return true;
  }

  int64_t place(uint32_t Label) const { return Slots[L.Starts[Label]]; }

  /// The farthest place for an island of a jump at \p Inst.
  uint32_t site(uint32_t Inst, bool Forward) const {
    int64_t Limit = int64_t(Slots[Inst]) + (Forward ? Reach : -Reach);
    auto Slot = [&](uint32_t Site) { return int64_t(Slots[Site]); };
    if (Forward) {
      auto It =
          std::partition_point(FreeSites.begin(), FreeSites.end(),
                               [&](uint32_t S) { return Slot(S) <= Limit; });
      if (It != FreeSites.begin() && Slot(It[-1]) > Limit - Reach / 2)
        return It[-1];
    } else {
      auto It =
          std::partition_point(FreeSites.begin(), FreeSites.end(),
                               [&](uint32_t S) { return Slot(S) < Limit; });
      if (It != FreeSites.end() && Slot(*It) < Limit + Reach / 2)
        return *It;
    }
    // An instruction of two slots may lie over the limit.
    auto Any =
        std::partition_point(Slots.begin(), Slots.end(), [&](uint32_t S) {
          return S + (Forward ? 0 : 1) <= Limit;
        });
    uint32_t Site = uint32_t(Any - Slots.begin()) - (Forward ? 1 : 0);
    return siteNear(std::min(Site, uint32_t(L.Code.Insts.size() - 1)), Forward);
  }

  /// Puts the new islands into the code and moves all that counts
  /// instructions.
  void insert() {
    if (New.empty())
      return;
    std::stable_sort(
        New.begin(), New.end(),
        [](const Island &A, const Island &B) { return A.Site < B.Site; });
    std::vector<isa::Inst> Insts;
    std::vector<LinearCode::Jump> Jumps;
    std::vector<uint32_t> NewIndex; // by old index
    std::vector<std::pair<uint32_t, uint32_t>> Places;
    auto OldJump = L.Jumps.begin();
    auto Next = New.begin();
    for (uint32_t I = 0; I <= L.Code.Insts.size(); ++I) {
      if (Next != New.end() && Next->Site == I) {
        if (!leaves(Insts.back().Opcode)) {
          // What follows gets a label, for the way around.
          L.Starts.push_back(I);
          Final.push_back(Final.size());
          Jumps.push_back({uint32_t(Insts.size()), Final.back()});
          Insts.push_back({isa::Op::JA, 0, 0, 0, 0});
        }
        for (; Next != New.end() && Next->Site == I; ++Next) {
          Places.push_back({Next->Label, uint32_t(Insts.size())});
          Jumps.push_back({uint32_t(Insts.size()), Next->To});
          Insts.push_back({isa::Op::JA, 0, 0, 0, 0});
        }
      }
      NewIndex.push_back(Insts.size());
      if (I == L.Code.Insts.size())
        break;
      if (OldJump != L.Jumps.end() && OldJump->Inst == I) {
        Jumps.push_back({uint32_t(Insts.size()), OldJump->To});
        ++OldJump;
      }
      Insts.push_back(L.Code.Insts[I]);
    }
    renumber(L, NewIndex);
    for (auto [Label, Place] : Places)
      L.Starts[Label] = Place;
    L.Code.Insts = std::move(Insts);
    L.Jumps = std::move(Jumps);
    New.clear();
  }

  LinearCode &L;
  unsigned Cpu;
  std::vector<uint32_t> Slots;
  std::vector<uint32_t> FreeSites; ///< rising
  std::vector<uint32_t> Final;     ///< by label: where its islands lead
  std::multimap<uint32_t, uint32_t> ByTarget; ///< to labels of islands
  std::vector<Island> New;
};

} // namespace

std::vector<uint32_t> slotsOf(const CodeFunction &Code) {
  std::vector<uint32_t> Slots;
  Slots.reserve(Code.Insts.size() + 1);
  uint32_t At = 0;
  for (const isa::Inst &I : Code.Insts) {
    Slots.push_back(At);
    At += isa::slots(I.Opcode);
  }
  Slots.push_back(At);
  return Slots;
}

int64_t distance(const LinearCode &L, const LinearCode::Jump &J,
                 const std::vector<uint32_t> &Slots) {
  return int64_t(Slots[L.Starts[J.To]]) - (Slots[J.Inst] + 1);
}

llvm::Error addIslands(LinearCode &L, unsigned Cpu) {
  return Islands(L, Cpu).run();
}

} // namespace bpfcc

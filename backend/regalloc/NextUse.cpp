#include "backend/regalloc/NextUse.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

Loops::Loops(const mir::Function &F, const mir::Dominators &Dom)
    : Innermost(F.Blocks.size(), NoLoop), Parent(F.Blocks.size(), NoLoop) {
  // Inner loops first; a block that is in a loop already stands for it.
  auto Outermost = [&](BlockId H) {
    while (Parent[H] != NoLoop)
      H = Parent[H];
    return H;
  };
  const std::vector<BlockId> &Order = Dom.preorder();
  for (size_t N = Order.size(); N-- > 0;) {
    BlockId Header = Order[N];
    std::vector<BlockId> Work;
    for (BlockId P : F.Blocks[Header].Preds)
      if (Dom.isReachable(P) && Dom.dominates(Header, P))
        Work.push_back(P);
    if (Work.empty())
      continue;
    Innermost[Header] = Header;
    while (!Work.empty()) {
      BlockId B = Work.back();
      Work.pop_back();
      if (Innermost[B] == NoLoop)
        Innermost[B] = Header;
      else {
        BlockId Outer = Outermost(Innermost[B]);
        if (Outer == Header)
          continue;
        Parent[Outer] = Header;
        B = Outer;
      }
      for (BlockId P : F.Blocks[B].Preds)
        if (Dom.isReachable(P) && Dom.dominates(Header, P))
          Work.push_back(P);
    }
  }
}

bool Loops::contains(BlockId Header, BlockId B) const {
  for (BlockId H = Innermost[B]; H != NoLoop; H = Parent[H])
    if (H == Header)
      return true;
  return false;
}

size_t predIndex(const mir::Function &F, BlockId Pred, size_t Target) {
  llvm::ArrayRef<BlockId> Succs = mir::successors(F.Blocks[Pred]);
  BlockId B = Succs[Target];
  size_t Skip =
      static_cast<size_t>(std::count(Succs.begin(), Succs.begin() + Target, B));
  const auto &Preds = F.Blocks[B].Preds;
  for (size_t I = 0; I < Preds.size(); ++I)
    if (Preds[I] == Pred && Skip-- == 0)
      return I;
  return 0;
}

PhiMap::PhiMap(const mir::Function &F, BlockId B, size_t PredIndex) {
  for (const Inst &I : F.Blocks[B].Insts) {
    if (I.Op != mir::PHI)
      break;
    Pairs.push_back({I.Defs[0], I.Uses[PredIndex]});
  }
}

static uint32_t add(uint32_t A, uint32_t B) {
  uint64_t Sum = uint64_t(A) + B;
  return Sum >= NextUse::Never ? NextUse::Never - 1
                               : static_cast<uint32_t>(Sum);
}

static void sortAndMerge(NextUse::Distances &D) {
  std::sort(D.begin(), D.end());
  D.erase(std::unique(D.begin(), D.end(),
                      [](auto &A, auto &B) { return A.first == B.first; }),
          D.end());
}

NextUse::Distances NextUse::exit(BlockId B) const {
  Distances Out;
  llvm::ArrayRef<BlockId> Succs = mir::successors(F.Blocks[B]);
  for (size_t T = 0; T < Succs.size(); ++T) {
    BlockId S = Succs[T];
    bool Leaves =
        L.Innermost[B] != Loops::NoLoop && !L.contains(L.Innermost[B], S);
    uint32_t Length = Leaves ? LoopExit : 0;
    PhiMap Phis(F, S, predIndex(F, B, T));
    for (auto [R, Distance] : Entry[S])
      Out.push_back({Phis.operand(R), add(Distance, Length)});
  }
  if (Succs.size() > 0)
    sortAndMerge(Out);
  return Out;
}

NextUse::NextUse(const mir::Function &F, const mir::Dominators &Dom,
                 const Loops &L)
    : F(F), L(L), Entry(F.Blocks.size()) {
  // By block: uses that no def in the block precedes, and the defs (without
  // those of phis), both by rising register.
  struct Local {
    Distances Uses;
    std::vector<Reg> Defs;
    uint32_t Length = 0;
  };
  std::vector<Local> Locals(F.Blocks.size());
  std::vector<uint32_t> DefinedIn(F.NextReg, ~0u);
  for (BlockId B : Dom.reversePostorder()) {
    Local &Here = Locals[B];
    for (const Inst &I : F.Blocks[B].Insts) {
      if (I.Op == mir::PHI)
        continue;
      for (Reg U : I.Uses)
        if (mir::isVirtual(U) && DefinedIn[U] != B)
          Here.Uses.push_back({U, Here.Length});
      for (Reg D : I.Defs) {
        DefinedIn[D] = B;
        Here.Defs.push_back(D);
      }
      ++Here.Length;
    }
    sortAndMerge(Here.Uses);
    std::sort(Here.Defs.begin(), Here.Defs.end());
  }
  const std::vector<BlockId> &Rpo = Dom.reversePostorder();
  constexpr int MaxRoundsForDistances = 8;
  bool SetsChange = true, Changed = true;
  for (int Round = 0; SetsChange || (Changed && Round < MaxRoundsForDistances);
       ++Round) {
    SetsChange = Changed = false;
    for (size_t N = Rpo.size(); N-- > 0;) {
      BlockId B = Rpo[N];
      const Local &Here = Locals[B];
      Distances In = Here.Uses;
      auto Def = Here.Defs.begin();
      for (auto [R, Distance] : exit(B)) {
        while (Def != Here.Defs.end() && *Def < R)
          ++Def;
        if (Def == Here.Defs.end() || *Def != R)
          In.push_back({R, add(Distance, Here.Length)});
      }
      sortAndMerge(In);
      SetsChange |= In.size() != Entry[B].size();
      Changed |= In != Entry[B];
      Entry[B] = std::move(In);
    }
  }
}

} // namespace bpfcc::regalloc

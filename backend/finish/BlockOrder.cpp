// Block placement: chains of fall-through edges.
//
// needs: cleaned-up blocks with estimated frequencies
// gives: an order in which the most frequent edges fall through
//
//   bb0: if r1 == 0 goto bb2 else bb1     bb1: ... goto bb3    bb2: ... goto
//   bb3
//   ->  bb0 bb1 bb3 bb2          one jump left, from bb2 to bb3
//
// Pettis and Hansen, "Profile Guided Code Positioning" (PLDI 1990): edges are
// visited by falling frequency; an edge joins two chains when it leaves the
// tail of one and enters the head of another. A plain jump costs an
// instruction when it does not fall through, a conditional one only when
// neither way does, so at equal frequency plain jumps are served first. A loop
// whose last block tests is entered by falling into it and jumps back there.
//
// Greed leaves blocks from which nothing falls through although something
// could. Each costs an instruction, so a second round looks for augmenting
// paths, as in bipartite matching: a block takes the place before one of its
// successors, whose old predecessor takes another successor of its own. In a
// graph without loops that gives the fewest chains (Fulkerson, 1956).

#include "backend/finish/BlockOrder.h"

#include "backend/mir/Cfg.h"

#include <algorithm>
#include <numeric>

namespace bpfcc {

using mir::BlockId;

namespace {
struct Edge {
  BlockId From, To;
  float Weight;
  uint8_t Rank; ///< 0 plain jump, 1 else way, 2 taken way
  bool Keep;    ///< even where another jump costs an instruction
};

constexpr BlockId NoBlock = ~0u;

/// Chains put rare blocks far away. In a function of more instructions than
/// this such jumps could need islands, so the blocks stay with their
/// neighbours: in reverse postorder.
constexpr size_t MaxChained = 12000;

/// Of two ways that are taken alike, the verifier should see that one first
/// which leads to the wider state: what is computed, not what stays or is set.
/// The states of the other are then often known. It follows the way that falls
/// through. In a loop that it walks turn by turn this is worth an instruction.
constexpr float OfMoves = 0.5f;
constexpr float OfComputed = 2;

/// What waits on the verifier's way (BPF_COMPLEXITY_LIMIT_JMP_SEQ). Where the
/// branches of all turns are more, its first way should be the one with the
/// fewest of them: past what is computed.
constexpr uint64_t MaxPending = 8192;
constexpr float OfMovesPastMany = 4;

uint64_t branchesOnTheWay(const mir::Function &F) {
  uint64_t Count = 0;
  for (const mir::Block &B : F.Blocks)
    if (successors(B).size() > 1)
      Count += B.Turns;
  return Count;
}

bool onlyMoves(const mir::Function &F, const mir::Block &B) {
  return llvm::all_of(B.Insts, [&](const mir::Inst &I) {
    return I.Op == mir::JA || I.Op == mir::MOV_RR || I.Op == mir::MOV32_RR ||
           I.Op == mir::MOV_RI || I.Op == mir::MOV32_RI ||
           (I.Frame != mir::None && F.Frame[I.Frame].Spill);
  });
}

/// The block before and after each in its chain.
class Chains {
public:
  Chains(const mir::Function &F, const LoopJumps &Jumps)
      : F(F), Jumps(Jumps), Next(F.Blocks.size(), NoBlock),
        Prev(F.Blocks.size(), NoBlock), Parent(F.Blocks.size()),
        Seen(F.Blocks.size()), Kept(F.Blocks.size()) {
    std::iota(Parent.begin(), Parent.end(), 0);
  }

  /// Joins two chains if the edge leads from a tail to a head.
  void join(const Edge &E) {
    BlockId A = find(E.From), B = find(E.To);
    if (A == B || Next[E.From] != NoBlock || Prev[E.To] != NoBlock)
      return;
    link(E.From, E.To);
    Parent[B] = A;
    Kept[E.From] = E.Keep;
  }

  /// Finds something to fall through to for \p From, if rearranging helps.
  void augment(BlockId From) {
    ++Round;
    Budget = MaxSteps;
    tryFrom(From);
  }

  BlockId head(BlockId B) const {
    while (Prev[B] != NoBlock)
      B = Prev[B];
    return B;
  }
  BlockId next(BlockId B) const { return Next[B]; }

private:
  static constexpr unsigned MaxSteps = 64;

  BlockId find(BlockId B) {
    while (Parent[B] != B)
      B = Parent[B] = Parent[Parent[B]];
    return B;
  }

  void link(BlockId From, BlockId To) {
    Next[From] = To;
    Prev[To] = From;
  }

  /// True if following the chain from \p From leads to \p To.
  bool leads(BlockId From, BlockId To) const {
    for (BlockId B = From; B != NoBlock; B = Next[B])
      if (B == To)
        return true;
    return false;
  }

  bool tryFrom(BlockId From) {
    for (BlockId To : mir::successors(F.Blocks[From])) {
      if (To == 0 || To == From || Seen[To] == Round || Budget == 0 ||
          Jumps.contains(From, To))
        continue;
      Seen[To] = Round;
      --Budget;
      BlockId Old = Prev[To];
      if (Old == From || (Old != NoBlock && Kept[Old]))
        continue;
      if (Old == NoBlock) {
        if (leads(To, From)) {
          Seen[To] = 0; // another block may precede it
          continue;
        }
        link(From, To);
        return true;
      }
      Next[Old] = Prev[To] = NoBlock;
      if (!leads(To, From) && tryFrom(Old)) {
        if (!leads(To, From)) {
          link(From, To);
          return true;
        }
        Prev[Next[Old]] = NoBlock;
      }
      link(Old, To);
    }
    return false;
  }

  const mir::Function &F;
  const LoopJumps &Jumps;
  std::vector<BlockId> Next, Prev, Parent;
  std::vector<unsigned> Seen;
  std::vector<bool> Kept;
  unsigned Round = 0, Budget = 0;
};
} // namespace

LoopJumps::LoopJumps(const mir::Function &F)
    : Place(F.Blocks.size()), Single(F.Blocks.size()) {
  uint32_t Next = 0;
  for (BlockId Id : mir::reversePostorder(F)) {
    Place[Id] = Next++;
    Single[Id] = successors(F.Blocks[Id]).size() == 1;
  }
}

std::vector<BlockId> orderBlocks(const mir::Function &F) {
  std::vector<BlockId> Rpo = mir::reversePostorder(F);
  size_t Insts = 0;
  for (BlockId Id : Rpo)
    Insts += F.Blocks[Id].Insts.size();
  if (Insts > MaxChained)
    return Rpo;
  LoopJumps Jumps(F);
  const std::vector<uint32_t> &Place = Jumps.places();
  bool Many = branchesOnTheWay(F) > MaxPending;
  std::vector<Edge> Edges;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    llvm::ArrayRef<BlockId> Succs = successors(F.Blocks[Id]);
    for (size_t I = 0; I < Succs.size(); ++I) {
      if (Succs[I] == 0 || Jumps.contains(Id, Succs[I]))
        continue;
      float Weight = mir::edgeFrequency(F, Id, Succs[I]);
      bool Keep = false;
      bool Free = Succs.size() > 1 || onlyMoves(F, F.Blocks[Id]);
      if (Free && Place[Succs[I]] <= Place[Id])
        Weight = 0;
      else if (Succs.size() > 1 && onlyMoves(F, F.Blocks[Succs[I]]))
        Weight *= Many && F.Blocks[Id].Turns > 1 ? OfMovesPastMany : OfMoves;
      else if (Succs.size() == 2 && F.Blocks[Id].Turns > 1 && !Many &&
               onlyMoves(F, F.Blocks[Succs[1 - I]])) {
        Weight *= OfComputed;
        Keep = true;
      }
      bool Last = I + 1 == Succs.size();
      uint8_t Rank = Succs.size() == 1 ? 0 : Last ? 1 : 2;
      Edges.push_back({Id, Succs[I], Weight, Rank, Keep});
    }
  }
  std::stable_sort(Edges.begin(), Edges.end(),
                   [](const Edge &A, const Edge &B) {
                     if (A.Weight != B.Weight)
                       return A.Weight > B.Weight;
                     return A.Rank < B.Rank;
                   });
  Chains C(F, Jumps);
  for (const Edge &E : Edges)
    C.join(E);
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id)
    if (C.next(Id) == NoBlock)
      C.augment(Id);

  // Chains follow in the order in which the code before them mentions them.
  std::vector<BlockId> Order;
  std::vector<bool> Placed(F.Blocks.size());
  std::vector<BlockId> Pending{0};
  while (!Pending.empty()) {
    BlockId Start = C.head(Pending.back());
    Pending.pop_back();
    if (Placed[Start])
      continue;
    size_t First = Order.size();
    for (BlockId B = Start; B != NoBlock; B = C.next(B)) {
      Placed[B] = true;
      Order.push_back(B);
    }
    for (size_t I = Order.size(); I-- > First;)
      for (BlockId T : successors(F.Blocks[Order[I]]))
        if (!Placed[T])
          Pending.push_back(T);
  }
  return Order;
}

} // namespace bpfcc

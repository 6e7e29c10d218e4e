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
// neither way does, so at equal frequency plain jumps are served first.

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
};

/// Chains as a union-find forest with head, tail and next links.
struct Chains {
  std::vector<BlockId> Parent, Head, Tail;
  std::vector<int64_t> Next;

  explicit Chains(size_t N) : Parent(N), Head(N), Tail(N), Next(N, -1) {
    std::iota(Parent.begin(), Parent.end(), 0);
    Head = Tail = Parent;
  }
  BlockId find(BlockId B) {
    while (Parent[B] != B)
      B = Parent[B] = Parent[Parent[B]];
    return B;
  }
  void join(BlockId From, BlockId To) {
    BlockId A = find(From), B = find(To);
    if (A == B || Tail[A] != From || Head[B] != To)
      return;
    Next[From] = To;
    Parent[B] = A;
    Tail[A] = Tail[B];
  }
};
} // namespace

std::vector<BlockId> orderBlocks(const mir::Function &F) {
  std::vector<Edge> Edges;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    llvm::ArrayRef<BlockId> Succs = successors(F.Blocks[Id]);
    for (size_t I = 0; I < Succs.size(); ++I) {
      if (Succs[I] == 0)
        continue;
      float Weight =
          std::min(F.Blocks[Id].Frequency, F.Blocks[Succs[I]].Frequency);
      bool Last = I + 1 == Succs.size();
      uint8_t Rank = Succs.size() == 1 ? 0 : Last ? 1 : 2;
      Edges.push_back({Id, Succs[I], Weight, Rank});
    }
  }
  std::stable_sort(Edges.begin(), Edges.end(),
                   [](const Edge &A, const Edge &B) {
                     if (A.Weight != B.Weight)
                       return A.Weight > B.Weight;
                     return A.Rank < B.Rank;
                   });
  Chains C(F.Blocks.size());
  for (const Edge &E : Edges)
    C.join(E.From, E.To);

  // Chains follow in the order in which the code before them mentions them.
  std::vector<BlockId> Order;
  std::vector<bool> Placed(F.Blocks.size());
  std::vector<BlockId> Pending{0};
  while (!Pending.empty()) {
    BlockId Start = C.Head[C.find(Pending.back())];
    Pending.pop_back();
    if (Placed[Start])
      continue;
    size_t First = Order.size();
    for (int64_t B = Start; B >= 0; B = C.Next[B]) {
      Placed[B] = true;
      Order.push_back(static_cast<BlockId>(B));
    }
    for (size_t I = Order.size(); I-- > First;)
      for (BlockId T : successors(F.Blocks[Order[I]]))
        if (!Placed[T])
          Pending.push_back(T);
  }
  return Order;
}

} // namespace bpfcc

// Orders and dominators of the control-flow graph.
//
// Dominators by the semidominator method with path compression, idoms taken
// from nearest common ancestors: Georgiadis, "Linear-Time Algorithms for
// Dominators and Related Problems" (2005), Semi-NCA. The simpler iterative
// method is quadratic on the shape that packet programs have: a long chain of
// checks that all leave to one block.

#include "backend/mir/Cfg.h"

#include <algorithm>

namespace bpfcc::mir {

llvm::ArrayRef<BlockId> successors(const Block &B) {
  return B.Insts.empty() ? llvm::ArrayRef<BlockId>()
                         : llvm::ArrayRef(B.Insts.back().Targets);
}

namespace {
struct DepthFirst {
  std::vector<BlockId> Preorder, Postorder;
  std::vector<BlockId> Parent;

  explicit DepthFirst(const Function &F) : Parent(F.Blocks.size(), ~0u) {
    if (F.Blocks.empty())
      return;
    struct Frame {
      BlockId Block;
      size_t Next;
    };
    std::vector<Frame> Stack{{0, 0}};
    Parent[0] = 0;
    Preorder.push_back(0);
    while (!Stack.empty()) {
      Frame &Top = Stack.back();
      llvm::ArrayRef<BlockId> Succs = successors(F.Blocks[Top.Block]);
      if (Top.Next == Succs.size()) {
        Postorder.push_back(Top.Block);
        Stack.pop_back();
        continue;
      }
      BlockId To = Succs[Top.Next++];
      if (Parent[To] != ~0u)
        continue;
      Parent[To] = Top.Block;
      Preorder.push_back(To);
      Stack.push_back({To, 0});
    }
  }
};

/// Semi-NCA over depth-first numbers.
class SemiNca {
public:
  SemiNca(const Function &F, const DepthFirst &Dfs) {
    size_t N = Dfs.Preorder.size();
    std::vector<uint32_t> Number(F.Blocks.size(), ~0u);
    for (uint32_t I = 0; I < N; ++I)
      Number[Dfs.Preorder[I]] = I;
    std::vector<llvm::SmallVector<uint32_t, 2>> In(N);
    for (uint32_t I = 0; I < N; ++I)
      for (BlockId To : successors(F.Blocks[Dfs.Preorder[I]]))
        In[Number[To]].push_back(I);
    Semi.resize(N);
    Label.resize(N);
    Ancestor.resize(N);
    Idom.resize(N);
    for (uint32_t I = 0; I < N; ++I) {
      Semi[I] = Label[I] = I;
      Ancestor[I] = Idom[I] = Number[Dfs.Parent[Dfs.Preorder[I]]];
    }
    for (uint32_t I = static_cast<uint32_t>(N); I-- > 1;) {
      LastLinked = I + 1;
      for (uint32_t From : In[I])
        Semi[I] = std::min(Semi[I], eval(From));
      Label[I] = Semi[I];
    }
    for (uint32_t I = 1; I < N; ++I)
      while (Idom[I] > Semi[I])
        Idom[I] = Idom[Idom[I]];
  }

  std::vector<uint32_t> Idom;

private:
  /// The smallest semidominator on the linked path above \p V.
  uint32_t eval(uint32_t V) {
    if (V < LastLinked)
      return Label[V];
    Path.clear();
    do {
      Path.push_back(V);
      V = Ancestor[V];
    } while (V >= LastLinked);
    uint32_t Above = Path.back();
    Path.pop_back();
    uint32_t Best = Label[Above];
    while (!Path.empty()) {
      uint32_t W = Path.back();
      Path.pop_back();
      Ancestor[W] = Ancestor[Above];
      Best = Label[W] = std::min(Label[W], Best);
      Above = W;
    }
    return Best;
  }

  std::vector<uint32_t> Semi, Label, Ancestor, Path;
  uint32_t LastLinked = 0;
};
} // namespace

std::vector<BlockId> reversePostorder(const Function &F) {
  std::vector<BlockId> Order = DepthFirst(F).Postorder;
  std::reverse(Order.begin(), Order.end());
  return Order;
}

void computePreds(Function &F) {
  for (Block &B : F.Blocks)
    B.Preds.clear();
  for (BlockId B = 0; B < F.Blocks.size(); ++B)
    for (BlockId To : successors(F.Blocks[B]))
      F.Blocks[To].Preds.push_back(B);
}

float edgeFrequency(const Function &F, BlockId From, BlockId To) {
  constexpr size_t MaxPreds = 8;
  float Out = F.Blocks[From].Frequency, In = F.Blocks[To].Frequency;
  for (BlockId S : successors(F.Blocks[From]))
    if (S != To && F.Blocks[S].Preds.size() == 1)
      Out -= F.Blocks[S].Frequency;
  if (F.Blocks[To].Preds.size() <= MaxPreds)
    for (BlockId P : F.Blocks[To].Preds)
      if (P != From && successors(F.Blocks[P]).size() == 1)
        In -= F.Blocks[P].Frequency;
  return std::max(0.0f, std::min(Out, In));
}

Dominators::Dominators(const Function &F)
    : Idom(F.Blocks.size(), ~0u), First(F.Blocks.size()),
      Last(F.Blocks.size()) {
  DepthFirst Dfs(F);
  Rpo.assign(Dfs.Postorder.rbegin(), Dfs.Postorder.rend());
  SemiNca Nca(F, Dfs);
  std::vector<std::vector<BlockId>> Children(F.Blocks.size());
  for (uint32_t I = 0; I < Dfs.Preorder.size(); ++I) {
    BlockId B = Dfs.Preorder[I];
    Idom[B] = Dfs.Preorder[Nca.Idom[I]];
  }
  for (BlockId B : Rpo)
    if (Idom[B] != B)
      Children[Idom[B]].push_back(B);
  std::vector<BlockId> Stack;
  if (!F.Blocks.empty())
    Stack.push_back(0);
  while (!Stack.empty()) {
    BlockId B = Stack.back();
    Stack.pop_back();
    Order.push_back(B);
    First[B] = static_cast<uint32_t>(Order.size());
    Stack.insert(Stack.end(), Children[B].rbegin(), Children[B].rend());
  }
  for (BlockId B : Order)
    Last[B] = First[B];
  for (size_t I = Order.size(); I-- > 1;) {
    BlockId Up = Idom[Order[I]];
    Last[Up] = std::max(Last[Up], Last[Order[I]]);
  }
}

} // namespace bpfcc::mir

// Updates after the last use of the old value.
//
// needs: SSA form
// gives: SSA form where a two-address row stands behind the last use of its
//        first operand in the block, if nothing reads its result before
//
//   %18 = ADD32_RI %17, 1          %19 = ADD32_RR %20, %17
//   %19 = ADD32_RR %20, %17   ->   %18 = ADD32_RI %17, 1
//
// Both then fit one register, where the old value had to be copied. It is what
// instruction schedulers do to keep copies out of loops; here alone, because
// everything else stands where the verifier was meant to read it.

#include "backend/isa/Encoding.h"
#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/opt/Passes.h"

namespace bpfcc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

/// Whether values are needed behind a block. Walks back from their uses, as
/// far as pays.
class LiveOut {
public:
  explicit LiveOut(const mir::Function &F)
      : F(F), DefBlock(F.NextReg, Nowhere), Ends(F.NextReg),
        Seen(F.Blocks.size()) {
    for (BlockId B = 0; B < F.Blocks.size(); ++B)
      for (const Inst &I : F.Blocks[B].Insts)
        for (Reg D : I.Defs)
          if (mir::isVirtual(D))
            DefBlock[D] = B;
    for (BlockId B = 0; B < F.Blocks.size(); ++B)
      for (const Inst &I : F.Blocks[B].Insts)
        for (size_t N = 0; N < I.Uses.size(); ++N)
          if (Reg U = I.Uses[N]; !mir::isVirtual(U))
            continue;
          else if (I.Op == mir::PHI)
            Ends[U].push_back(F.Blocks[B].Preds[N]);
          else if (DefBlock[U] != B)
            Ends[U].append(F.Blocks[B].Preds.begin(), F.Blocks[B].Preds.end());
  }

  /// \p IfUnknown is the answer when the walk would be long.
  bool operator()(Reg R, BlockId B, bool IfUnknown) {
    llvm::SmallVector<BlockId, 16> Work(Ends[R].begin(), Ends[R].end());
    llvm::SmallVector<BlockId, 16> Visited;
    bool Found = false;
    for (unsigned Steps = 0; !Work.empty() && !Found; ++Steps) {
      constexpr unsigned Limit = 64;
      if (Steps == Limit) {
        Found = IfUnknown;
        break;
      }
      BlockId At = Work.pop_back_val();
      Found = At == B;
      if (At == DefBlock[R] || Seen[At])
        continue;
      Seen[At] = true;
      Visited.push_back(At);
      Work.append(F.Blocks[At].Preds.begin(), F.Blocks[At].Preds.end());
    }
    for (BlockId V : Visited)
      Seen[V] = false;
    return Found;
  }

private:
  static constexpr BlockId Nowhere = ~0u;
  const mir::Function &F;
  std::vector<BlockId> DefBlock;
  /// By register: blocks at whose ends it is live since a successor reads it.
  std::vector<llvm::SmallVector<BlockId, 2>> Ends;
  std::vector<bool> Seen;
};

class Updates {
public:
  explicit Updates(mir::Function &F)
      : F(F), IsLiveOut(F), LastUse(F.NextReg), FirstUse(F.NextReg) {}

  void run() {
    for (BlockId B = 0; B < F.Blocks.size(); ++B)
      block(B);
  }

private:
  static bool moves(const Inst &I) {
    return !mir::isPseudo(I.Op) && mir::isTwoAddress(I) &&
           mir::isVirtual(I.Uses[0]) && I.Extra == mir::None;
  }

  void block(BlockId B) {
    std::vector<Inst> &Insts = F.Blocks[B].Insts;
    // Where each instruction goes: behind the one of that number.
    std::vector<size_t> Behind(Insts.size());
    bool Any = false;
    for (size_t N = Insts.size(); N-- > 0;) {
      const Inst &I = Insts[N];
      Behind[N] = N;
      if (moves(I) && delays(B, N)) {
        Behind[N] = LastUse[I.Uses[0]];
        Any = true;
      }
      if (I.Op == mir::PHI)
        continue;
      for (Reg U : I.Uses)
        if (mir::isVirtual(U)) {
          if (LastUse[U] == 0)
            LastUse[U] = Behind[N];
          FirstUse[U] = N;
        }
    }
    for (const Inst &I : Insts)
      for (Reg U : I.Uses)
        if (mir::isVirtual(U))
          LastUse[U] = FirstUse[U] = 0;
    if (Any)
      reorder(Insts, Behind);
  }

  bool delays(BlockId B, size_t N) {
    const std::vector<Inst> &Insts = F.Blocks[B].Insts;
    const Inst &I = Insts[N];
    Reg Old = I.Uses[0], New = I.Defs[0];
    size_t To = LastUse[Old];
    if (To <= N || mir::isTerminator(Insts[To]) ||
        (FirstUse[New] && FirstUse[New] <= To) || IsLiveOut(Old, B, true))
      return false;
    return llvm::all_of(llvm::drop_begin(I.Uses), [&](Reg U) {
      return !mir::isVirtual(U) ||
             (U != Old && (LastUse[U] > To || IsLiveOut(U, B, false)));
    });
  }

  static void reorder(std::vector<Inst> &Insts,
                      const std::vector<size_t> &Behind) {
    std::vector<std::vector<size_t>> Follow(Insts.size());
    for (size_t N = 0; N < Insts.size(); ++N)
      if (Behind[N] != N)
        Follow[Behind[N]].push_back(N);
    std::vector<Inst> Out;
    Out.reserve(Insts.size());
    std::vector<size_t> Stack;
    for (size_t N = 0; N < Insts.size(); ++N) {
      if (Behind[N] != N)
        continue;
      Stack.push_back(N);
      while (!Stack.empty()) {
        size_t At = Stack.back();
        Stack.pop_back();
        Out.push_back(std::move(Insts[At]));
        // Those that stood first read the value last.
        Stack.insert(Stack.end(), Follow[At].begin(), Follow[At].end());
      }
    }
    Insts = std::move(Out);
  }

  mir::Function &F;
  LiveOut IsLiveOut;
  /// By register, within the block at hand; 0 is none.
  std::vector<size_t> LastUse, FirstUse;
};

} // namespace

void delayUpdates(mir::Function &F) { Updates(F).run(); }

} // namespace bpfcc

// Returns where the result is known.
//
// needs: SSA form
// gives: SSA form where blocks that jump to a lone EXIT exit themselves, if one
//        branch leads there too, on the result of a call
//
//   bb1: %18 = MOV_RI 0                   bb1: %18 = MOV_RI 0
//        JA bb3                    ->          EXIT %18
//   bb2: %17 = CALL_HELPER ...            bb2: %17 = CALL_HELPER ...
//        JEQ_RI %17, 0, bb3, bb1               JEQ_RI %17, 0, bb3, bb1
//   bb3: %20 = phi %18, %19               bb3: EXIT %19
//        EXIT %20
//
// %17 is in r0, so that the phi is not, and bb3 would move it there. Now each
// constant is loaded into r0: no longer, and a step less on each way.

#include "backend/mir/Shape.h"
#include "backend/opt/Passes.h"

namespace bpfcc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

static bool isReturnOfPhi(const mir::Block &B) {
  return B.Insts.size() == 2 && B.Insts[0].Op == mir::PHI &&
         B.Insts[1].Op == mir::EXIT && B.Insts[1].Uses.size() == 1 &&
         B.Insts[1].Uses[0] == B.Insts[0].Defs[0];
}

void duplicateReturns(mir::Function &F) {
  std::vector<bool> IsResult(F.NextReg);
  for (const mir::Block &B : F.Blocks)
    for (const Inst &I : B.Insts)
      if (mir::isCall(I.Op) && !I.Defs.empty())
        IsResult[I.Defs[0]] = true;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    mir::Block &B = F.Blocks[Id];
    if (!isReturnOfPhi(B))
      continue;
    auto Jumps = [&](BlockId P) {
      return F.Blocks[P].Insts.back().Op == mir::JA;
    };
    auto TestsResult = [&](BlockId P) {
      const Inst &Last = F.Blocks[P].Insts.back();
      return llvm::any_of(
          Last.Uses, [&](Reg U) { return mir::isVirtual(U) && IsResult[U]; });
    };
    llvm::SmallVector<BlockId, 4> Branches;
    llvm::copy_if(B.Preds, std::back_inserter(Branches),
                  [&](BlockId P) { return !Jumps(P); });
    if (Branches.size() != 1 || !TestsResult(Branches[0]))
      continue;
    Inst &Phi = B.Insts[0];
    for (size_t N = B.Preds.size(); N-- > 0;) {
      if (!Jumps(B.Preds[N]))
        continue;
      Inst &Last = F.Blocks[B.Preds[N]].Insts.back();
      int32_t Loc = Last.Loc;
      Last = B.Insts[1];
      Last.Uses = {Phi.Uses[N]};
      if (Last.Loc == mir::None)
        Last.Loc = Loc;
      Phi.Uses.erase(Phi.Uses.begin() + N);
      B.Preds.erase(B.Preds.begin() + N);
    }
    B.Insts[1].Uses = {Phi.Uses[0]};
    B.Insts.erase(B.Insts.begin());
  }
}

} // namespace bpfcc

// Sums of two registers, and copies of lower halves, computed once.
//
// needs: SSA form
// gives: SSA form where no sum is computed that a block on each way to here has
//        computed, where both stand in the same loop
//
//   bb0: %9 = ADD_RR %1, %2                bb0: %9 = ADD_RR %1, %2
//        %10 = ADD_RI %9, 22                    %10 = ADD_RI %9, 22
//        JGT_RR %10, %3             ->          JGT_RR %10, %3
//   bb1: %11 = ADD_RR %1, %2               bb1: LDXB %9, 18
//        LDXB %11, 18
//
// In the source these are `data + 14 + n` and `data + n`: constant distances
// move into the accesses, and what is left is the same. Not only is it shorter:
// a verifier knows of %9, not of %11, how much of the packet lies behind it.

#include "backend/mir/Cfg.h"
#include "backend/opt/Passes.h"

#include <map>

namespace bpfcc {

using mir::BlockId;
using mir::Reg;

namespace {

struct Leader {
  BlockId Block;
  Reg Def;
};

bool isShared(const mir::Inst &I) {
  return (I.Op == mir::ADD_RR || I.Op == mir::MOV32_RR) &&
         I.Extra == mir::None && I.Defs.size() == 1 &&
         mir::isVirtual(I.Defs[0]) && llvm::all_of(I.Uses, mir::isVirtual);
}

} // namespace

void shareSums(mir::Function &F) {
  mir::Dominators Dom(F);
  std::vector<Reg> Same(F.NextReg);
  for (Reg R = 0; R < F.NextReg; ++R)
    Same[R] = R;
  std::map<std::pair<uint16_t, std::vector<Reg>>, std::vector<Leader>> Leaders;
  bool Any = false;
  for (BlockId B : Dom.preorder())
    for (mir::Inst &I : F.Blocks[B].Insts) {
      if (!isShared(I))
        continue;
      std::vector<Reg> Uses;
      for (Reg U : I.Uses)
        Uses.push_back(Same[U]);
      if (I.Op == mir::ADD_RR)
        llvm::sort(Uses);
      std::vector<Leader> &Known = Leaders[{I.Op, Uses}];
      while (!Known.empty() && !Dom.dominates(Known.back().Block, B))
        Known.pop_back();
      if (Known.empty() ||
          F.Blocks[B].Frequency > F.Blocks[Known.back().Block].Frequency) {
        Known.push_back({B, I.Defs[0]});
        continue;
      }
      Same[I.Defs[0]] = Known.back().Def;
      Any = true;
    }
  if (!Any)
    return;
  for (mir::Block &B : F.Blocks)
    for (mir::Inst &I : B.Insts)
      for (Reg &U : I.Uses)
        if (mir::isVirtual(U))
          U = Same[U];
}

} // namespace bpfcc

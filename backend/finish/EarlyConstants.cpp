// Constants loaded before a branch rather than behind it.
//
// needs: physical registers
// gives: the same program with fewer blocks that load a constant and jump on
//
//   bb1: if r0 == 2048 goto bb5          bb1: r3 = 3
//   bb5: r3 = 3               ->              if r0 == 2048 goto bb9
//        goto bb9
//
// It saves the jump, if the register is free on the other way. That way has an
// instruction more: not where it is a loop's. A switch whose cases call the
// same function with another argument becomes one instruction shorter for each
// case.

#include "backend/finish/EarlyConstants.h"

#include "backend/finish/Branch.h"
#include "backend/finish/Liveness.h"
#include "backend/isa/Inst.h"
#include "backend/mir/Shape.h"

namespace bpfcc {

using mir::BlockId;
using mir::Inst;

static bool loadsAndJumps(const mir::Block &B) {
  return B.Insts.size() == 2 && B.Insts[0].Op == mir::MOV_RI &&
         B.Insts[1].Op == mir::JA;
}

void loadConstantsEarly(mir::Function &F) {
  std::vector<unsigned> Entries(F.Blocks.size());
  for (const mir::Block &B : F.Blocks)
    if (!B.Insts.empty())
      for (BlockId T : B.Insts.back().Targets)
        ++Entries[T];
  Liveness Live(F);
  for (mir::Block &B : F.Blocks) {
    if (B.Insts.empty() || !isConditionalJump(B.Insts.back().Op))
      continue;
    for (size_t T : {0, 1}) {
      Inst &Branch = B.Insts.back();
      BlockId Id = Branch.Targets[T], Other = Branch.Targets[1 - T];
      mir::Block &X = F.Blocks[Id];
      if (Id == Other || Entries[Id] != 1 || !loadsAndJumps(X))
        continue;
      BlockId To = X.Insts[1].Targets[0];
      mir::Reg R = X.Insts[0].Defs[0];
      if (To == Id || To == Other || Entries[To] < 2 ||
          (Live.entry(Other) >> R & 1) || (reads(Branch) >> R & 1) ||
          F.Blocks[Other].Frequency > 1)
        continue;
      Branch.Targets[T] = To;
      B.Insts.insert(B.Insts.end() - 1, std::move(X.Insts[0]));
      X.Insts.clear();
      // The register now holds something on the other way too.
      break;
    }
  }
}

} // namespace bpfcc

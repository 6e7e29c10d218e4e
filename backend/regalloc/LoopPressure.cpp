#include "backend/regalloc/LoopPressure.h"

#include "backend/regalloc/Constraints.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

class Meter {
public:
  Meter(const mir::Function &F, const NextUse &Uses)
      : F(F), Uses(Uses), Live(F.NextReg) {}

  LoopPressure measure(BlockId B) {
    LoopPressure P;
    unsigned Count = 0;
    std::vector<Reg> Touched;
    auto Enter = [&](Reg R) {
      if (mir::isVirtual(R) && !Live[R]) {
        Live[R] = true;
        Touched.push_back(R);
        ++Count;
      }
    };
    for (auto [R, Distance] : Uses.exit(B))
      Enter(R);
    P.Total = Count;
    for (const Inst &I : llvm::reverse(F.Blocks[B].Insts)) {
      if (I.Op == mir::PHI)
        break;
      for (Reg D : I.Defs)
        if (Live[D]) {
          Live[D] = false;
          --Count;
        }
      Constraints C = constraints(F, I);
      P.Prescribes |= C.Any;
      if (C.Clobbers == CallerSaved)
        P.AcrossCalls = std::max(P.AcrossCalls, Count);
      for (Reg U : I.Uses)
        Enter(U);
      P.Total = std::max(P.Total, Count);
    }
    for (Reg R : Touched)
      Live[R] = false;
    return P;
  }

private:
  const mir::Function &F;
  const NextUse &Uses;
  std::vector<bool> Live;
};

} // namespace

std::vector<LoopPressure> loopPressures(const mir::Function &F,
                                        const mir::Dominators &Dom,
                                        const Loops &L, const NextUse &Uses) {
  std::vector<LoopPressure> ByHeader(F.Blocks.size());
  Meter M(F, Uses);
  for (BlockId B : Dom.reversePostorder()) {
    if (L.Innermost[B] == Loops::NoLoop)
      continue;
    LoopPressure P = M.measure(B);
    for (BlockId H = L.Innermost[B]; H != Loops::NoLoop; H = L.Parent[H]) {
      LoopPressure &Of = ByHeader[H];
      Of.Total = std::max(Of.Total, P.Total);
      Of.AcrossCalls = std::max(Of.AcrossCalls, P.AcrossCalls);
      Of.Prescribes |= P.Prescribes;
    }
  }
  return ByHeader;
}

} // namespace bpfcc::regalloc

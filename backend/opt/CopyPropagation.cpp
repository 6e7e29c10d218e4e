// Copies.
//
// needs: SSA form
// gives: SSA form without COPY of a virtual register and without phis that
//        have one value
//
//   %18 = copy %17                      %20 = ADD_RR %17, %17
//   %19 = phi %18, %17             ->
//   %20 = ADD_RR %18, %19
//
// A phi of itself and one other value is that value (Braun et al., "Simple and
// Efficient Construction of Static Single Assignment Form", CC 2013).

#include "backend/opt/Passes.h"

namespace bpfcc {

using mir::Reg;

namespace {

class Copies {
public:
  explicit Copies(mir::Function &F) : F(F), Same(F.NextReg) {
    for (Reg R = 0; R < F.NextReg; ++R)
      Same[R] = R;
  }

  void run() {
    // Copies are all found at once; phis of phis may take another round each.
    for (unsigned Round = 0; Round < MaxRounds && findOnce(); ++Round)
      ;
    for (mir::Block &B : F.Blocks)
      for (mir::Inst &I : B.Insts)
        for (Reg &U : I.Uses)
          U = source(U);
  }

private:
  static constexpr unsigned MaxRounds = 8;

  Reg source(Reg R) {
    if (R == mir::NoReg)
      return R;
    while (Same[R] != R)
      R = Same[R] = Same[Same[R]];
    return R;
  }

  bool findOnce() {
    bool Found = false;
    for (mir::Block &B : F.Blocks)
      for (mir::Inst &I : B.Insts)
        if (I.Op == mir::COPY && mir::isVirtual(I.Uses[0]))
          Found |= replace(I.Defs[0], source(I.Uses[0]));
        else if (I.Op == mir::PHI)
          Found |= replacePhi(I);
    return Found;
  }

  bool replacePhi(const mir::Inst &I) {
    Reg Only = mir::NoReg;
    for (Reg U : I.Uses) {
      Reg S = source(U);
      if (S == I.Defs[0] || S == Only)
        continue;
      if (Only != mir::NoReg)
        return false;
      Only = S;
    }
    return mir::isVirtual(Only) && replace(I.Defs[0], Only);
  }

  bool replace(Reg From, Reg To) {
    if (Same[From] != From || From == To)
      return false;
    Same[From] = To;
    return true;
  }

  mir::Function &F;
  std::vector<Reg> Same;
};

} // namespace

void propagateCopies(mir::Function &F) { Copies(F).run(); }

} // namespace bpfcc

// Phis that have the same value.
//
// needs: SSA form without copies
// gives: SSA form where of the phis of a block with equal operands one is left
//
//   %19 = phi %17, %21                %19 = phi %17, %21
//   %20 = phi %17, %22                %21 = ADD32_RI %19, 1
//   %21 = ADD32_RI %19, 1      ->
//
// The front end makes two phis of an index that is read as 32 and as 64 bits;
// here both are one register. Phis of a loop are equal only if they are assumed
// to be: all phis of a block start in one class, and classes are split until
// the operands of each class agree (Alpern, Wegman, Zadeck, "Detecting Equality
// of Variables in Programs", POPL 1988).

#include "backend/opt/Passes.h"

#include <map>

namespace bpfcc {

using mir::Reg;

namespace {

class Classes {
public:
  explicit Classes(mir::Function &F) : F(F), Of(F.NextReg) {}

  void run() {
    // What is no phi is a class of its own; a class goes by its first phi.
    for (Reg R = 0; R < F.NextReg; ++R)
      Of[R] = R;
    for (const mir::Block &B : F.Blocks)
      for (const mir::Inst &I : phis(B))
        Of[I.Defs[0]] = B.Insts.front().Defs[0];
    constexpr unsigned MaxRounds = 32;
    unsigned Round = 0;
    while (split())
      if (++Round == MaxRounds)
        return;
    merge();
  }

private:
  static llvm::ArrayRef<mir::Inst> phis(const mir::Block &B) {
    return llvm::ArrayRef(B.Insts).take_while(
        [](const mir::Inst &I) { return I.Op == mir::PHI; });
  }

  bool split() {
    std::vector<Reg> Next = Of;
    for (const mir::Block &B : F.Blocks) {
      std::map<std::pair<Reg, std::vector<Reg>>, Reg> ByOperands;
      for (const mir::Inst &I : phis(B)) {
        std::vector<Reg> Operands;
        for (Reg U : I.Uses)
          Operands.push_back(mir::isVirtual(U) ? Of[U] : U);
        Next[I.Defs[0]] =
            ByOperands
                .try_emplace({Of[I.Defs[0]], std::move(Operands)}, I.Defs[0])
                .first->second;
      }
    }
    bool Changed = Next != Of;
    Of = std::move(Next);
    return Changed;
  }

  void merge() {
    for (mir::Block &B : F.Blocks)
      for (mir::Inst &I : B.Insts)
        for (Reg &U : I.Uses)
          if (mir::isVirtual(U))
            U = Of[U];
  }

  mir::Function &F;
  std::vector<Reg> Of; ///< by register
};

} // namespace

void mergePhis(mir::Function &F) { Classes(F).run(); }

} // namespace bpfcc

// Dead code.
//
// needs: SSA form
// gives: the same without instructions whose results nothing needs
//
// Marking from what has an effect finds phis that keep only each other alive,
// which counting uses does not.

#include "backend/isa/Encoding.h"
#include "backend/opt/Passes.h"

namespace bpfcc {

using mir::Reg;

static bool hasEffect(const mir::Inst &I) {
  if (I.Defs.empty() || I.Volatile)
    return true;
  if (mir::isPseudo(I.Op))
    return I.Op == mir::INLINE_ASM || I.Op == mir::ARG;
  switch (isa::form(mir::isaOp(I.Op))) {
  case isa::Form::RR:
  case isa::Form::RI:
  case isa::Form::R:
  case isa::Form::Imm64:
  case isa::Form::CastRR:
    return false;
  case isa::Form::Load:
    return I.Op >= mir::LOAD_ACQ_B && I.Op <= mir::LOAD_ACQ_DW;
  default:
    return true;
  }
}

void dropDeadCode(mir::Function &F) {
  std::vector<const mir::Inst *> DefOf(F.NextReg);
  std::vector<const mir::Inst *> Work;
  std::vector<bool> Live(F.NextReg);
  for (const mir::Block &B : F.Blocks)
    for (const mir::Inst &I : B.Insts) {
      for (Reg D : I.Defs)
        DefOf[D] = &I;
      if (hasEffect(I))
        Work.push_back(&I);
    }
  while (!Work.empty()) {
    const mir::Inst *I = Work.back();
    Work.pop_back();
    for (Reg U : I->Uses) {
      if (!mir::isVirtual(U) || Live[U])
        continue;
      Live[U] = true;
      if (DefOf[U] && !hasEffect(*DefOf[U]))
        Work.push_back(DefOf[U]);
    }
  }
  for (mir::Block &B : F.Blocks)
    std::erase_if(B.Insts, [&](const mir::Inst &I) {
      return !hasEffect(I) &&
             llvm::none_of(I.Defs, [&](Reg D) { return Live[D]; });
    });
}

} // namespace bpfcc

#include "backend/isa/Encoding.h"
#include "backend/select/Selector.h"

namespace bpfcc {

static bool isPure(const mir::Inst &I) {
  switch (I.Op) {
  case mir::PHI:
  case mir::COPY:
  case mir::ARG:
  case mir::FRAME_ADDR:
  case mir::SYM_ADDR:
  case mir::CORE_IMM:
    return true;
  default:
    break;
  }
  if (mir::isPseudo(I.Op))
    return false;
  switch (isa::form(mir::isaOp(I.Op))) {
  case isa::Form::RR:
  case isa::Form::RI:
  case isa::Form::R:
  case isa::Form::CastRR:
  case isa::Form::Imm64:
    return true;
  case isa::Form::Load:
    return !I.Volatile;
  default:
    return false;
  }
}

void removeDead(mir::Function &F) {
  std::vector<const mir::Inst *> DefinedBy(F.NextReg);
  std::vector<bool> Live(F.NextReg);
  std::vector<mir::Reg> Work;
  auto UseAll = [&](const mir::Inst &I) {
    for (mir::Reg R : I.Uses)
      if (mir::isVirtual(R) && !Live[R]) {
        Live[R] = true;
        Work.push_back(R);
      }
  };
  for (const mir::Block &B : F.Blocks)
    for (const mir::Inst &I : B.Insts) {
      for (mir::Reg R : I.Defs)
        DefinedBy[R] = &I;
      if (!isPure(I))
        UseAll(I);
    }
  while (!Work.empty()) {
    const mir::Inst *I = DefinedBy[Work.back()];
    Work.pop_back();
    if (I)
      UseAll(*I);
  }
  for (mir::Block &B : F.Blocks)
    llvm::erase_if(B.Insts, [&](const mir::Inst &I) {
      return isPure(I) && !Live[I.def()];
    });
}

} // namespace bpfcc

#include "backend/regalloc/Constraints.h"

#include "backend/mir/Shape.h"

namespace bpfcc::regalloc {

RegSet Constraints::fixedUses() const {
  RegSet Set = 0;
  for (const Use &U : Uses)
    if (U.Fixed != mir::NoReg)
      Set |= bit(U.Fixed);
  return Set;
}

RegSet Constraints::fixedDefs() const {
  RegSet Set = 0;
  for (const Def &D : Defs)
    if (D.Fixed != mir::NoReg)
      Set |= bit(D.Fixed);
  return Set;
}

static void asmConstraints(const mir::AsmBlock &A, Constraints &C) {
  using Operand = mir::AsmBlock::Operand;
  C.Clobbers = A.Clobbers & Allocatable;
  for (const Operand &O : A.Operands) {
    mir::Reg Fixed =
        O.Phys == mir::None ? mir::NoReg : static_cast<mir::Reg>(O.Phys);
    if (O.K == Operand::Def) {
      C.Defs[O.Index].Early |= O.EarlyClobber;
      if (Fixed != mir::NoReg)
        C.Defs[O.Index].Fixed = Fixed;
    } else if (O.K == Operand::Use) {
      if (Fixed != mir::NoReg)
        C.Uses[O.Index].Fixed = Fixed;
      if (O.TiedTo != mir::None)
        C.Uses[O.Index].TiedTo = O.TiedTo;
    }
  }
  // A tied pair shares what either is told.
  for (Constraints::Use &U : C.Uses) {
    if (U.TiedTo == mir::None)
      continue;
    Constraints::Def &D = C.Defs[U.TiedTo];
    if (D.Fixed == mir::NoReg)
      D.Fixed = U.Fixed;
    U.Fixed = D.Fixed;
  }
  RegSet Named = C.fixedUses() | C.fixedDefs();
  C.Clobbers &= ~Named;
}

Constraints constraints(const mir::Function &F, const mir::Inst &I) {
  Constraints C;
  bool IsCall = mir::isCall(I.Op), IsPacket = mir::isPacketLoad(I.Op);
  bool Fetches = mir::isAtomic(I.Op) && !I.Defs.empty();
  bool Returns = I.Op == mir::EXIT && !I.Uses.empty();
  if (!IsCall && !IsPacket && !Fetches && !Returns && I.Op != mir::INLINE_ASM)
    return C;
  C.Any = true;
  C.Uses.resize(I.Uses.size());
  C.Defs.resize(I.Defs.size());
  if (IsCall) {
    C.Clobbers = CallerSaved;
    bool Computed = I.Op == mir::CALLX;
    for (size_t N = 0; N < I.Uses.size(); ++N)
      C.Uses[N].Fixed = static_cast<mir::Reg>(N + 1);
    if (Computed)
      C.Uses.back().Fixed = isa::R0;
    if (!C.Defs.empty())
      C.Defs[0].Fixed = isa::R0;
  } else if (IsPacket) {
    C.Clobbers = CallerSaved;
    C.Uses[0].Fixed = isa::R6;
    if (I.Uses.size() > 1)
      C.Uses[1].Fixed = isa::R1;
    C.Defs[0].Fixed = isa::R0;
  } else if (Returns)
    C.Uses[0].Fixed = isa::R0;
  else if (I.Op == mir::INLINE_ASM)
    asmConstraints(F.Asms[I.Extra], C);
  else if (mir::isCmpXchg(I.Op)) {
    C.Uses.back().Fixed = isa::R0;
    C.Uses.back().TiedTo = 0;
    C.Defs[0].Fixed = isa::R0;
  } else
    C.Uses[I.Frame == mir::None ? 1 : 0].TiedTo = 0;
  return C;
}

mir::Reg sharedPlace(const mir::Inst &I, const Constraints &C, mir::Reg V,
                     bool LivesOn) {
  RegSet Overwritten = 0;
  if (LivesOn)
    Overwritten = C.Clobbers | C.fixedDefs();
  for (size_t N = 0; N < I.Uses.size(); ++N)
    if (I.Uses[N] == V && C.Uses[N].Fixed == mir::NoReg)
      for (const Constraints::Def &D : C.Defs)
        if (D.Early && D.Fixed != mir::NoReg)
          Overwritten |= bit(D.Fixed);
  for (size_t N = 0; N < I.Uses.size(); ++N)
    if (mir::Reg R = C.Uses[N].Fixed;
        I.Uses[N] == V && R != mir::NoReg && !(Overwritten & bit(R)))
      return R;
  return mir::NoReg;
}

bool keepsSecondOperand(const mir::Inst &I) {
  return mir::isTwoAddress(I) && I.Uses.size() == 2 && !mir::isCommutative(I) &&
         I.Uses[0] != I.Uses[1];
}

bool isRematerialisable(const mir::Inst &I) {
  return mir::isConstant(I) || (I.Op == mir::MOV_RR && I.Uses[0] == isa::R10);
}

unsigned rematCost(const mir::Inst &I) {
  return I.Op == mir::MOV_RI || I.Op == mir::MOV32_RI || I.Op == mir::MOV_RR ||
                 I.Op == mir::CORE_IMM
             ? 1
             : 2;
}

} // namespace bpfcc::regalloc

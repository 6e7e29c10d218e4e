#include "backend/finish/Liveness.h"

#include "backend/isa/Inst.h"
#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"

namespace bpfcc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

template <typename List> static RegMask maskOf(const List &Regs) {
  RegMask Mask = 0;
  for (Reg R : Regs)
    if (mir::isPhysical(R))
      Mask |= static_cast<RegMask>(1u << R);
  return Mask;
}

RegMask reads(const Inst &I) { return maskOf(I.Uses); }
RegMask writes(const Inst &I) { return maskOf(I.Defs); }

RegMask clobbers(const mir::Function &F, const Inst &I) {
  constexpr RegMask CallerSaved = 0x3f; // r0 to r5
  if (mir::isCall(I.Op) || mir::isPacketLoad(I.Op))
    return CallerSaved;
  if (I.Op == mir::INLINE_ASM)
    return F.Asms[I.Extra].Clobbers;
  return 0;
}

static RegMask before(const mir::Function &F, const Inst &I, RegMask After) {
  return static_cast<RegMask>((After & ~(writes(I) | clobbers(F, I))) |
                              reads(I));
}

Liveness::Liveness(const mir::Function &F) : Entry(F.Blocks.size()) {
  std::vector<BlockId> Order = mir::reversePostorder(F);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (BlockId B : llvm::reverse(Order)) {
      RegMask Mask = exit(F, B);
      for (const Inst &I : llvm::reverse(F.Blocks[B].Insts))
        Mask = before(F, I, Mask);
      Changed |= Mask != Entry[B];
      Entry[B] = Mask;
    }
  }
}

RegMask Liveness::exit(const mir::Function &F, BlockId B) const {
  RegMask Mask = 0;
  for (BlockId S : mir::successors(F.Blocks[B]))
    Mask |= Entry[S];
  return Mask;
}

std::vector<RegMask> Liveness::afterEach(const mir::Function &F,
                                         BlockId B) const {
  const std::vector<Inst> &Insts = F.Blocks[B].Insts;
  std::vector<RegMask> After(Insts.size());
  RegMask Mask = exit(F, B);
  for (size_t N = Insts.size(); N-- > 0;) {
    After[N] = Mask;
    Mask = before(F, Insts[N], Mask);
  }
  return After;
}

} // namespace bpfcc

// Addresses and constants of two slots, computed once.
//
// needs: SSA form
// gives: SSA form where no address is computed that a block on each way to
//        here has computed
//
//   bb0: %17 = sym_addr "counts"            bb0: %17 = sym_addr "counts"
//   bb1: %18 = sym_addr "counts"     ->
//        STXW %18, 0, %16                   bb1: STXW %17, 0, %16
//
// Value numbering over the dominator tree (Briggs, Cooper, Simpson, "Value
// Numbering", 1997), for what takes two slots: keeping it costs a register, and
// where there is none the register allocator computes it again. Constants of
// one slot are cheaper than a register that calls must keep; so are arguments
// of a call or two, computed in the register where the call wants them. What a
// loop reads is computed in the loop, where registers are scarce.

#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/opt/Passes.h"

#include <map>
#include <tuple>

namespace bpfcc {

using mir::BlockId;
using mir::Reg;

static bool takesTwoSlots(const mir::Inst &I) {
  return I.Extra == mir::None && I.Defs.size() == 1 &&
         (I.Op == mir::SYM_ADDR || I.Op == mir::FRAME_ADDR ||
          I.Op == mir::LD_IMM64);
}

/// Whether \p Inner is, by all signs, in a loop around which \p Outer is.
static bool isDeeper(const mir::Function &F, BlockId Inner, BlockId Outer) {
  return F.Blocks[Inner].Frequency > F.Blocks[Outer].Frequency;
}

/// The verifier ends the turns of an open-coded iterator when nothing new
/// comes of them; a register less for what they carry can keep it from that.
static bool iterates(const mir::Function &F) {
  return llvm::any_of(F.Symbols, [](llvm::StringRef Name) {
    return Name.starts_with("bpf_iter_");
  });
}

void shareAddresses(mir::Function &F) {
  if (iterates(F))
    return;
  mir::Dominators Dom(F);
  struct Leader {
    BlockId Block;
    Reg Def;
  };
  std::map<std::tuple<uint16_t, int32_t, int32_t, int64_t>, std::vector<Leader>>
      Leaders;
  std::vector<Reg> Same(F.NextReg);
  std::vector<unsigned> Calls(F.NextReg); // by leader: arguments that it can be
  for (Reg R = 0; R < F.NextReg; ++R)
    Same[R] = R;
  for (BlockId B : Dom.preorder())
    for (const mir::Inst &I : F.Blocks[B].Insts) {
      if (mir::isCall(I.Op))
        for (Reg U : I.Uses)
          if (mir::isVirtual(U))
            ++Calls[Same[U]];
      if (!takesTwoSlots(I))
        continue;
      std::vector<Leader> &Known = Leaders[{I.Op, I.Sym, I.Frame, I.Imm}];
      // The tree's preorder: leaders of subtrees that are done never return.
      while (!Known.empty() && !Dom.dominates(Known.back().Block, B))
        Known.pop_back();
      if (Known.empty() || isDeeper(F, B, Known.back().Block))
        Known.push_back({B, I.Defs[0]});
      else
        Same[I.Defs[0]] = Known.back().Def;
    }
  constexpr unsigned FewCalls = 2;
  for (mir::Block &B : F.Blocks)
    for (mir::Inst &I : B.Insts)
      if (I.Op != mir::PHI)
        for (Reg &U : I.Uses)
          if (mir::isVirtual(U) &&
              !(mir::isCall(I.Op) && Calls[Same[U]] <= FewCalls))
            U = Same[U];
}

} // namespace bpfcc

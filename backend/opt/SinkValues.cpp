// Values computed where they are needed.
//
// needs: SSA form
// gives: SSA form where what one register or none gives is computed in the
//        block that dominates its uses most closely, unless that runs more
//        often
//
//   bb0: %18 = ADD_RI %17, 24               bb0: %19 = LDXDW %17, 24
//        %19 = LDXDW %17, 24                     JEQ_RI %19, 0, bb2, bb1
//        JEQ_RI %19, 0, bb2, bb1     ->     bb1: %18 = ADD_RI %17, 24
//   bb1: JA bb3                                  JA bb3
//   bb3: %20 = phi %18, ...                 bb3: %20 = phi %18, ...
//
// Select folds distances into loads, so that addresses which LLVM computes
// early for several loads are often left with one late use. In SSA form a block
// that dominates the uses has the operand too; with one operand, one register
// lives longer and another shorter.

#include "backend/isa/Encoding.h"
#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/opt/Passes.h"

#include "llvm/ADT/DenseMap.h"

namespace bpfcc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

namespace {

class Sinker {
public:
  explicit Sinker(mir::Function &F)
      : F(F), Dom(F), Number(F.Blocks.size()), Needed(F.NextReg, Nowhere),
        Arriving(F.Blocks.size()), Moved(F.NextReg) {
    const std::vector<BlockId> &Rpo = Dom.reversePostorder();
    for (size_t N = 0; N < Rpo.size(); ++N)
      Number[Rpo[N]] = N;
  }

  void run() {
    for (BlockId B : Dom.reversePostorder())
      for (const Inst &I : F.Blocks[B].Insts)
        if (I.Op == mir::PHI)
          for (size_t N = 0; N < I.Uses.size(); ++N)
            need(I.Uses[N], F.Blocks[B].Preds[N]);
    // Backwards: what uses a value has its place before the value gets one.
    for (BlockId B : llvm::reverse(Dom.reversePostorder()))
      leave(B);
    for (BlockId B = 0; B < F.Blocks.size(); ++B)
      if (!Arriving[B].empty())
        arrive(B);
  }

private:
  static constexpr BlockId Nowhere = ~0u;

  static bool moves(const Inst &I) {
    if (I.Defs.size() != 1 || I.Volatile || I.Extra != mir::None)
      return false;
    if (llvm::count_if(I.Uses, [](Reg U) { return mir::isVirtual(U); }) > 1)
      return false;
    if (mir::isConstant(I))
      return true;
    if (mir::isPseudo(I.Op))
      return false;
    isa::Form Form = isa::form(mir::isaOp(I.Op));
    return Form == isa::Form::RR || Form == isa::Form::RI ||
           Form == isa::Form::R;
  }

  /// The closest block that dominates \p A and \p B; the entry if that is far.
  BlockId common(BlockId A, BlockId B) const {
    constexpr unsigned MaxSteps = 64;
    for (unsigned Steps = 0; A != B; ++Steps) {
      if (Steps == MaxSteps)
        return 0;
      (Number[A] > Number[B] ? A : B) = Dom.idom(Number[A] > Number[B] ? A : B);
    }
    return A;
  }

  void need(Reg R, BlockId B) {
    if (mir::isVirtual(R) && Dom.isReachable(B))
      Needed[R] = Needed[R] == Nowhere ? B : common(Needed[R], B);
  }

  void leave(BlockId B) {
    std::vector<Inst> &Insts = F.Blocks[B].Insts;
    bool Any = false;
    for (Inst &I : llvm::reverse(Insts)) {
      if (I.Op == mir::PHI)
        break;
      BlockId To = B;
      if (moves(I)) {
        BlockId Wanted = Needed[I.Defs[0]];
        if (Wanted != Nowhere && Wanted != B && Dom.dominates(B, Wanted) &&
            F.Blocks[Wanted].Frequency <= F.Blocks[B].Frequency)
          To = Wanted;
      }
      for (Reg U : I.Uses)
        need(U, To);
      if (To == B)
        continue;
      Moved[I.Defs[0]] = true;
      Arriving[To].push_back(std::move(I));
      I.Op = mir::NumOpcodes;
      Any = true;
    }
    if (Any)
      llvm::erase_if(Insts,
                     [](const Inst &I) { return I.Op == mir::NumOpcodes; });
  }

  /// Puts what has come before what reads it, or last.
  void arrive(BlockId B) {
    llvm::DenseMap<Reg, Inst *> Waiting;
    std::vector<Reg> Order;
    for (Inst &I : llvm::reverse(Arriving[B])) {
      Order.push_back(I.Defs[0]);
      Waiting[I.Defs[0]] = &I;
    }
    std::vector<Inst> Out;
    // With one operand each, what \p R needs is a chain.
    auto Bring = [&](Reg R) {
      std::vector<Inst *> Chain;
      for (Inst *I; R != mir::NoReg && (I = Waiting.lookup(R));) {
        Waiting.erase(R);
        Chain.push_back(I);
        R = mir::NoReg;
        for (Reg U : I->Uses)
          if (mir::isVirtual(U))
            R = U;
      }
      for (Inst *I : llvm::reverse(Chain))
        Out.push_back(std::move(*I));
    };
    for (Inst &I : F.Blocks[B].Insts) {
      if (I.Op != mir::PHI)
        for (Reg U : I.Uses)
          if (mir::isVirtual(U) && Moved[U])
            Bring(U);
      if (mir::isTerminator(I))
        for (Reg R : Order)
          Bring(R);
      Out.push_back(std::move(I));
    }
    F.Blocks[B].Insts = std::move(Out);
  }

  mir::Function &F;
  mir::Dominators Dom;
  std::vector<size_t> Number; ///< by block: place in reverse postorder
  /// By register: the closest block that dominates all that uses it.
  std::vector<BlockId> Needed;
  std::vector<std::vector<Inst>> Arriving; ///< by block, the last one first
  std::vector<bool> Moved;
};

} // namespace

void sinkValues(mir::Function &F) { Sinker(F).run(); }

} // namespace bpfcc

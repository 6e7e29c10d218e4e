// Before allocation: what SSA makes easy.
//
//   %17 = MOV_RI 1                     %19 = CALL_HELPER %18', 5
//   %19 = CALL_HELPER %17, 5     ->    (%18' = MOV_RI 1 right before it)
//   %20 = MOV_RR %19                   uses of %20 become uses of %19
//
// An operand with a prescribed register costs a move anyway; moving a constant
// there costs no more, and the constant needs no register before.

#include "backend/regalloc/Normalise.h"

#include "backend/mir/Cfg.h"
#include "backend/mir/Shape.h"
#include "backend/regalloc/Constraints.h"

#include "backend/isa/Encoding.h"

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;
using mir::Reg;

static void emptyUnreachable(mir::Function &F) {
  std::vector<bool> Reached(F.Blocks.size());
  for (BlockId B : mir::reversePostorder(F))
    Reached[B] = true;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    mir::Block &B = F.Blocks[Id];
    if (!Reached[Id]) {
      B.Insts.clear();
      B.Preds.clear();
      continue;
    }
    for (size_t N = B.Preds.size(); N-- > 0;) {
      if (Reached[B.Preds[N]])
        continue;
      B.Preds.erase(B.Preds.begin() + N);
      for (Inst &I : B.Insts) {
        if (I.Op != mir::PHI)
          break;
        I.Uses.erase(I.Uses.begin() + N);
      }
    }
  }
}

static bool isCopy(const Inst &I) {
  return I.Op == mir::COPY || I.Op == mir::PARCOPY || I.Op == mir::MOV_RR;
}

static bool staysCopy(const Inst &I) {
  return I.Op == mir::MOV_RR && I.Uses[0] == isa::R10;
}

/// Copies of r10 become moves: the one copy that is left.
static void splitParallelCopies(mir::Function &F) {
  for (mir::Block &B : F.Blocks) {
    bool Needed = llvm::any_of(B.Insts, [](const Inst &I) {
      return I.Op == mir::PARCOPY || I.Op == mir::COPY;
    });
    if (!Needed)
      continue;
    std::vector<Inst> Out;
    for (Inst &I : B.Insts) {
      if (I.Op != mir::PARCOPY && I.Op != mir::COPY) {
        Out.push_back(std::move(I));
        continue;
      }
      for (size_t N = 0; N < I.Defs.size(); ++N) {
        Inst Move;
        Move.Op = mir::MOV_RR;
        Move.Loc = I.Loc;
        Move.Defs = {I.Defs[N]};
        Move.Uses = {I.Uses[N]};
        Out.push_back(std::move(Move));
      }
    }
    B.Insts = std::move(Out);
  }
}

static void propagateCopies(mir::Function &F) {
  splitParallelCopies(F);
  std::vector<Reg> Source(F.NextReg);
  for (Reg R = 0; R < F.NextReg; ++R)
    Source[R] = R;
  for (mir::Block &B : F.Blocks)
    for (Inst &I : B.Insts)
      if (isCopy(I) && !staysCopy(I))
        Source[I.Defs[0]] = I.Uses[0];
  // A phi whose operands are one value, or itself, is a copy too.
  auto Find = [&](Reg R) {
    Reg Root = R;
    while (Source[Root] != Root)
      Root = Source[Root];
    while (Source[R] != Root) {
      Reg Next = Source[R];
      Source[R] = Root;
      R = Next;
    }
    return Root;
  };
  constexpr int MaxRounds = 8;
  bool Changed = true;
  for (int Round = 0; Changed && Round < MaxRounds; ++Round) {
    Changed = false;
    for (mir::Block &B : F.Blocks)
      for (Inst &I : B.Insts) {
        if (I.Op != mir::PHI)
          break;
        if (Source[I.Defs[0]] != I.Defs[0])
          continue;
        Reg Same = mir::NoReg;
        bool Unique = true;
        for (Reg U : I.Uses) {
          Reg Root = U == isa::R10 ? U : Find(U);
          if (Root == I.Defs[0] || Root == Same)
            continue;
          Unique &= Same == mir::NoReg;
          Same = Root;
        }
        if (Unique && mir::isVirtual(Same)) {
          Source[I.Defs[0]] = Same;
          Changed = true;
        }
      }
  }
  for (mir::Block &B : F.Blocks) {
    llvm::erase_if(B.Insts, [&](const Inst &I) {
      return (isCopy(I) || I.Op == mir::PHI) && !staysCopy(I) &&
             Source[I.Defs[0]] != I.Defs[0];
    });
    for (Inst &I : B.Insts)
      for (Reg &U : I.Uses)
        if (mir::isVirtual(U))
          U = Find(U);
  }
}

/// Computes a value and does nothing else.
static bool isPure(const Inst &I) {
  if (I.Defs.empty() || I.Volatile)
    return false;
  if (I.Op == mir::PHI || mir::isConstant(I))
    return true;
  if (mir::isPseudo(I.Op))
    return false;
  isa::Form Form = isa::form(mir::isaOp(I.Op));
  return Form == isa::Form::RR || Form == isa::Form::RI || Form == isa::Form::R;
}

static void dropDeadValues(mir::Function &F) {
  std::vector<const Inst *> DefOf(F.NextReg);
  std::vector<bool> Needed(F.NextReg);
  std::vector<Reg> Work;
  auto Need = [&](const Inst &I) {
    for (Reg U : I.Uses)
      if (mir::isVirtual(U) && !Needed[U]) {
        Needed[U] = true;
        Work.push_back(U);
      }
  };
  for (const mir::Block &B : F.Blocks)
    for (const Inst &I : B.Insts) {
      for (Reg D : I.Defs)
        DefOf[D] = &I;
      if (!isPure(I))
        Need(I);
    }
  while (!Work.empty()) {
    Reg R = Work.back();
    Work.pop_back();
    if (DefOf[R])
      Need(*DefOf[R]);
  }
  for (mir::Block &B : F.Blocks)
    llvm::erase_if(B.Insts, [&](const Inst &I) {
      return isPure(I) && !Needed[I.Defs[0]];
    });
}

/// ARGs first, one for each argument.
static void gatherArguments(mir::Function &F) {
  std::vector<Inst> Args, Rest;
  for (Inst &I : F.Blocks[0].Insts) {
    if (I.Op != mir::ARG) {
      Rest.push_back(std::move(I));
      continue;
    }
    auto Same =
        llvm::find_if(Args, [&](const Inst &A) { return A.Imm == I.Imm; });
    if (Same == Args.end()) {
      Args.push_back(std::move(I));
      continue;
    }
    I.Op = mir::COPY;
    I.Uses = {Same->Defs[0]};
    I.Imm = 0;
    Rest.push_back(std::move(I));
  }
  Args.insert(Args.end(), std::make_move_iterator(Rest.begin()),
              std::make_move_iterator(Rest.end()));
  F.Blocks[0].Insts = std::move(Args);
}

/// A phi cannot read r10: the edge that brings it has a move of its own.
static void moveFramePointerOutOfPhis(mir::Function &F) {
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id)
    for (size_t N = 0; N < F.Blocks[Id].Insts.size(); ++N) {
      if (F.Blocks[Id].Insts[N].Op != mir::PHI)
        break;
      for (size_t U = 0; U < F.Blocks[Id].Insts[N].Uses.size(); ++U) {
        if (F.Blocks[Id].Insts[N].Uses[U] != isa::R10)
          continue;
        Inst Move;
        Move.Op = mir::MOV_RR;
        Move.Uses = {isa::R10};
        Move.Defs = {F.newReg()};
        F.Blocks[Id].Insts[N].Uses[U] = Move.Defs[0];
        std::vector<Inst> &Pred = F.Blocks[F.Blocks[Id].Preds[U]].Insts;
        Pred.insert(Pred.end() - 1, std::move(Move));
      }
    }
}

static void cloneConstants(mir::Function &F) {
  std::vector<const Inst *> DefOf(F.NextReg);
  std::vector<unsigned> Prescribed(F.NextReg);
  for (const mir::Block &B : F.Blocks)
    for (const Inst &I : B.Insts) {
      if (isRematerialisable(I))
        DefOf[I.Defs[0]] = &I;
      if (!mir::isCall(I.Op) && I.Op != mir::EXIT)
        continue;
      for (Reg U : I.Uses)
        if (mir::isVirtual(U))
          ++Prescribed[U];
    }
  constexpr unsigned MaxClonesOfTwoSlots = 2;
  std::vector<Inst> Template(F.NextReg);
  for (Reg R = 0; R < F.NextReg; ++R)
    if (DefOf[R])
      Template[R] = *DefOf[R];
  auto Clones = [&](Reg R) {
    return mir::isVirtual(R) && R < Template.size() &&
           Template[R].Op != mir::NumOpcodes &&
           (rematCost(Template[R]) == 1 ||
            Prescribed[R] <= MaxClonesOfTwoSlots);
  };
  for (mir::Block &B : F.Blocks) {
    std::vector<Inst> Out;
    Out.reserve(B.Insts.size());
    llvm::SmallVector<Reg, 8> Near; // of two slots, made since the last call
    for (Inst &I : B.Insts) {
      if (isRematerialisable(I) && rematCost(I) > 1)
        Near.push_back(I.Defs[0]);
      if (mir::isCall(I.Op) || I.Op == mir::EXIT)
        for (Reg &U : I.Uses) {
          if (!Clones(U) || llvm::is_contained(Near, U))
            continue;
          Inst Copy = Template[U];
          Copy.Loc = I.Loc;
          U = Copy.Defs[0] = F.newReg();
          Out.push_back(std::move(Copy));
        }
      if (mir::isCall(I.Op))
        Near.clear();
      Out.push_back(std::move(I));
    }
    B.Insts = std::move(Out);
  }
}

/// Results of an asm goto are stored, where they must be, in blocks of their
/// own on the edges.
static void splitAsmGotoEdges(mir::Function &F) {
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    if (F.Blocks[Id].Insts.empty() ||
        F.Blocks[Id].Insts.back().Op != mir::INLINE_ASM ||
        F.Blocks[Id].Insts.back().Defs.empty())
      continue;
    size_t Count = F.Blocks[Id].Insts.back().Targets.size();
    for (size_t T = 0; T < Count; ++T)
      splitEdge(F, Id, T);
  }
}

BlockId splitEdge(mir::Function &F, BlockId From, size_t Index) {
  BlockId New = static_cast<BlockId>(F.Blocks.size());
  BlockId &Target = F.Blocks[From].Insts.back().Targets[Index];
  mir::Block B;
  B.Frequency = mir::edgeFrequency(F, From, Target);
  B.Turns = std::min(F.Blocks[From].Turns, F.Blocks[Target].Turns);
  B.Preds = {From};
  Inst Jump;
  Jump.Op = mir::JA;
  Jump.Targets = {Target};
  B.Insts.push_back(std::move(Jump));
  *llvm::find(F.Blocks[Target].Preds, From) = New;
  Target = New;
  F.Blocks.push_back(std::move(B));
  return New;
}

void normalise(mir::Function &F) {
  emptyUnreachable(F);
  splitAsmGotoEdges(F);
  gatherArguments(F);
  moveFramePointerOutOfPhis(F);
  propagateCopies(F);
  dropDeadValues(F);
  cloneConstants(F);
  dropDeadValues(F);
}

} // namespace bpfcc::regalloc

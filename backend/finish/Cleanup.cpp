// Control-flow cleanup after allocation.
//
// needs: physical registers, no PHI, one terminator at each block's end
// gives: the same program with fewer and longer blocks
//
//   bb3: r0 = 1; goto bb9      bb5: r0 = 1; goto bb9      bb9: exit
//   ->  jumps to bb5 go to bb3; bb5 is gone

#include "backend/finish/Cleanup.h"

#include "backend/finish/Branch.h"
#include "backend/finish/CoalesceMoves.h"
#include "backend/finish/EarlyConstants.h"
#include "backend/finish/RedundantMoves.h"
#include "backend/finish/SlotCopies.h"
#include "backend/finish/TailMerge.h"
#include "backend/mir/Cfg.h"

namespace bpfcc {

using mir::BlockId;

static bool isPlainJump(const mir::Block &B) {
  return B.Insts.size() == 1 && B.Insts[0].Op == mir::JA;
}

/// final[b]: where a jump to block b ends up once blocks that only jump on are
/// skipped. A loop of such blocks ends at one of its members.
static std::vector<BlockId> finalTargets(const mir::Function &F) {
  constexpr BlockId Unknown = ~0u, OnPath = ~0u - 1;
  std::vector<BlockId> Final(F.Blocks.size(), Unknown);
  std::vector<BlockId> Path;
  for (BlockId Start = 0; Start < F.Blocks.size(); ++Start) {
    BlockId B = Start;
    while (Final[B] == Unknown && isPlainJump(F.Blocks[B])) {
      Final[B] = OnPath;
      Path.push_back(B);
      B = F.Blocks[B].Insts[0].Targets[0];
    }
    BlockId End = Final[B] == Unknown || Final[B] == OnPath ? B : Final[B];
    Final[B] = End;
    for (BlockId P : Path)
      Final[P] = End;
    Path.clear();
  }
  return Final;
}

static bool threadJumps(mir::Function &F) {
  bool Changed = false;
  std::vector<BlockId> Final = finalTargets(F);
  for (mir::Block &B : F.Blocks) {
    if (B.Insts.empty())
      continue;
    mir::Inst &Last = B.Insts.back();
    for (BlockId &T : Last.Targets) {
      Changed |= T != Final[T];
      T = Final[T];
    }
    if (isConditionalJump(Last.Op) && Last.Targets[0] == Last.Targets[1]) {
      Last.Op = mir::JA;
      Last.Uses.clear();
      Last.Targets.resize(1);
      Changed = true;
    }
  }
  return Changed;
}

/// Appends the only successor of a block to it when nothing else goes there.
static bool mergeChains(mir::Function &F) {
  std::vector<bool> Live = reachableBlocks(F);
  std::vector<uint32_t> Entries(F.Blocks.size());
  Entries[0] = 1;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id)
    if (Live[Id])
      for (BlockId T : successors(F.Blocks[Id]))
        ++Entries[T];
  bool Changed = false;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    while (!F.Blocks[Id].Insts.empty() &&
           F.Blocks[Id].Insts.back().Op == mir::JA) {
      BlockId Next = F.Blocks[Id].Insts.back().Targets[0];
      if (Next == Id || Entries[Next] != 1 || !Live[Id])
        break;
      std::vector<mir::Inst> Tail = std::move(F.Blocks[Next].Insts);
      F.Blocks[Next].Insts.clear();
      std::vector<mir::Inst> &Insts = F.Blocks[Id].Insts;
      Insts.pop_back();
      Insts.insert(Insts.end(), std::make_move_iterator(Tail.begin()),
                   std::make_move_iterator(Tail.end()));
      Changed = true;
    }
  }
  return Changed;
}

std::vector<bool> reachableBlocks(const mir::Function &F) {
  std::vector<bool> Reached(F.Blocks.size());
  std::vector<BlockId> Work{0};
  Reached[0] = true;
  while (!Work.empty()) {
    BlockId B = Work.back();
    Work.pop_back();
    for (BlockId T : successors(F.Blocks[B]))
      if (!Reached[T]) {
        Reached[T] = true;
        Work.push_back(T);
      }
  }
  return Reached;
}

/// Blocks that jump to a lone EXIT exit themselves. Where a condition jumps to
/// it, one block keeps falling into it.
static void duplicateExits(mir::Function &F) {
  auto IsExit = [&](BlockId B) {
    return F.Blocks[B].Insts.size() == 1 &&
           F.Blocks[B].Insts[0].Op == mir::EXIT;
  };
  BlockId Exit = 0;
  while (Exit < F.Blocks.size() && !IsExit(Exit))
    ++Exit;
  if (Exit == F.Blocks.size() || Exit == 0)
    return;
  const mir::Inst Copy = F.Blocks[Exit].Insts[0];
  mir::Inst *Falls = nullptr, *Other = nullptr;
  bool Needed = false;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    if (F.Blocks[Id].Insts.empty() || Id == Exit)
      continue;
    mir::Inst &Last = F.Blocks[Id].Insts.back();
    bool Jumps = Last.Op == mir::JA && Last.Targets[0] == Exit;
    if (Last.Op == mir::EXIT)
      Other = &Last;
    else if (Jumps && !Falls)
      Falls = &Last;
    else if (Jumps)
      Last = Copy;
    else
      Needed |= llvm::is_contained(Last.Targets, Exit);
  }
  if (!Needed) {
    if (Falls)
      *Falls = Copy;
    F.Blocks[Exit].Insts.clear();
  } else if (!Falls && Other) {
    Other->Op = mir::JA;
    Other->Uses.clear();
    Other->Targets = {Exit};
  }
}

static void dropUnreachable(mir::Function &F) {
  std::vector<bool> Live = reachableBlocks(F);
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id)
    if (!Live[Id])
      F.Blocks[Id].Insts.clear();
}

void cleanUpBlocks(mir::Function &F) {
  dropRedundantMoves(F);
  dropSlotCopies(F);
  constexpr int MaxRounds = 8;
  constexpr unsigned LeastSaved = 2;
  for (int Round = 0; Round < MaxRounds; ++Round) {
    bool Changed = threadJumps(F);
    dropUnreachable(F);
    Changed |= mergeEqualBlocks(F);
    Changed |= mergeChains(F);
    if (!Changed && !mergeTails(F, LeastSaved))
      break;
  }
  dropUnreachable(F);
  // Blocks that were to be equal are by now.
  coalesceMoves(F);
  loadConstantsEarly(F);
  duplicateExits(F);
}

} // namespace bpfcc

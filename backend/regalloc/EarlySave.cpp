// Where the result of a call is saved from the next ones.
//
//   r0 = CALL_HELPER 5                 r0 = CALL_HELPER 5
//   if r0 != 0 goto bb2                r6 = r0
//   r6 = r0                            if r6 != 0 goto bb2
//   CALL_HELPER 6                 ->   CALL_HELPER 6
//   r0 = r6
//   bb2: r0 = LDXDW r0, 0              bb2: r0 = LDXDW r6, 0
//
// Late, each way that comes to a call has a move, and so has each edge from
// there to a block that other ways reach without one. Early there is one. A
// move is worth its place in the code and how often it runs.

#include "backend/regalloc/EarlySave.h"

#include "backend/mir/Cfg.h"

#include "llvm/ADT/SmallSet.h"

#include <algorithm>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Reg;

namespace {

constexpr size_t MaxBlocks = 64; ///< that are looked at
constexpr float Place = 1;       ///< what a move costs that never runs

bool has(const std::vector<Reg> &Sorted, Reg V) {
  return std::binary_search(Sorted.begin(), Sorted.end(), V);
}

} // namespace

bool savesEarly(const mir::Function &F, const Preferences &Prefs, Reg V,
                BlockId Def) {
  llvm::SmallVector<BlockId, 16> Unsaved{Def}, Saved;
  llvm::SmallSet<BlockId, 16> SeenUnsaved, SeenSaved;
  float Late = 0;
  for (size_t N = 0; N < Unsaved.size(); ++N)
    for (BlockId S : mir::successors(F.Blocks[Unsaved[N]])) {
      if (S == Def || !has(Prefs.LiveIn[S], V) || SeenSaved.contains(S))
        continue;
      if (has(Prefs.CrossesIn[S], V)) {
        Late += Place + F.Blocks[S].Frequency;
        SeenSaved.insert(S);
        Saved.push_back(S);
      } else if (SeenUnsaved.insert(S).second) {
        Unsaved.push_back(S);
      }
      if (Unsaved.size() + Saved.size() > MaxBlocks)
        return false;
    }
  for (size_t N = 0; N < Saved.size(); ++N)
    for (BlockId S : mir::successors(F.Blocks[Saved[N]])) {
      if (!has(Prefs.LiveIn[S], V))
        continue;
      if (SeenUnsaved.contains(S))
        Late += Place +
                std::min(F.Blocks[Saved[N]].Frequency, F.Blocks[S].Frequency);
      else if (SeenSaved.insert(S).second)
        Saved.push_back(S);
      if (Unsaved.size() + Saved.size() > MaxBlocks)
        return false;
    }
  return Late > Place + F.Blocks[Def].Frequency;
}

} // namespace bpfcc::regalloc

// Colouring of spill slots.
//
// needs: allocated code; spill slots are accessed whole, by LDXDW and STXDW
// gives: fewer slots: 512 bytes of stack are 64 of them
//
//   STXDW obj1 .. LDXDW obj1, STXDW obj2 .. LDXDW obj2   ->   both use obj1
//
// Backward liveness of slots; what is stored interferes with what is live
// then; slots are coloured greedily.

#include "backend/regalloc/SpillSlots.h"

#include "backend/mir/Cfg.h"

#include <algorithm>
#include <set>

namespace bpfcc::regalloc {

using mir::BlockId;
using mir::Inst;

namespace {

using Slots = std::vector<int32_t>; // by rising index

class Sharing {
public:
  explicit Sharing(mir::Function &F) : F(F), Rpo(mir::reversePostorder(F)) {}

  void run() {
    if (llvm::none_of(F.Frame, [](auto &O) { return O.Spill; }))
      return;
    liveness();
    interference();
    rewrite(colour());
  }

private:
  bool isSlot(const Inst &I) const {
    return I.Frame != mir::None && F.Frame[I.Frame].Spill;
  }

  /// Walks \p B backward from what is live at its end; \p AtStore sees each
  /// store with what is live after it.
  template <typename Callback>
  std::set<int32_t> walk(BlockId B, Callback AtStore) const {
    std::set<int32_t> Live;
    for (BlockId S : mir::successors(F.Blocks[B]))
      Live.insert(LiveIn[S].begin(), LiveIn[S].end());
    const std::vector<Inst> &Insts = F.Blocks[B].Insts;
    for (size_t N = Insts.size(); N-- > 0;) {
      if (!isSlot(Insts[N]))
        continue;
      int32_t Slot = Insts[N].Frame;
      if (Insts[N].Defs.empty()) {
        Live.erase(Slot);
        AtStore(Slot, Live);
      } else
        Live.insert(Slot);
    }
    return Live;
  }

  void liveness() {
    LiveIn.resize(F.Blocks.size());
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (size_t N = Rpo.size(); N-- > 0;) {
        std::set<int32_t> In =
            walk(Rpo[N], [](int32_t, const std::set<int32_t> &) {});
        if (In.size() == LiveIn[Rpo[N]].size())
          continue;
        LiveIn[Rpo[N]].assign(In.begin(), In.end());
        Changed = true;
      }
    }
  }

  void interference() {
    Conflicts.resize(F.Frame.size());
    for (BlockId B : Rpo)
      walk(B, [&](int32_t Slot, const std::set<int32_t> &Live) {
        for (int32_t Other : Live) {
          Conflicts[Slot].push_back(Other);
          Conflicts[Other].push_back(Slot);
        }
      });
    for (Slots &S : Conflicts) {
      std::sort(S.begin(), S.end());
      S.erase(std::unique(S.begin(), S.end()), S.end());
    }
  }

  /// For each slot the object that stands for its colour.
  Slots colour() const {
    Slots Object(F.Frame.size(), mir::None), Colours,
        ColourOf(F.Frame.size(), mir::None);
    for (size_t Slot = 0; Slot < F.Frame.size(); ++Slot) {
      if (!F.Frame[Slot].Spill)
        continue;
      std::vector<bool> Taken(Colours.size());
      for (int32_t Other : Conflicts[Slot])
        if (ColourOf[Other] != mir::None)
          Taken[ColourOf[Other]] = true;
      size_t C = std::find(Taken.begin(), Taken.end(), false) - Taken.begin();
      if (C == Colours.size())
        Colours.push_back(static_cast<int32_t>(Slot));
      ColourOf[Slot] = static_cast<int32_t>(C);
      Object[Slot] = Colours[C];
    }
    return Object;
  }

  /// Spill slots stand at the end of the frame.
  void rewrite(const Slots &Object) {
    size_t First = 0;
    while (!F.Frame[First].Spill)
      ++First;
    Slots Place(F.Frame.size(), mir::None);
    std::vector<mir::FrameObject> Kept(F.Frame.begin(),
                                       F.Frame.begin() + First);
    for (size_t Slot = First; Slot < F.Frame.size(); ++Slot)
      if (!F.Frame[Slot].Spill || Object[Slot] == static_cast<int32_t>(Slot)) {
        Place[Slot] = static_cast<int32_t>(Kept.size());
        Kept.push_back(F.Frame[Slot]);
      } else
        Place[Slot] = Place[Object[Slot]];
    for (BlockId B : Rpo)
      for (Inst &I : F.Blocks[B].Insts)
        if (isSlot(I))
          I.Frame = Place[I.Frame];
    F.Frame = std::move(Kept);
  }

  mir::Function &F;
  std::vector<BlockId> Rpo;
  std::vector<Slots> LiveIn, Conflicts;
};

} // namespace

void shareSpillSlots(mir::Function &F) { Sharing(F).run(); }

} // namespace bpfcc::regalloc

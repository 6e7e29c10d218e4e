// Equal ends of blocks.
//
// needs: physical registers, one terminator at each block's end
// gives: the same program, each ending that several blocks share once
//
//   bb3: r5 = 51                 bb3: r5 = 51; goto bb9
//        *(fp - 8) = r5
//        r0 = 0; exit      ->
//   bb5: r5 = 58                 bb5: r5 = 58; goto bb9
//        *(fp - 8) = r5          bb9: *(fp - 8) = r5
//        r0 = 0; exit                 r0 = 0; exit
//
// Registers that a copy of a return value was coalesced into make most early
// exits of a BPF program equal, and macros that report an error before they
// return make long equal tails. The verifier walks through a joined tail for
// each way that leads into it, as before, and stops early where it comes in the
// same state. What it would not take joined, Origins tells apart. LLVM's
// BranchFolding does the same without that.

#include "backend/finish/TailMerge.h"

#include "backend/finish/Origins.h"
#include "backend/mir/Shape.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/Hashing.h"

#include <optional>

namespace bpfcc {

using mir::BlockId;
using mir::Inst;

namespace {

size_t hashInst(const Inst &I) {
  return llvm::hash_combine(
      I.Op, I.Off, I.Frame, I.Sym, I.Extra, I.Imm,
      llvm::hash_combine_range(I.Defs.begin(), I.Defs.end()),
      llvm::hash_combine_range(I.Uses.begin(), I.Uses.end()),
      llvm::hash_combine_range(I.Targets.begin(), I.Targets.end()));
}

bool sameInst(const Inst &A, const Inst &B) {
  return A.Op == B.Op && A.Off == B.Off && A.Frame == B.Frame &&
         A.Sym == B.Sym && A.Extra == B.Extra && A.Imm == B.Imm &&
         A.Volatile == B.Volatile && A.Defs == B.Defs && A.Uses == B.Uses &&
         A.Targets == B.Targets;
}

/// Blocks with equal keys, in the order in which each key came first.
class Buckets {
public:
  void add(size_t Hash, BlockId B) {
    Hash &= ~(size_t(3) << 62); // keep clear of DenseMap's reserved keys
    auto [It, New] = Index.try_emplace(Hash, Lists.size());
    if (New)
      Lists.emplace_back();
    Lists[It->second].push_back(B);
  }
  std::vector<std::vector<BlockId>> Lists;

private:
  llvm::DenseMap<size_t, size_t> Index;
};

/// The verifier knows the turns of an open-coded iterator by the place of this
/// call, and forgets there what a turn may change.
bool stepsIterator(const mir::Function &F, const Inst &I) {
  return I.Op == mir::CALL_KFUNC && I.Sym != mir::None &&
         llvm::StringRef(F.Symbols[I.Sym]).starts_with("bpf_iter_");
}

/// How many of the last instructions of two blocks are equal and may be one.
size_t commonTail(const mir::Function &F, Origins &From, BlockId A, BlockId B) {
  const std::vector<Inst> &X = F.Blocks[A].Insts, &Y = F.Blocks[B].Insts;
  size_t Most = std::min(X.size(), Y.size()), Length = 0;
  while (Length < Most &&
         sameInst(X[X.size() - 1 - Length], Y[Y.size() - 1 - Length]))
    ++Length;
  if (Length == 0)
    return 0;
  Origins::State S = From.before(A, X.size() - Length),
                 T = From.before(B, Y.size() - Length);
  size_t Joined = Length;
  for (size_t Left = Length; Left > 0; --Left) {
    size_t M = X.size() - Left, N = Y.size() - Left;
    if (!Origins::canJoin(X[M], S, T) || stepsIterator(F, X[M]))
      Joined = Left - 1;
    From.step(S, A, M);
    From.step(T, B, N);
  }
  return Joined;
}

unsigned slotsOf(llvm::ArrayRef<Inst> Insts) {
  unsigned Sum = 0;
  for (const Inst &I : Insts)
    Sum += I.Op == mir::SYM_ADDR || I.Op == mir::FRAME_ADDR ||
                   I.Op == mir::LD_IMM64
               ? 2
               : 1;
  return Sum;
}

} // namespace

bool mergeEqualBlocks(mir::Function &F) {
  Buckets ByText;
  for (BlockId Id = 1; Id < F.Blocks.size(); ++Id) {
    size_t Hash = 0;
    for (const Inst &I : F.Blocks[Id].Insts)
      Hash = llvm::hash_combine(Hash, hashInst(I));
    if (!F.Blocks[Id].Insts.empty())
      ByText.add(Hash, Id);
  }
  std::optional<Origins> From;
  std::vector<BlockId> Into(F.Blocks.size());
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id)
    Into[Id] = Id;
  bool Changed = false;
  constexpr size_t MaxKinds = 8;
  for (const std::vector<BlockId> &Same : ByText.Lists) {
    llvm::SmallVector<BlockId, MaxKinds> Leaders{Same[0]};
    for (BlockId Id : llvm::drop_begin(Same)) {
      if (!From)
        From.emplace(F);
      size_t Size = F.Blocks[Id].Insts.size();
      auto Leader = llvm::find_if(Leaders, [&](BlockId L) {
        return F.Blocks[L].Insts.size() == Size &&
               commonTail(F, *From, L, Id) == Size;
      });
      if (Leader != Leaders.end()) {
        Into[Id] = *Leader;
        Changed = true;
      } else if (Leaders.size() < MaxKinds)
        Leaders.push_back(Id);
    }
  }
  if (Changed)
    for (mir::Block &B : F.Blocks)
      if (!B.Insts.empty())
        for (BlockId &T : B.Insts.back().Targets)
          T = Into[T];
  return Changed;
}

bool mergeTails(mir::Function &F, unsigned LeastSaved) {
  Buckets ByEnd;
  for (BlockId Id = 0; Id < F.Blocks.size(); ++Id) {
    const std::vector<Inst> &Insts = F.Blocks[Id].Insts;
    if (Insts.size() >= 2)
      ByEnd.add(llvm::hash_combine(hashInst(Insts[Insts.size() - 1]),
                                   hashInst(Insts[Insts.size() - 2])),
                Id);
  }
  struct Merge {
    std::vector<BlockId> Blocks;
    size_t Length;
  };
  std::vector<Merge> Merges;
  std::optional<Origins> From;
  constexpr size_t Window = 32;
  std::vector<bool> Taken(F.Blocks.size());
  for (const std::vector<BlockId> &Bucket : ByEnd.Lists)
    for (size_t First = 0; First + 1 < Bucket.size(); ++First) {
      BlockId Leader = Bucket[First];
      if (Taken[Leader])
        continue;
      if (!From)
        From.emplace(F);
      Merge Best{{}, 0};
      for (BlockId Id : llvm::ArrayRef(Bucket).slice(First + 1).take_front(
               std::min(Window, Bucket.size() - First - 1))) {
        size_t Length = Taken[Id] ? 0 : commonTail(F, *From, Leader, Id);
        if (Length > Best.Length)
          Best = {{Leader}, Length};
        if (Length && Length == Best.Length)
          Best.Blocks.push_back(Id);
      }
      llvm::ArrayRef<Inst> Insts(F.Blocks[Leader].Insts);
      if (Best.Length == 0 || (slotsOf(Insts.take_back(Best.Length)) - 1) *
                                      (Best.Blocks.size() - 1) <
                                  LeastSaved)
        continue;
      for (BlockId Id : Best.Blocks)
        Taken[Id] = true;
      Merges.push_back(std::move(Best));
    }
  for (const Merge &M : Merges) {
    auto Tail = static_cast<BlockId>(F.Blocks.size());
    F.Blocks.emplace_back();
    F.Blocks[Tail].Frequency = 0;
    for (BlockId Id : M.Blocks) {
      mir::Block &B = F.Blocks[Id];
      F.Blocks[Tail].Frequency += B.Frequency;
      F.Blocks[Tail].Turns = std::max(F.Blocks[Tail].Turns, B.Turns);
      auto Start = B.Insts.end() - M.Length;
      if (Id == M.Blocks[0])
        F.Blocks[Tail].Insts.assign(Start, B.Insts.end());
      Inst Jump;
      Jump.Op = mir::JA;
      Jump.Loc = B.Insts.back().Loc;
      Jump.Targets = {Tail};
      B.Insts.erase(Start, B.Insts.end());
      B.Insts.push_back(std::move(Jump));
    }
  }
  return !Merges.empty();
}

} // namespace bpfcc

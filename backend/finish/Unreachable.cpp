// Code behind assembly text that leaves.
//
// needs: linear code
// gives: the same without what no path from the start comes to
//
//   asm volatile("r0 = 0; exit");   ->   r0 = 0
//   for (;;) ...                         exit
//
// The compiler takes text for something that control falls out of; only now
// that it is assembled one sees whether it does. The kernel refuses a program
// with an instruction that no path leads to ("unreachable insn"), so what
// follows the text goes. What is unreachable inside a text the user wrote.

#include "backend/finish/Unreachable.h"

#include "backend/finish/Islands.h"
#include "backend/isa/Encoding.h"

#include "llvm/ADT/DenseMap.h"

#include <algorithm>

namespace bpfcc {

static bool fallsThrough(isa::Op Op) {
  return Op != isa::Op::JA && Op != isa::Op::JAL && Op != isa::Op::EXIT &&
         Op != isa::Op::GOTOX;
}

static std::vector<bool> reached(const LinearCode &L) {
  const auto &Insts = L.Code.Insts;
  std::vector<uint32_t> Slots = slotsOf(L.Code);
  llvm::DenseMap<uint32_t, uint32_t> Targets; // by instruction
  for (const LinearCode::Jump &J : L.Jumps)
    Targets[J.Inst] = L.Starts[J.To];
  std::vector<bool> Seen(Insts.size());
  std::vector<uint32_t> Work;
  auto visit = [&](uint32_t To) {
    if (To < Insts.size() && !Seen[To]) {
      Seen[To] = true;
      Work.push_back(To);
    }
  };
  auto isRaw = [&](uint32_t At) {
    return std::binary_search(
        L.Code.Raws.begin(), L.Code.Raws.end(), CodeRaw{At, {}},
        [](const CodeRaw &A, const CodeRaw &B) { return A.Inst < B.Inst; });
  };
  visit(0);
  // Numbers may be jumps: assume that they go wherever they can.
  for (const LinearCode::Number &N : L.Numbers)
    for (mir::BlockId Target : N.Targets)
      visit(L.Starts[Target]);
  while (!Work.empty()) {
    uint32_t At = Work.back();
    Work.pop_back();
    const isa::Inst &I = Insts[At];
    if (isRaw(At) || fallsThrough(I.Opcode))
      visit(At + 1);
    if (auto To = Targets.find(At); To != Targets.end())
      visit(To->second);
    else if (isa::isJump(I.Opcode) && !isRaw(At)) { // inside a text
      int64_t D = isa::form(I.Opcode) == isa::Form::JmpL ? I.Imm : I.Off;
      int64_t Slot = int64_t(Slots[At]) + 1 + D;
      auto Place = std::lower_bound(Slots.begin(), Slots.end(), Slot);
      if (Place != Slots.end() && *Place == Slot)
        visit(uint32_t(Place - Slots.begin()));
    }
  }
  for (const LinearCode::Range &R : L.Texts) {
    auto First = Seen.begin() + R.First, Last = Seen.begin() + R.Last;
    if (std::find(First, Last, true) != Last)
      std::fill(First, Last, true);
  }
  return Seen;
}

void renumber(LinearCode &L, const std::vector<uint32_t> &NewIndex) {
  for (uint32_t &Start : L.Starts)
    Start = NewIndex[Start];
  for (CodeFixup &F : L.Code.Fixups)
    F.Inst = NewIndex[F.Inst];
  for (CodeLine &Line : L.Code.Lines)
    Line.Inst = NewIndex[Line.Inst];
  for (CodeCoreRelo &R : L.Code.CoreRelos)
    R.Inst = NewIndex[R.Inst];
  for (CodeRaw &R : L.Code.Raws)
    R.Inst = NewIndex[R.Inst];
  for (LinearCode::Number &N : L.Numbers)
    N.TextStart = NewIndex[N.TextStart];
  for (LinearCode::Range &R : L.Texts) {
    R.Last = NewIndex[R.Last - 1] + 1;
    R.First = NewIndex[R.First];
  }
}

void dropUnreachable(LinearCode &L) {
  std::vector<bool> Keep = reached(L);
  if (std::find(Keep.begin(), Keep.end(), false) == Keep.end())
    return;
  auto gone = [&](const auto &What) { return !Keep[What.Inst]; };
  std::erase_if(L.Jumps, gone);
  std::erase_if(L.Code.Fixups, gone);
  std::erase_if(L.Code.CoreRelos, gone);
  std::erase_if(L.Texts, [&](const auto &R) { return !Keep[R.First]; });
  // Numbers hold indexes of Raws: those go first.
  std::erase_if(L.Numbers,
                [&](const auto &N) { return !Keep[L.Code.Raws[N.Raw].Inst]; });
  std::vector<CodeRaw> Raws;
  std::vector<uint32_t> NewRaw;
  for (const CodeRaw &R : L.Code.Raws) {
    NewRaw.push_back(Raws.size());
    if (Keep[R.Inst])
      Raws.push_back(R);
  }
  for (LinearCode::Number &N : L.Numbers)
    N.Raw = NewRaw[N.Raw];
  L.Code.Raws = std::move(Raws);

  std::vector<isa::Inst> Insts;
  std::vector<uint32_t> NewIndex;
  for (uint32_t I = 0; I < Keep.size(); ++I) {
    NewIndex.push_back(Insts.size());
    if (Keep[I])
      Insts.push_back(L.Code.Insts[I]);
  }
  NewIndex.push_back(Insts.size());
  renumber(L, NewIndex);
  for (LinearCode::Jump &J : L.Jumps)
    J.Inst = NewIndex[J.Inst];
  // Of several lines at one place the last counts, and none at the end.
  std::vector<CodeLine> Lines;
  for (CodeLine &Line : L.Code.Lines) {
    if (Line.Inst == Insts.size())
      continue;
    if (!Lines.empty() && Lines.back().Inst == Line.Inst)
      Lines.pop_back();
    Lines.push_back(std::move(Line));
  }
  L.Code.Lines = std::move(Lines);
  L.Code.Insts = std::move(Insts);
}

} // namespace bpfcc

// Jump distances.
//
// needs: linear code, jumps by block
// gives: the same code with distances in slots
//
//   if r1 == 0 goto far     ->   if r1 == 0 goto +1      (v4 only, when `far`
//                                goto +1                   is over 32767 slots
//                                gotol far                 away)
//
// Lengthening one jump moves others further apart, so the loop runs until
// nothing grows any more; a jump never shrinks again, so it ends.

#include "backend/finish/Jumps.h"

#include "backend/isa/Encoding.h"
#include "support/Diagnostic.h"

namespace bpfcc {

namespace {

struct Sizes {
  std::vector<uint32_t> Slot; ///< by instruction, one more at the end
};

SourceLoc firstLine(const CodeFunction &Code) {
  if (Code.Lines.empty())
    return {};
  const CodeLine &L = Code.Lines.front();
  return {L.File, L.Line, L.Column};
}

bool isPlain(isa::Op Op) { return Op == isa::Op::JA || Op == isa::Op::JAL; }

Sizes measure(const LinearCode &L, const std::vector<bool> &Long) {
  Sizes S;
  S.Slot.reserve(L.Code.Insts.size() + 1);
  uint32_t At = 0;
  size_t J = 0;
  for (uint32_t I = 0; I < L.Code.Insts.size(); ++I) {
    S.Slot.push_back(At);
    At += isa::slots(L.Code.Insts[I].Opcode);
    if (J < L.Jumps.size() && L.Jumps[J].Inst == I) {
      if (Long[J] && !isPlain(L.Code.Insts[I].Opcode))
        At += 2;
      ++J;
    }
  }
  S.Slot.push_back(At);
  return S;
}

int64_t distance(const LinearCode &L, const Sizes &S, size_t J) {
  const LinearCode::Jump &Jump = L.Jumps[J];
  return int64_t(S.Slot[L.BlockStart[Jump.To]]) - (S.Slot[Jump.Inst] + 1);
}

} // namespace

llvm::Expected<CodeFunction> resolveJumps(LinearCode L, unsigned Cpu) {
  std::vector<bool> Long(L.Jumps.size());
  Sizes S = measure(L, Long);
  for (bool Grew = true; Grew;) {
    Grew = false;
    for (size_t J = 0; J < L.Jumps.size(); ++J) {
      int64_t D = distance(L, S, J);
      if (Long[J] || (D >= INT16_MIN && D <= INT16_MAX))
        continue;
      if (Cpu < 4)
        return withHelp(diagError(DiagCode::BranchTooFar, firstLine(L.Code),
                                  L.Code.Name, D, "16 bits"),
                        "use -mcpu=v4 (Linux 6.6), or split the function");
      Long[J] = Grew = true;
    }
    if (Grew)
      S = measure(L, Long);
  }

  CodeFunction Out = std::move(L.Code);
  std::vector<isa::Inst> Insts;
  std::vector<uint32_t> NewIndex;
  Insts.reserve(Out.Insts.size());
  NewIndex.reserve(Out.Insts.size());
  size_t J = 0;
  for (uint32_t I = 0; I < Out.Insts.size(); ++I) {
    NewIndex.push_back(Insts.size());
    isa::Inst Inst = Out.Insts[I];
    if (J >= L.Jumps.size() || L.Jumps[J].Inst != I) {
      Insts.push_back(Inst);
      continue;
    }
    int64_t D = int64_t(S.Slot[L.BlockStart[L.Jumps[J].To]]) - (S.Slot[I] + 1);
    if (Inst.Opcode == isa::Op::JAL)
      Inst.Imm = D;
    else if (!Long[J])
      Inst.Off = static_cast<int16_t>(D);
    else if (isPlain(Inst.Opcode))
      Inst = {isa::Op::JAL, 0, 0, 0, D};
    else {
      Inst.Off = 1;
      Insts.push_back(Inst);
      Insts.push_back({isa::Op::JA, 0, 0, 1, 0});
      Inst = {isa::Op::JAL, 0, 0, 0, D - 2};
    }
    Insts.push_back(Inst);
    ++J;
  }
  for (CodeFixup &F : Out.Fixups)
    F.Inst = NewIndex[F.Inst];
  for (CodeLine &Line : Out.Lines)
    Line.Inst = NewIndex[Line.Inst];
  for (CodeCoreRelo &R : Out.CoreRelos)
    R.Inst = NewIndex[R.Inst];
  Out.Insts = std::move(Insts);
  return Out;
}

} // namespace bpfcc

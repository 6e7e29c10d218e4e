#include "backend/isa/Disassembler.h"
#include "runtime/interp/Predecode.h"
#include "support/Diagnostic.h"

using namespace llvm;

namespace bpfcc {

char RunFault::ID;

static SourceLoc sourceOf(const Subprog &S, uint32_t Inst) {
  SourceLoc Loc;
  for (const Subprog::Line &L : S.Lines) {
    if (L.Inst > Inst)
      break;
    Loc = {L.File, L.Line, 0};
  }
  return Loc;
}

Error faultAt(const Program &P, uint32_t Func, uint32_t Inst,
              const Twine &What) {
  const Subprog &S = P.Subprogs[Func];
  std::string Place, Instruction;
  uint32_t Slot = 0;
  if (Inst < S.Insts.size()) {
    raw_string_ostream OS(Instruction);
    isa::print(OS, S.Insts[Inst]);
    Slot = S.Slots[Inst];
    Place = formatv(" (instruction {0}: `{1}`)", Slot, Instruction);
  }
  auto F = std::make_unique<RunFault>(
      Diagnostic{DiagCode::RunError,
                 diagSeverity(DiagCode::RunError),
                 sourceOf(S, Inst),
                 ("in `" + S.Name + "`: " + What + Place).str(),
                 {}});
  F->Function = S.Name;
  F->Slot = Slot;
  F->Instruction = std::move(Instruction);
  F->What = What.str();
  return Error(std::move(F));
}

std::string describeTrap(const PreInst &I, uint16_t Init) {
  switch (I.Why) {
  case Trap::EndOfCode:
    return "the end of the code is reached without `exit`";
  case Trap::BadJump:
    return "the jump leads to no instruction";
  case Trap::WritesFramePointer:
    return "r10 is read-only";
  case Trap::BadOperand:
    return "the map, variable or function that this names does not exist";
  case Trap::NoArena:
    return "addresses are cast, and the object has no arena";
  case Trap::None:
    break;
  }
  unsigned Missing = unsigned(I.Reads & ~Init);
  return "r" + std::to_string(countr_zero(Missing)) +
         " is read before it is written";
}

} // namespace bpfcc

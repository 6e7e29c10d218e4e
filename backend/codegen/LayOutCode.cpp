// Code: symbols and bytes of functions.
//
// needs: finished functions with fixups by symbol name
// gives: program sections with R_BPF_64_64 and R_BPF_64_32 relocations
//
//   call of a static function in the same section   ->  call pc+12
//   call of a static function elsewhere             ->  call pc+4, reloc
//   against
//                                                       section .text
//   call of a global function or a kfunc            ->  call pc-1, reloc
//                                                       against its symbol
//   address of static variable at .data + 8         ->  8 ll, reloc against
//                                                       section .data
//
// A call's number counts slots from the next instruction, so an addend of -1
// is the symbol itself (Documentation/bpf/llvm_reloc.rst).

#include "backend/codegen/Layout.h"
#include "backend/isa/Encoding.h"

#include "llvm/BinaryFormat/ELF.h"

namespace bpfcc {

using namespace llvm;

constexpr unsigned SlotBytes = 8;

static uint64_t sizeOf(const CodeFunction &F) {
  uint64_t Slots = 0;
  for (const isa::Inst &I : F.Insts)
    Slots += isa::slots(I.Opcode);
  return Slots * SlotBytes;
}

static uint32_t codeSection(Layout &L, const CodeFunction &F) {
  return L.section(F.Section, ELF::SHT_PROGBITS,
                   ELF::SHF_ALLOC | ELF::SHF_EXECINSTR);
}

void placeCode(Layout &L, ArrayRef<CodeFunction> Functions) {
  for (const CodeFunction &F : Functions) {
    uint32_t Index = codeSection(L, F);
    Symbol S;
    S.Name = F.Name;
    S.Section = int32_t(Index);
    S.Size = sizeOf(F);
    S.Value = L.allocate(Index, S.Size, SlotBytes);
    S.Binding = F.Weak     ? ELF::STB_WEAK
                : F.Global ? ELF::STB_GLOBAL
                           : ELF::STB_LOCAL;
    S.Visibility = F.Hidden ? ELF::STV_HIDDEN : ELF::STV_DEFAULT;
    S.Type = ELF::STT_FUNC;
    L.define(std::move(S));
  }
}

static void resolve(Layout &L, const Module &M, const CodeFixup &Fixup,
                    isa::Inst &I, uint32_t Section, uint64_t At) {
  const Symbol *S = L.find(Fixup.Symbol);
  bool IsCall = Fixup.K == CodeFixup::Call;
  if (IsCall && S && S->Section == int32_t(Section) &&
      S->Binding == ELF::STB_LOCAL) {
    I = {isa::Op::CALL_SUBPROG, 0, 0, 0,
         (int64_t(S->Value) - int64_t(At)) / SlotBytes - 1};
    return;
  }
  Layout::Reference R =
      L.reference(Fixup.Symbol, M.getNamedValue(Fixup.Symbol));
  if (IsCall)
    I = {isa::Op::CALL_SUBPROG, 0, 0, 0, int64_t(R.Addend) / SlotBytes - 1};
  else
    I.Imm += int64_t(R.Addend);
  L.O.Sections[Section].Relocs.push_back(
      {At, IsCall ? R_BPF_64_32 : R_BPF_64_64, R.Symbol});
}

void fillCode(Layout &L, const Module &M, ArrayRef<CodeFunction> Functions) {
  SmallVector<uint8_t, 16> Bytes;
  for (const CodeFunction &F : Functions) {
    uint32_t Section = codeSection(L, F);
    uint64_t At = L.find(F.Name)->Value;
    auto Fixup = F.Fixups.begin();
    auto Raw = F.Raws.begin();
    for (uint32_t Index = 0; Index < F.Insts.size(); ++Index) {
      isa::Inst I = F.Insts[Index];
      if (Fixup != F.Fixups.end() && Fixup->Inst == Index)
        resolve(L, M, *Fixup++, I, Section, At);
      Bytes.clear();
      if (Raw != F.Raws.end() && Raw->Inst == Index)
        append_range(Bytes, (Raw++)->Bytes);
      else
        isa::encode(I, L.O.BigEndian, Bytes);
      std::copy(Bytes.begin(), Bytes.end(),
                L.O.Sections[Section].Data.begin() + int64_t(At));
      At += Bytes.size();
    }
  }
}

} // namespace bpfcc

// Assembly text at file scope: its sections join those of the same name.
//
// needs: an AsmModule
// gives: bytes, symbols and relocations in the object
//
//   asm(".globl f; f: r0 = 1; exit")   ->   .text: ... b7 00 .. 95 ..
//                                           f: global, .text + where they lie

#include "backend/codegen/Layout.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

namespace bpfcc {

using namespace llvm;

constexpr int64_t SlotBytes = 8;

AsmPlaces placeAsm(Layout &L, const isa::AsmModule &A) {
  AsmPlaces Where;
  for (const isa::AsmSection &S : A.Sections) {
    if (S.Bytes.empty() && &S == &A.Sections.front()) { // nothing in .text
      Where.Places.push_back({0, 0});
      continue;
    }
    uint32_t Index = L.section(S.Name, S.Type, S.Flags, S.EntrySize);
    uint64_t At = L.allocate(Index, S.Bytes.size(), uint32_t(S.Align));
    Section &Out = L.O.Sections[Index];
    if (!Out.Data.empty())
      copy(S.Bytes, Out.Data.begin() + int64_t(At));
    Where.Places.push_back({Index, At});
  }
  for (const isa::AsmSymbol &From : A.Symbols) {
    if (From.Section < 0)
      continue;
    const AsmPlaces::Place &P = Where.Places[uint32_t(From.Section)];
    Symbol S;
    S.Name = From.Name;
    S.Section = int32_t(P.Section);
    S.Value = P.Start + From.Value;
    S.Size = From.Size;
    S.Binding = From.Binding;
    S.Type = From.Type;
    S.Visibility = From.Visibility;
    L.define(std::move(S));
  }
  return Where;
}

static void relocate(Layout &L, const AsmPlaces &Where, uint32_t Index,
                     const isa::AsmRelocation &R) {
  const AsmPlaces::Place &P = Where.Places[Index];
  Layout::Reference To{0, 0};
  if (R.Symbol.empty()) {
    const AsmPlaces::Place &Target = Where.Places[R.Section];
    To = {L.sectionSymbol(Target.Section), Target.Start};
  } else
    To = L.reference(R.Symbol, nullptr);
  uint64_t At = P.Start + R.Offset;
  Section &S = L.O.Sections[P.Section];
  uint8_t *Bytes = &S.Data[At];
  int64_t Addend = R.Addend + int64_t(To.Addend);
  auto Put = [&](uint8_t *Place, unsigned Size, int64_t Value) {
    isa::putNumber(Place, Size, uint64_t(Value), L.O.BigEndian);
  };
  uint32_t Type = R_BPF_64_ABS64;
  switch (R.K) {
  case isa::AsmRelocation::Address:
    Type = R_BPF_64_64;
    Put(Bytes + 4, 4, Addend);
    Put(Bytes + 12, 4, Addend >> 32);
    break;
  case isa::AsmRelocation::Call:
    Type = R_BPF_64_32;
    Put(Bytes + 4, 4, Addend / SlotBytes - 1);
    break;
  case isa::AsmRelocation::Word4:
    Type = StringRef(S.Name).starts_with(".BTF") ? R_BPF_64_NODYLD32
                                                 : R_BPF_64_ABS32;
    Put(Bytes, 4, Addend);
    break;
  case isa::AsmRelocation::Word8:
    Put(Bytes, 8, Addend);
    break;
  }
  S.Relocs.push_back({At, Type, To.Symbol});
}

void fillAsm(Layout &L, const isa::AsmModule &A, const AsmPlaces &Where) {
  for (const isa::AsmSymbol &From : A.Symbols) {
    const Symbol *To = From.Alias.empty() ? nullptr : L.find(From.Alias);
    if (!To)
      continue;
    Symbol S = *To;
    S.Name = From.Name;
    S.Value += From.Value;
    S.Binding = From.Binding;
    L.define(std::move(S));
  }
  for (uint32_t I = 0; I < A.Sections.size(); ++I)
    for (const isa::AsmRelocation &R : A.Sections[I].Relocs)
      relocate(L, Where, I, R);
}

} // namespace bpfcc

#include "backend/codegen/Layout.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

uint32_t Layout::section(StringRef Name, uint32_t Type, uint64_t Flags,
                         uint32_t EntrySize) {
  auto [It, New] = SectionIndex.try_emplace(Name, O.Sections.size());
  if (New) {
    Section S;
    S.Name = Name.str();
    S.Type = Type;
    S.EntrySize = EntrySize;
    O.Sections.push_back(std::move(S));
    SectionSymbols.push_back(-1);
  }
  O.Sections[It->second].Flags |= Flags;
  return It->second;
}

uint64_t Layout::allocate(uint32_t Index, uint64_t Size, uint32_t Align) {
  Section &S = O.Sections[Index];
  S.Align = std::max(S.Align, Align);
  uint64_t At = alignTo(S.Size, Align);
  S.Size = At + Size;
  if (S.Type != ELF::SHT_NOBITS)
    S.Data.resize(S.Size);
  return At;
}

uint32_t Layout::sectionSymbol(uint32_t Section) {
  int64_t &Known = SectionSymbols[Section];
  if (Known < 0) {
    Known = int64_t(O.Symbols.size());
    Symbol S;
    S.Section = int32_t(Section);
    S.Type = ELF::STT_SECTION;
    O.Symbols.push_back(std::move(S));
  }
  return uint32_t(Known);
}

Layout::Reference Layout::reference(StringRef Name, bool Weak) {
  auto It = Index.find(Name);
  if (It == Index.end()) {
    Symbol S;
    S.Name = Name.str();
    S.Binding = Weak ? ELF::STB_WEAK : ELF::STB_GLOBAL;
    define(S);
    return {uint32_t(O.Symbols.size() - 1), 0};
  }
  const Symbol &S = O.Symbols[It->second];
  if (S.Section < 0 || S.Binding != ELF::STB_LOCAL)
    return {It->second, 0};
  uint64_t Value = S.Value;
  return {sectionSymbol(uint32_t(S.Section)), Value};
}

} // namespace bpfcc

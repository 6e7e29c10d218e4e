#include "backend/codegen/Layout.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

namespace bpfcc {

using namespace llvm;

uint8_t visibilityOf(const GlobalValue &G) {
  return G.hasHiddenVisibility()      ? uint8_t(ELF::STV_HIDDEN)
         : G.hasProtectedVisibility() ? uint8_t(ELF::STV_PROTECTED)
                                      : uint8_t(ELF::STV_DEFAULT);
}

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

Layout::Reference Layout::reference(StringRef Name, const GlobalValue *G) {
  const Symbol *Known = find(Name);
  if (!Known) {
    Symbol S;
    S.Name = Name.str();
    bool Weak = G && G->hasExternalWeakLinkage();
    S.Binding = Weak ? ELF::STB_WEAK : ELF::STB_GLOBAL;
    if (G)
      S.Visibility = visibilityOf(*G);
    define(S);
    return {uint32_t(O.Symbols.size() - 1), 0};
  }
  if (Known->Section < 0 || Known->Binding != ELF::STB_LOCAL)
    return {Index.lookup(Name), 0};
  uint64_t Value = Known->Value;
  return {sectionSymbol(uint32_t(Known->Section)), Value};
}

} // namespace bpfcc

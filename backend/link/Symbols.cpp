#include "backend/link/Symbols.h"

#include "backend/link/Compatible.h"

#include "llvm/BinaryFormat/ELF.h"

namespace bpfcc::link {

using namespace llvm;

SourceLoc placeOf(const Input &In, uint32_t Number) {
  if (In.Obj.Symbols[Number].Section >= 0)
    return In.definition(Number);
  for (uint32_t N = 0; N != In.Obj.Sections.size(); ++N)
    for (uint32_t R : In.Sections[N].Order) {
      const Relocation &Reloc = In.Obj.Sections[N].Relocs[R];
      if (Reloc.Symbol == Number)
        return In.lineAt(N, Reloc.Offset);
    }
  return {In.Name, 0, 0};
}

Error withOther(Error E, const Input &In, uint32_t Number) {
  const Symbol &S = In.Obj.Symbols[Number];
  return joinErrors(std::move(E),
                    diagError(DiagCode::OtherPlace, placeOf(In, Number), S.Name,
                              S.Section < 0 ? "declared" : "defined"));
}

static Use useOf(const Input &In, const Symbol &S) {
  return In.Sections[uint32_t(S.Section)].How;
}

/// The stricter of two visibilities: STV_INTERNAL, STV_HIDDEN, STV_PROTECTED,
/// STV_DEFAULT, which is 0.
static uint8_t stricter(uint8_t A, uint8_t B) {
  return A == 0 || (B != 0 && B < A) ? B : A;
}

namespace {

class Resolver {
public:
  Resolver(std::vector<Input> &Inputs, const BtfFile &Btf)
      : Inputs(Inputs), Btf(Btf) {}

  Expected<SymbolTable> run() {
    for (uint32_t N = 0; N != Inputs.size(); ++N)
      addInput(N);
    if (Errors)
      return std::move(Errors);
    if (Error E = checkDeclarations(Inputs, Table, Btf))
      return std::move(E);
    return std::move(Table);
  }

private:
  void addInput(uint32_t N) {
    Input &In = Inputs[N];
    In.Global.assign(In.Obj.Symbols.size(), None);
    for (uint32_t S = 0; S != In.Obj.Symbols.size(); ++S) {
      const Symbol &Sym = In.Obj.Symbols[S];
      if (Sym.Binding == ELF::STB_LOCAL || Sym.Name.empty())
        continue;
      auto [It, New] = Table.ByName.try_emplace(Sym.Name, Table.Globals.size());
      if (New) {
        Table.Globals.emplace_back();
        Table.Globals.back().Name = It->first();
        Table.Globals.back().FirstMention = {N, S};
      }
      In.Global[S] = It->second;
      GlobalSymbol &G = Table.Globals[It->second];
      G.Visibility = stricter(G.Visibility, Sym.Visibility);
      if (Sym.Section < 0)
        mention(G, In, Sym);
      else if (useOf(In, Sym) != Use::Drop)
        define(G, {N, S});
    }
  }

  void mention(GlobalSymbol &G, const Input &In, const Symbol &Sym) {
    G.Strong |= Sym.Binding != ELF::STB_WEAK;
    StringRef Section = In.describe(Sym.Name).Section;
    if (Section == ".kconfig" || Section == ".ksyms")
      G.FromKernel = Section;
  }

  void define(GlobalSymbol &G, SymbolRef New) {
    if (!G.Definition) {
      G.Definition = New;
      return;
    }
    const Input &OldIn = Inputs[G.Definition.Input], &In = Inputs[New.Input];
    const Symbol &Old = OldIn.Obj.Symbols[G.Definition.Symbol];
    const Symbol &Sym = In.Obj.Symbols[New.Symbol];
    bool OldWeak = Old.Binding == ELF::STB_WEAK;
    if (OldWeak && Sym.Binding != ELF::STB_WEAK)
      std::swap(G.Definition, New);
    Table.Losers.push_back(New);
    Use How = useOf(In, Sym);
    bool MayRepeat =
        How == useOf(OldIn, Old) && (How == Use::Maps || How == Use::Once);
    if (!OldWeak && Sym.Binding != ELF::STB_WEAK && !MayRepeat)
      addError(withOther(diagError(DiagCode::DuplicateSymbol,
                                   In.definition(New.Symbol), Sym.Name),
                         OldIn, G.Definition.Symbol));
  }

  void addError(Error E) {
    Errors = joinErrors(std::move(Errors), std::move(E));
  }

  std::vector<Input> &Inputs;
  const BtfFile &Btf;
  SymbolTable Table;
  Error Errors = Error::success();
};

} // namespace

Expected<SymbolTable> resolveSymbols(std::vector<Input> &Inputs,
                                     const BtfFile &Btf) {
  return Resolver(Inputs, Btf).run();
}

} // namespace bpfcc::link

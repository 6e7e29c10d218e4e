// Symbols and relocations of the output.
//
// A relocation names a symbol, and how far from it stands in the bytes that it
// changes. If the symbol moves to the output as a symbol, those stay; if it is
// a section, they are counted from the section's new start:
//
//   a.o  .text+0x18: call .text+0x40     ->  .text+0x18: call .text+0x40
//   b.o  .text+0x00: call .text+0x20     ->  .text+0x60: call .text+0x80
//
// Calls without a relocation change where pieces between them and their targets
// have gone.

#include "backend/link/Layout.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

namespace bpfcc::link {

using namespace llvm;

namespace {

class Relocator {
public:
  Relocator(const std::vector<Input> &Inputs, const SymbolTable &Table,
            bool Partial, Object &Out)
      : Inputs(Inputs), Table(Table), Partial(Partial), Out(Out),
        GlobalNumber(Table.Globals.size(), None),
        SectionNumber(Out.Sections.size(), None) {}

  Error run() {
    Local.resize(Inputs.size());
    size_t Symbols = 0;
    for (const Input &In : Inputs)
      Symbols += In.Obj.Symbols.size();
    Out.Symbols.reserve(Symbols);
    for (uint32_t N = 0; N != Inputs.size(); ++N)
      addLocals(N);
    for (uint32_t G = 0; G != Table.Globals.size(); ++G)
      addGlobal(G);
    for (uint32_t N = 0; N != Inputs.size(); ++N)
      for (uint32_t S = 0; S != Inputs[N].Sections.size(); ++S) {
        if (Error E = relocateSection(N, S))
          return E;
        moveCalls(Inputs[N], S);
      }
    return Error::success();
  }

private:
  /// The piece that symbol \p S of \p In lies in, if that is in the output.
  static const Piece *pieceOf(const Input &In, const Symbol &S) {
    if (S.Section < 0)
      return nullptr;
    const InputSection &Sec = In.Sections[uint32_t(S.Section)];
    if (Sec.Pieces.empty())
      return nullptr;
    const Piece &P = Sec.Pieces[Sec.pieceAt(S.Value)];
    return P.Section != None ? &P : nullptr;
  }

  uint32_t add(const Symbol &S, const Piece &P) {
    Symbol New = S;
    New.Section = int32_t(P.Section);
    New.Value = P.Offset + (S.Value - P.Start);
    Out.Symbols.push_back(std::move(New));
    return uint32_t(Out.Symbols.size() - 1);
  }

  /// Functions and variables; labels and the names of sections and files say
  /// nothing to a loader. A global function that does not count and is still
  /// called by its place is a local one.
  void addLocals(uint32_t N) {
    const Input &In = Inputs[N];
    Local[N].assign(In.Obj.Symbols.size(), None);
    for (uint32_t S = 0; S != In.Obj.Symbols.size(); ++S) {
      const Symbol &Sym = In.Obj.Symbols[S];
      if (Sym.Type != ELF::STT_FUNC && Sym.Type != ELF::STT_OBJECT)
        continue;
      const Piece *P = pieceOf(In, Sym);
      if (!P || !P->Live)
        continue;
      Symbol Moved = Sym;
      if (uint32_t G = In.Global[S]; G != None) {
        SymbolRef D = Table.Globals[G].Definition;
        bool Counts = D.Input == N && D.Symbol == S;
        bool IsCode = In.Sections[uint32_t(Sym.Section)].How == Use::Code;
        if (Counts || !IsCode)
          continue;
        Moved.Binding = ELF::STB_LOCAL;
      }
      Local[N][S] = add(Moved, *P);
    }
  }

  void addGlobal(uint32_t Number) {
    const GlobalSymbol &G = Table.Globals[Number];
    if (!G.Definition) {
      if (!G.Used || isNull(G))
        return;
      Symbol S;
      S.Name = G.Name.str();
      S.Binding = G.Strong ? ELF::STB_GLOBAL : ELF::STB_WEAK;
      S.Visibility = G.Visibility;
      GlobalNumber[Number] = uint32_t(Out.Symbols.size());
      Out.Symbols.push_back(std::move(S));
      return;
    }
    const Input &In = Inputs[G.Definition.Input];
    Symbol S = In.Obj.Symbols[G.Definition.Symbol];
    S.Visibility = G.Visibility;
    if (const Piece *P = pieceOf(In, S); P && (P->Live || G.Used))
      GlobalNumber[Number] = add(S, *P);
  }

  /// A weak symbol that neither the inputs nor the kernel define.
  bool isNull(const GlobalSymbol &G) const {
    return !Partial && !G.Definition && !G.Strong && G.FromKernel.empty();
  }

  uint32_t sectionSymbol(uint32_t Section) {
    uint32_t &Number = SectionNumber[Section];
    if (Number == None) {
      Symbol S;
      S.Section = int32_t(Section);
      S.Type = ELF::STT_SECTION;
      Number = uint32_t(Out.Symbols.size());
      Out.Symbols.push_back(std::move(S));
    }
    return Number;
  }

  Error relocateSection(uint32_t N, uint32_t Number) {
    const Input &In = Inputs[N];
    const Section &From = In.Obj.Sections[Number];
    const InputSection &Sec = In.Sections[Number];
    for (uint32_t Index : Sec.Order) {
      Relocation R = From.Relocs[Index];
      const Piece &P = Sec.Pieces[Sec.pieceAt(R.Offset)];
      if (!P.Live || R.Type == R_BPF_NONE)
        continue;
      Section &To = Out.Sections[P.Section];
      Relocation New = R;
      New.Offset = P.Offset + (R.Offset - P.Start);
      const Symbol &Sym = In.Obj.Symbols[R.Symbol];
      if (uint32_t G = In.Global[R.Symbol]; G != None) {
        if (isNull(Table.Globals[G])) {
          makeNull(To, New);
          continue;
        }
        New.Symbol = GlobalNumber[G];
      } else if (Sym.Section < 0) {
        return In.bad("a relocation in `" + From.Name +
                      "` names a local symbol that is nowhere");
      } else if (uint32_t L = Local[N][R.Symbol]; L != None) {
        New.Symbol = L;
      } else if (Error E = moveToSection(In, From, R, To, New)) {
        return E;
      }
      if (New.Symbol == None)
        return In.bad("a relocation in `" + From.Name + "` leads to `" +
                      Sym.Name + "`, which is in no section that is linked");
      To.Relocs.push_back(New);
    }
    return Error::success();
  }

  /// Counts the addend from the start of the output's section.
  Error moveToSection(const Input &In, const Section &From,
                      const Relocation &Old, Section &To, Relocation &New) {
    const Symbol &Sym = In.Obj.Symbols[Old.Symbol];
    const InputSection &Target = In.Sections[uint32_t(Sym.Section)];
    uint64_t Place = Sym.Value + addendOf(From, Old, In.Obj.BigEndian);
    if (Target.Pieces.empty())
      return In.bad("a relocation in `" + From.Name + "` leads to section `" +
                    In.Obj.Sections[uint32_t(Sym.Section)].Name +
                    "`, which is not linked");
    uint32_t At =
        Target.pieceAt(Sym.Type == ELF::STT_SECTION ? Place : Sym.Value);
    const Piece &P = Target.Pieces[At];
    if (P.Section == None)
      return In.bad("a relocation in `" + From.Name +
                    "` leads into a definition that does not count");
    New.Symbol = sectionSymbol(P.Section);
    setAddend(To, New, Out.BigEndian, P.Offset + (Place - P.Start));
    return Error::success();
  }

  /// The address of nothing is 0. A call of it, which runs only if the program
  /// does not ask for the address before, gives 0: `r0 = 0`.
  void makeNull(Section &To, const Relocation &R) {
    if (R.Type != R_BPF_64_32)
      return setAddend(To, R, Out.BigEndian, 0);
    constexpr uint8_t MoveImm[8] = {0xb7};
    std::copy_n(MoveImm, sizeof(MoveImm), To.Data.begin() + int64_t(R.Offset));
  }

  void moveCalls(const Input &In, uint32_t Number) {
    const InputSection &Sec = In.Sections[Number];
    if (Sec.How != Use::Code ||
        all_of(Sec.Pieces, [](const Piece &P) { return P.Live; }))
      return;
    for (const LocalCall &C : localCalls(In, Number)) {
      const Piece &From = Sec.Pieces[Sec.pieceAt(C.At)];
      const Piece &To = Sec.Pieces[Sec.pieceAt(C.Target)];
      if (!From.Live || !To.Live)
        continue;
      uint64_t At = From.Offset + (C.At - From.Start);
      uint64_t Target = To.Offset + (C.Target - To.Start);
      support::endian::write32(
          Out.Sections[From.Section].Data.data() + At + 4,
          uint32_t((int64_t(Target) - int64_t(At)) / 8 - 1),
          Out.BigEndian ? endianness::big : endianness::little);
    }
  }

  const std::vector<Input> &Inputs;
  const SymbolTable &Table;
  const bool Partial;
  Object &Out;
  std::vector<uint32_t> GlobalNumber;       ///< by number in the table
  std::vector<uint32_t> SectionNumber;      ///< of the section's own symbol
  std::vector<std::vector<uint32_t>> Local; ///< by input and symbol
};

} // namespace

Error relocate(const std::vector<Input> &Inputs, const SymbolTable &Table,
               bool Partial, Object &Out) {
  return Relocator(Inputs, Table, Partial, Out).run();
}

} // namespace bpfcc::link

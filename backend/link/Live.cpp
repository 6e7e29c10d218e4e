// What of the inputs becomes part of the output?
//
// Without --gc-sections everything, but for definitions that do not count: the
// weak function beside a strong one, the second definition of a map, the second
// licence. With it, what can be reached from programs (all code outside of
// .text), from sections that the loader reads by their names, and from
// --export:
//
//   xdp: prog -> .text: add -> .rodata        stay
//                .text: unused -> .maps: old  go

#include "backend/link/Live.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/BinaryFormat/ELF.h"

namespace bpfcc::link {

using namespace llvm;

namespace {

class Marker {
public:
  Marker(std::vector<Input> &Inputs, SymbolTable &Table,
         const LinkOptions &Options)
      : Inputs(Inputs), Table(Table), Options(Options) {}

  Error run() {
    Calls.resize(Inputs.size());
    for (uint32_t N = 0; N != Inputs.size(); ++N)
      Calls[N].resize(Inputs[N].Sections.size());
    forEachSection([&](uint32_t In, uint32_t S) {
      for (Piece &P : Inputs[In].Sections[S].Pieces)
        P.Live = false;
    });
    if (Error E = markOnce())
      return E;
    dropLosers();
    forEachSection([&](uint32_t In, uint32_t S) {
      if (isRoot(In, S))
        for (uint32_t P = 0; P != Inputs[In].Sections[S].Pieces.size(); ++P)
          if (!Dropped.contains(key({In, S, P})))
            mark({In, S, P});
    });
    Error Errors = Error::success();
    for (const std::string &Name : Options.Exports)
      Errors = joinErrors(std::move(Errors), markExport(Name));
    while (!Work.empty()) {
      PieceRef P = Work.back();
      Work.pop_back();
      visit(P);
    }
    if (Errors)
      return Errors;
    return checkUndefined();
  }

private:
  template <typename Fn> void forEachSection(Fn Visit) {
    for (uint32_t In = 0; In != Inputs.size(); ++In)
      for (uint32_t S = 0; S != Inputs[In].Sections.size(); ++S)
        if (Inputs[In].Sections[S].How != Use::Drop)
          Visit(In, S);
  }

  static std::pair<uint64_t, uint32_t> key(PieceRef P) {
    return {uint64_t(P.Input) << 32 | P.Section, P.Piece};
  }

  bool isRoot(uint32_t In, uint32_t S) const {
    Use How = Inputs[In].Sections[S].How;
    if (How == Use::Once)
      return false; // markOnce()
    if (!Options.GcSections)
      return true;
    const Section &Sec = Inputs[In].Obj.Sections[S];
    if (Sec.Flags & ELF::SHF_GNU_RETAIN)
      return true;
    StringRef Name = Sec.Name;
    if (How == Use::Code)
      return Name != ".text";
    return How != Use::Maps && !isDataSection(Name);
  }

  /// The text of a licence; the bytes of a version.
  static StringRef said(const Section &S) {
    StringRef Bytes(reinterpret_cast<const char *>(S.Data.data()),
                    S.Data.size());
    return S.Name == "license" ? Bytes.take_until([](char C) { return !C; })
                               : Bytes;
  }

  /// The first section of each name stays; the others must say the same.
  Error markOnce() {
    Error Errors = Error::success();
    forEachSection([&](uint32_t In, uint32_t S) {
      if (Inputs[In].Sections[S].How != Use::Once)
        return;
      const Section &Sec = Inputs[In].Obj.Sections[S];
      auto [It, New] = FirstOnce.try_emplace(Sec.Name, In, S);
      if (New)
        return mark({In, S, 0});
      const Input &First = Inputs[It->second.first];
      const Section &Other = First.Obj.Sections[It->second.second];
      if (said(Sec) == said(Other))
        return;
      Errors = joinErrors(
          std::move(Errors),
          withHelp(diagError(DiagCode::OnceMismatch, {Inputs[In].Name, 0, 0},
                             Sec.Name, said(Sec), First.Name, said(Other)),
                   "an object has one licence: say the same in all files"));
    });
    return Errors;
  }

  /// Only whole pieces go: a weak variable stays among the data around it.
  void dropLosers() {
    DenseSet<std::pair<uint64_t, uint32_t>> Winners;
    if (!Table.Losers.empty())
      for (const GlobalSymbol &G : Table.Globals)
        if (G.Definition)
          Winners.insert(key(pieceOf(G.Definition)));
    for (SymbolRef L : Table.Losers) {
      const Input &In = Inputs[L.Input];
      const Symbol &S = In.Obj.Symbols[L.Symbol];
      const InputSection &Sec = In.Sections[uint32_t(S.Section)];
      if (Sec.How != Use::Code && Sec.How != Use::Maps)
        continue;
      PieceRef P = pieceOf(L);
      if (Sec.Pieces[P.Piece].Start == S.Value && !Winners.contains(key(P)))
        Dropped.insert(key(P));
    }
  }

  PieceRef pieceOf(SymbolRef R) const {
    const Symbol &S = Inputs[R.Input].Obj.Symbols[R.Symbol];
    uint32_t Section = uint32_t(S.Section);
    return {R.Input, Section,
            Inputs[R.Input].Sections[Section].pieceAt(S.Value)};
  }

  Error markExport(const std::string &Name) {
    auto It = Table.ByName.find(Name);
    if (It == Table.ByName.end() || !Table.Globals[It->second].Definition)
      return diagError(DiagCode::UndefinedSymbol, {"--export=" + Name, 0, 0},
                       Name);
    mark(pieceOf(Table.Globals[It->second].Definition));
    return Error::success();
  }

  void markAt(uint32_t In, uint32_t S, uint64_t Offset) {
    const InputSection &Sec = Inputs[In].Sections[S];
    if (!Sec.Pieces.empty())
      mark({In, S, Sec.pieceAt(Offset)});
  }

  void mark(PieceRef R) {
    InputSection &Sec = Inputs[R.Input].Sections[R.Section];
    Piece &P = Sec.Pieces[R.Piece];
    // The second licence is the first one.
    if (P.Live || (Sec.How == Use::Once && !isFirst(R)))
      return;
    P.Live = true;
    Work.push_back(R);
  }

  bool isFirst(PieceRef R) const {
    return FirstOnce.lookup(Inputs[R.Input].Obj.Sections[R.Section].Name) ==
           std::pair(R.Input, R.Section);
  }

  void visit(PieceRef R) {
    const Input &In = Inputs[R.Input];
    const InputSection &Sec = In.Sections[R.Section];
    const Section &S = In.Obj.Sections[R.Section];
    const Piece &P = Sec.Pieces[R.Piece];
    auto It = partition_point(
        Sec.Order, [&](uint32_t N) { return S.Relocs[N].Offset < P.Start; });
    for (; It != Sec.Order.end() && S.Relocs[*It].Offset < P.Start + P.Size;
         ++It)
      follow(R.Input, S, S.Relocs[*It]);
    if (Sec.How != Use::Code || Sec.Pieces.size() == 1)
      return;
    auto &Known = Calls[R.Input][R.Section];
    if (!Known)
      Known = localCalls(In, R.Section);
    auto Call = partition_point(
        *Known, [&](const LocalCall &C) { return C.At < P.Start; });
    for (; Call != Known->end() && Call->At < P.Start + P.Size; ++Call)
      markAt(R.Input, R.Section, Call->Target);
  }

  void follow(uint32_t In, const Section &S, const Relocation &R) {
    const Symbol &Sym = Inputs[In].Obj.Symbols[R.Symbol];
    uint32_t Number = Inputs[In].Global[R.Symbol];
    if (Number != None) {
      GlobalSymbol &G = Table.Globals[Number];
      G.Used = true;
      if (G.Definition)
        mark(pieceOf(G.Definition));
      return;
    }
    if (Sym.Section < 0)
      return;
    uint64_t Offset = Sym.Value;
    if (Sym.Type == ELF::STT_SECTION)
      Offset += addendOf(S, R, Inputs[In].Obj.BigEndian);
    markAt(In, uint32_t(Sym.Section), Offset);
  }

  bool isUndefined(const GlobalSymbol &G) const {
    return G.Used && !G.Definition && G.Strong && G.FromKernel.empty();
  }

  /// Each undefined symbol once for each input that uses it, at its first use.
  Error checkUndefined() {
    Error Errors = Error::success();
    if (Options.Partial || none_of(Table.Globals, [&](const GlobalSymbol &G) {
          return isUndefined(G);
        }))
      return Errors;
    constexpr unsigned MaxShown = 20;
    unsigned Shown = 0;
    for (const Input &In : Inputs) {
      DenseSet<uint32_t> Said;
      for (uint32_t S = 0; S != In.Sections.size(); ++S)
        for (uint32_t N : In.Sections[S].Order) {
          const Relocation &R = In.Obj.Sections[S].Relocs[N];
          uint32_t G = In.Global[R.Symbol];
          const InputSection &Sec = In.Sections[S];
          if (G == None || !isUndefined(Table.Globals[G]) ||
              !Sec.Pieces[Sec.pieceAt(R.Offset)].Live ||
              !Said.insert(G).second || Shown == MaxShown)
            continue;
          ++Shown;
          Errors = joinErrors(
              std::move(Errors),
              withHelp(diagError(DiagCode::UndefinedSymbol,
                                 In.lineAt(S, R.Offset), Table.Globals[G].Name),
                       helpFor(Table.Globals[G].Name)));
        }
    }
    return Errors;
  }

  std::string helpFor(StringRef Name) const {
    StringRef Best;
    unsigned Distance = unsigned(Name.size()) / 3 + 2;
    for (const GlobalSymbol &G : Table.Globals) {
      if (!G.Definition)
        continue;
      unsigned D = Name.edit_distance(G.Name, true, Distance);
      if (D < Distance) {
        Distance = D;
        Best = G.Name;
      }
    }
    if (!Best.empty())
      return ("did you mean `" + Best + "`?").str();
    return "link the object or library that defines it; what the kernel "
           "defines is declared `__ksym`";
  }

  std::vector<Input> &Inputs;
  SymbolTable &Table;
  const LinkOptions &Options;
  DenseSet<std::pair<uint64_t, uint32_t>> Dropped;
  StringMap<std::pair<uint32_t, uint32_t>> FirstOnce;
  std::vector<std::vector<std::optional<std::vector<LocalCall>>>> Calls;
  std::vector<PieceRef> Work;
};

} // namespace

Error markLive(std::vector<Input> &Inputs, SymbolTable &Table,
               const LinkOptions &Options) {
  return Marker(Inputs, Table, Options).run();
}

} // namespace bpfcc::link

// The linker: objects in, one object out.
//
//   readInput           sections, cut into pieces; types, most of them once
//   resolveSymbols      which definition counts for each name
//   markLive            which pieces are part of the output
//   placePieces         sections of one name become one
//   relocate            symbols, relocations, addends
//   mergeBtf            .BTF and .BTF.ext
//
//   a.o  xdp [main]  .text [add twice]      xdp    [main]
//   b.o  .text [step]  .maps [seen]     ->  .text  [add twice step]
//                                           .maps  [seen]

#include "backend/link/Link.h"

#include "backend/link/Layout.h"
#include "backend/link/Live.h"

#include "llvm/BinaryFormat/ELF.h"

namespace bpfcc {

using namespace llvm;
using namespace link;

static Error checkByteOrder(const LinkInput &First, const LinkInput &In) {
  if (In.Obj.BigEndian == First.Obj.BigEndian)
    return Error::success();
  auto Order = [](const LinkInput &I) {
    return I.Obj.BigEndian ? "big" : "little";
  };
  return withHelp(diagError(DiagCode::ByteOrders, {In.Name, 0, 0}, Order(In),
                            First.Name, Order(First)),
                  "compile all files with the same `--target=`");
}

static void mapPieces(LinkMap &Map, const std::vector<Input> &Inputs,
                      const Object &Out) {
  for (const Section &S : Out.Sections)
    Map.Sections.push_back({S.Name, S.Size, S.Align, {}});
  for (const Input &In : Inputs)
    for (uint32_t N = 0; N != In.Sections.size(); ++N)
      for (const Piece &P : In.Sections[N].Pieces) {
        LinkMap::Part Part{In.Name, In.Obj.Sections[N].Name,
                           P.Live ? P.Offset : P.Start, P.Size, ""};
        if (P.Symbol != None)
          Part.Symbol = In.Obj.Symbols[P.Symbol].Name;
        (P.Live ? Map.Sections[P.Section].Parts : Map.Dropped)
            .push_back(std::move(Part));
      }
}

static void mapUses(LinkMap &Map, const std::vector<Input> &Inputs,
                    const SymbolTable &Table) {
  for (const Input &In : Inputs)
    for (uint32_t N = 0; N != In.Global.size(); ++N)
      if (In.Global[N] != None)
        Map.Uses.push_back({Table.Globals[In.Global[N]].Name.str(), In.Name,
                            In.Obj.Symbols[N].Section >= 0});
}

Expected<LinkResult> linkObjects(std::vector<LinkInput> Given,
                                 const LinkOptions &Options) {
  LinkResult Result;
  Result.Obj.BigEndian = Given.front().Obj.BigEndian;
  std::vector<Input> Inputs;
  Error Errors = Error::success();
  for (LinkInput &G : Given)
    Errors = joinErrors(std::move(Errors), checkByteOrder(Given.front(), G));
  if (Errors)
    return std::move(Errors);
  TypePool Pool;
  BtfFile Scratch;
  Inputs.reserve(Given.size());
  for (LinkInput &G : Given) {
    auto In = readInput(std::move(G), Pool, Scratch);
    if (In)
      Inputs.push_back(std::move(*In));
    else
      Errors = joinErrors(std::move(Errors), In.takeError());
  }
  if (Errors)
    return std::move(Errors);
  auto Table = resolveSymbols(Inputs, Pool.types());
  if (!Table)
    return Table.takeError();
  if (Error E = markLive(Inputs, *Table, Options))
    return std::move(E);
  if (Error E = placePieces(Inputs, Result.Obj))
    return std::move(E);
  if (Error E = relocate(Inputs, *Table, Options.Partial, Result.Obj))
    return std::move(E);
  if (Error E = mergeBtf(Inputs, Pool, *Table, Options, Result.Obj))
    return std::move(E);
  if (Options.WantsMap) {
    mapPieces(Result.Map, Inputs, Result.Obj);
    mapUses(Result.Map, Inputs, *Table);
  }
  return Result;
}

void printLinkMap(raw_ostream &OS, const LinkMap &Map) {
  auto Print = [&](const LinkMap::Part &P) {
    OS << "  " << format_hex(P.Offset, 10) << ' ' << format_hex(P.Size, 10)
       << "  " << P.Input << '(' << P.Section << ')';
    if (!P.Symbol.empty())
      OS << ' ' << P.Symbol;
    OS << '\n';
  };
  for (const LinkMap::Member &M : Map.Members)
    OS << M.Name << " because " << M.By << " needs `" << M.Symbol << "`\n";
  if (!Map.Members.empty())
    OS << '\n';
  for (const LinkMap::OutputSection &S : Map.Sections) {
    if (S.Parts.empty())
      continue;
    OS << S.Name << ", " << S.Size << " bytes, aligned to " << S.Align << '\n';
    for (const LinkMap::Part &P : S.Parts)
      Print(P);
  }
  if (!Map.Dropped.empty())
    OS << "\ndropped\n";
  for (const LinkMap::Part &P : Map.Dropped)
    Print(P);
}

} // namespace bpfcc

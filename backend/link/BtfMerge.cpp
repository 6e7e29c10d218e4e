// .BTF and .BTF.ext of the output.
//
// needs: placed pieces
// gives: each type once; each function and variable of the output once; one
//        DATASEC for each section; the records of .BTF.ext at their new places
//
//   a.o: FUNC add (extern)   VAR sum @.bss+0     DATASEC .bss [sum]
//   b.o: FUNC add            VAR sum @.bss+0     DATASEC .bss [sum]
//   ->   FUNC add            VAR sum, VAR sum    DATASEC .bss [sum @0, sum @4]
//
// The order is: types of values, functions, variables, tags, sections.

#include "backend/btf/BtfEncode.h"
#include "backend/btf/ExtWriter.h"
#include "backend/link/Layout.h"
#include "backend/link/TypeGraph.h"
#include "backend/link/TypeMerge.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Endian.h"

#include <array>
#include <map>

namespace bpfcc::link {

using namespace llvm;
using namespace btf;

namespace {

class BtfMerger {
public:
  BtfMerger(const std::vector<Input> &Inputs, TypeMerge &Types,
            const SymbolTable &Table, const LinkOptions &Options, Object &Out)
      : Inputs(Inputs), Table(Table), Options(Options), Out(Out), Types(Types),
        Written(Inputs.size()), GlobalOf(Inputs.size()),
        ByGlobal(Table.Globals.size()), Collected(Table.Globals.size()) {
    for (uint32_t N = 0; N != Out.Sections.size(); ++N)
      OutSections[Out.Sections[N].Name] = N;
  }

  Error run() {
    for (uint32_t N = 0; N != Inputs.size(); ++N) {
      ArrayRef<BtfFile::Type> All = Inputs[N].Types.Declarations;
      Written[N].resize(All.size());
      for (uint32_t D = 0; D != All.size(); ++D)
        ByKind[All[D].K].push_back({N, D});
      for (const BtfFile::Type &T : All)
        GlobalOf[N].push_back(findGlobal(T));
      findPlaces(N);
    }
    Types.write(W, wanted());
    for (Kind K : {KindFunc, KindVar})
      forEach(K, [&](uint32_t N, uint32_t D) { Written[N][D] = named(N, D); });
    for (Kind K : {KindFunc, KindVar})
      forEach(K, [&](uint32_t N, uint32_t D) {
        if (uint32_t G = globalOf(N, D); G != None)
          Written[N][D] = ByGlobal[G];
      });
    forEach(KindDeclTag,
            [&](uint32_t N, uint32_t D) { Written[N][D] = tag(N, D); });
    for (auto [N, D] : ByKind[KindDatasec])
      if (Error E = collectSection(N, declaration(N, D)))
        return E;
    for (auto &[Name, Entries] : Sections)
      if (Error E = addSection(Name, Entries))
        return E;
    for (uint32_t N = 0; N != Inputs.size(); ++N)
      addExt(N);
    std::vector<uint8_t> ExtBytes = Ext.encode(W, Out.BigEndian);
    Out.Sections.push_back(typeSection(".BTF", W.encode(Out.BigEndian)));
    if (!Ext.empty())
      Out.Sections.push_back(typeSection(".BTF.ext", std::move(ExtBytes)));
    return Error::success();
  }

private:
  template <typename Fn> void forEach(Kind K, Fn Visit) const {
    for (auto [N, D] : ByKind[K])
      Visit(N, D);
  }

  const BtfFile::Type &declaration(uint32_t N, uint32_t D) const {
    return Inputs[N].Types.Declarations[D];
  }

  /// The piece at \p Offset of a section, if it is live; null for none.
  const Piece *liveAt(uint32_t N, uint32_t Section, uint64_t Offset) const {
    const InputSection &Sec = Inputs[N].Sections[Section];
    if (Sec.Pieces.empty())
      return nullptr;
    const Piece &P = Sec.Pieces[Sec.pieceAt(Offset)];
    return P.Live ? &P : nullptr;
  }

  /// The global symbol that function or variable \p D of input \p N is.
  uint32_t globalOf(uint32_t N, uint32_t D) const { return GlobalOf[N][D]; }

  uint32_t findGlobal(const BtfFile::Type &T) const {
    if (T.Linkage == btf::Static)
      return None;
    auto It = Table.ByName.find(T.Name);
    return It == Table.ByName.end() ? None : It->second;
  }

  /// Static functions whose code goes, and static variables.
  void findPlaces(uint32_t N) {
    const Input &In = Inputs[N];
    const InputTypes &T = In.Types;
    Gone.emplace_back(T.Declarations.size());
    StringRef Last;
    uint32_t Section = None;
    std::vector<bool> Stays(T.Declarations.size());
    for (const BtfFile::FuncInfo &F : T.Functions) {
      sectionFor(In, F.Section, Last, Section);
      bool Lives = Section != None && liveAt(N, Section, F.Offset);
      (Lives ? Stays : Gone[N])[T.place(F.Type)] = true;
    }
    for (const BtfFile::Type &Datasec : T.Declarations) {
      if (Datasec.K != KindDatasec)
        continue;
      uint32_t S = In.sectionNamed(Datasec.Name);
      for (const BtfFile::Member &M : Datasec.Members)
        if (S != None && T.declaration(M.Type).Linkage == btf::Static)
          (liveAt(N, S, M.Offset) ? Stays : Gone[N])[T.place(M.Type)] = true;
    }
    for (uint32_t D = 0; D != Stays.size(); ++D)
      if (Stays[D])
        Gone[N][D] = false;
  }

  static void sectionFor(const Input &In, StringRef Name, StringRef &Last,
                         uint32_t &Section) {
    if (Name.data() == Last.data())
      return;
    Last = Name;
    Section = In.sectionNamed(Name);
  }

  /// Whether function or variable \p D of input \p N stands for its symbol.
  bool isWanted(uint32_t N, uint32_t D) const {
    if (Gone[N][D])
      return false;
    uint32_t Number = globalOf(N, D);
    if (Number == None)
      return true;
    const GlobalSymbol &G = Table.Globals[Number];
    const BtfFile::Type &T = declaration(N, D);
    if (!G.Definition)
      return T.Linkage == btf::Extern &&
             (G.Used || (Options.Partial && !Options.GcSections)) &&
             (Options.Partial || G.Strong || !G.FromKernel.empty());
    if (G.Definition.Input != N)
      // Of a definition without types, what others say of it.
      return Inputs[G.Definition.Input].describe(G.Name).Type == nullptr;
    const Symbol &S = Inputs[N].Obj.Symbols[G.Definition.Symbol];
    return liveAt(N, uint32_t(S.Section), S.Value);
  }

  uint32_t typeOf(uint32_t N, uint32_t Id) const {
    const InputTypes &T = Inputs[N].Types;
    return T.isDeclaration(Id) ? Written[N][T.place(Id)]
                               : Types.written(T.Numbers[Id]);
  }

  /// A function or variable; equal static functions are one, as in libbpf.
  uint32_t named(uint32_t N, uint32_t D) {
    uint32_t Number = globalOf(N, D);
    if (Number != None && ByGlobal[Number])
      return ByGlobal[Number];
    if (!isWanted(N, D))
      return 0;
    const BtfFile::Type &Old = declaration(N, D);
    btf::Type T =
        encodeType(Old, W, [&](uint32_t To) { return typeOf(N, To); });
    if (Number != None && Table.Globals[Number].Definition &&
        Old.Linkage == btf::Extern)
      (T.K == KindFunc ? T.Length : T.Words[0]) = btf::Global;
    if (Number == None && T.K == KindFunc) {
      uint32_t &Known = StaticFunctions[{T.Name, T.SizeOrType}];
      return Known ? Known : Known = W.add(std::move(T));
    }
    uint32_t New = W.add(std::move(T));
    if (Number != None)
      ByGlobal[Number] = New;
    return New;
  }

  uint32_t tag(uint32_t N, uint32_t D) {
    const InputTypes &In = Inputs[N].Types;
    const BtfFile::Type &T = declaration(N, D);
    // What a definition that does not count is tagged with goes with it.
    if (!typeOf(N, T.Target) ||
        (In.isDeclaration(T.Target) &&
         In.declaration(T.Target).Linkage == btf::Global &&
         !isWanted(N, In.place(T.Target))))
      return 0;
    btf::Type New =
        encodeType(T, W, [&](uint32_t Target) { return typeOf(N, Target); });
    uint32_t &Known =
        Tags[{New.Name, New.SizeOrType, T.Flag, uint32_t(T.Component)}];
    return Known ? Known : Known = W.add(std::move(New));
  }

  /// Not the prototypes of functions that others define, nor, with
  /// --gc-sections, all that only functions and variables refer to that go.
  std::vector<bool> wanted() const {
    std::vector<bool> Kept(Types.size()), Lost(Types.size());
    for (Kind K : {KindFunc, KindVar})
      forEach(K, [&](uint32_t N, uint32_t D) {
        Types.reach(Inputs[N].Types.Numbers[declaration(N, D).Target],
                    isWanted(N, D) ? Kept : Lost);
      });
    for (uint32_t N = 0; N != Inputs.size(); ++N) {
      const InputTypes &T = Inputs[N].Types;
      StringRef Last;
      uint32_t Section = None;
      for (const BtfFile::CoreRelo &R : T.CoreRelos) {
        sectionFor(Inputs[N], R.Section, Last, Section);
        if (Section != None && liveAt(N, Section, R.Offset) &&
            !T.isDeclaration(R.Type))
          Types.reach(T.Numbers[R.Type], Kept);
      }
    }
    for (uint32_t Number = 1; Number != Types.size(); ++Number)
      if (!Lost[Types.representative(Number)] ||
          (!Options.GcSections && Types.type(Number).K != KindFuncProto))
        Types.reach(Number, Kept);
    return Kept;
  }

  struct Entry {
    uint32_t Type;
    uint64_t Offset;
    uint32_t Size;
  };

  Error collectSection(uint32_t N, const BtfFile::Type &T) {
    const Input &In = Inputs[N];
    uint32_t Section = In.sectionNamed(T.Name);
    if (Section != None &&
        any_of(In.Sections[Section].Pieces, [](auto &P) { return P.Live; }))
      Sections[T.Name];
    for (const BtfFile::Member &M : T.Members)
      if (Error E = collect(N, T.Name, Section, M))
        return E;
    return Error::success();
  }

  Error collect(uint32_t N, StringRef Name, uint32_t Section,
                const BtfFile::Member &M) {
    const Input &In = Inputs[N];
    uint32_t D = In.Types.place(M.Type);
    uint32_t Number = globalOf(N, D);
    uint32_t Id = Written[N][D];
    if (!Id)
      return Error::success();
    if (Number != None && !Table.Globals[Number].Definition) {
      if (collectOnce(Number))
        Sections[Name].push_back({Id, M.Offset, M.Size});
      return Error::success();
    }
    uint64_t Place = M.Offset; // of a static variable
    if (Number != None) {
      SymbolRef Found = Table.Globals[Number].Definition;
      if (Found.Input != N)
        return Error::success();
      const Symbol &S = In.Obj.Symbols[Found.Symbol];
      if (uint32_t(S.Section) != Section)
        return In.bad(".BTF has `" + declaration(N, D).Name + "` in section `" +
                      Name + "`, where it is not");
      Place = S.Value;
    }
    const Piece *P = Section == None ? nullptr : liveAt(N, Section, Place);
    if (P && (Number == None || collectOnce(Number)))
      Sections[Name].push_back({Id, P->Offset + (Place - P->Start), M.Size});
    return Error::success();
  }

  bool collectOnce(uint32_t Number) {
    bool New = !Collected[Number];
    Collected[Number] = true;
    return New;
  }

  Error addSection(StringRef Name, std::vector<Entry> &Entries) {
    if (Entries.size() > btf::MaxLength)
      return diagError(DiagCode::BadObject, {},
                       "section `" + Name.str() +
                           "` has more variables than BTF can describe");
    stable_sort(Entries, [](const Entry &A, const Entry &B) {
      return A.Offset < B.Offset;
    });
    btf::Type T;
    T.K = KindDatasec;
    T.Name = W.string(Name);
    T.Length = uint32_t(Entries.size());
    if (auto It = OutSections.find(Name); It != OutSections.end())
      T.SizeOrType = uint32_t(Out.Sections[It->second].Size);
    for (const Entry &E : Entries)
      T.Words.insert(T.Words.end(), {E.Type, uint32_t(E.Offset), E.Size});
    W.add(std::move(T));
    return Error::success();
  }

  void addExt(uint32_t N) {
    const Input &In = Inputs[N];
    StringRef Last;
    uint32_t Section = None;
    auto Place = [&](StringRef Name, uint64_t Offset) -> const Piece * {
      sectionFor(In, Name, Last, Section);
      return Section == None ? nullptr : liveAt(N, Section, Offset);
    };
    auto Moved = [](const Piece &P, uint64_t Offset) {
      return uint32_t(P.Offset + (Offset - P.Start));
    };
    for (const BtfFile::FuncInfo &F : In.Types.Functions)
      if (const Piece *P = Place(F.Section, F.Offset))
        Ext.section(F.Section).addFunction(Moved(*P, F.Offset),
                                           typeOf(N, F.Type));
    for (const BtfFile::Line &L : In.Types.Lines)
      if (const Piece *P = Place(L.Section, L.Offset)) {
        uint32_t File = W.string(L.File), Text = W.string(L.Text);
        Ext.section(L.Section).addLine(Moved(*P, L.Offset), File, Text, L.Line,
                                       L.Column);
      }
    for (const BtfFile::CoreRelo &R : In.Types.CoreRelos)
      if (const Piece *P = Place(R.Section, R.Offset)) {
        uint32_t Id = typeOf(N, R.Type), At = Moved(*P, R.Offset);
        Ext.section(R.Section).addRelocation(At, Id, W.string(R.Access),
                                             R.Kind);
        if (R.Kind == uint32_t(CoreRelo::TypeIdLocal) ||
            R.Kind == uint32_t(CoreRelo::TypeIdTarget))
          setTypeId(Out.Sections[P->Section], At, Id);
      }
  }

  /// The instruction holds the number of the type until it is loaded.
  void setTypeId(Section &S, uint64_t At, uint32_t Id) const {
    if (At + 8 <= S.Data.size())
      support::endian::write32(S.Data.data() + At + 4, Id,
                               Out.BigEndian ? endianness::big
                                             : endianness::little);
  }

  const std::vector<Input> &Inputs;
  const SymbolTable &Table;
  const LinkOptions &Options;
  Object &Out;
  TypeMerge &Types;
  btf::Writer W;
  ExtWriter Ext;
  /// Input and place of functions, variables, sections and tags.
  std::array<std::vector<std::pair<uint32_t, uint32_t>>, KindEnum64 + 1> ByKind;
  std::vector<std::vector<uint32_t>> Written;  ///< of declarations
  std::vector<std::vector<uint32_t>> GlobalOf; ///< number in the table, or None
  std::vector<std::vector<bool>> Gone;
  std::vector<uint32_t> ByGlobal; ///< its Func or Var; by number in the table
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> StaticFunctions;
  std::map<std::array<uint32_t, 4>, uint32_t> Tags;
  std::vector<bool> Collected; ///< in a section; by number in the table
  MapVector<StringRef, std::vector<Entry>> Sections;
  StringMap<uint32_t> OutSections;
};

} // namespace

Error mergeBtf(std::vector<Input> &Inputs, TypePool &Pool,
               const SymbolTable &Table, const LinkOptions &Options,
               Object &Out) {
  if (all_of(Inputs,
             [](const Input &In) { return In.Types.Numbers.size() == 1; }))
    return Error::success();
  std::optional<TypeMerge> Types(std::in_place, Pool);
  if (!Types->disputed().empty()) {
    StringSet<> Names = Types->disputed();
    Types.reset();
    Pool = TypePool(std::move(Names));
    BtfFile Scratch;
    for (Input &In : Inputs)
      if (Error E = changePool(In.Types, Pool, Scratch))
        return In.bad(takeMessages(std::move(E)));
    Types.emplace(Pool);
  }
  return BtfMerger(Inputs, *Types, Table, Options, Out).run();
}

} // namespace bpfcc::link

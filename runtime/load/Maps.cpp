// Map declarations.
//
// A BTF-defined map is a variable in .maps whose structure says all by its
// members' types (libbpf, "BTF-defined maps"):
//
//   struct { __uint(type, BPF_MAP_TYPE_HASH);   int (*type)[1];
//            __type(key, __u32);                __u32 *key;
//            __array(values, struct inner); }   struct inner *values[];
//
// A legacy map is a struct bpf_map_def in section `maps`: type, key size, value
// size, entries, flags, then whatever the compiler's header had more.

#include "runtime/load/Loader.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"

using namespace llvm;

namespace bpfcc {

constexpr uint32_t NoInner = ~0u;

/// The N of `int (*name)[N]`.
static bool uintMember(const BtfFile &Btf, uint32_t Type, uint32_t &Out) {
  const BtfFile::Type &P = Btf.type(Btf.strip(Type));
  const BtfFile::Type &A = Btf.type(P.Target);
  if (P.K != btf::KindPtr || A.K != btf::KindArray)
    return false;
  Out = A.Size;
  return true;
}

Error Loader::mapMember(const BtfFile::Member &M, MapDef &Def, bool &HasValues,
                        uint64_t &ValuesAt) {
  uint32_t Number = 0;
  const BtfFile::Type &T = Btf.type(Btf.strip(M.Type));
  auto Expected = [&](const char *What) {
    return bad("map `" + Def.Name + "`: `" + M.Name + "` must be " + What);
  };
  if (M.Name == "key" || M.Name == "value") {
    uint64_t Size = Btf.sizeOf(T.Target);
    if (T.K != btf::KindPtr || Size == 0 || Size > UINT32_MAX)
      return Expected("a pointer to a type with a size");
    bool IsKey = M.Name == "key";
    uint32_t &Field = IsKey ? Def.KeySize : Def.ValueSize;
    if (Field && Field != Size)
      return bad("map `" + Def.Name + "`: `" + M.Name + "` has " + Twine(Size) +
                 " bytes, `" + M.Name + "_size` says " + Twine(Field));
    Field = uint32_t(Size);
    (IsKey ? Def.KeyType : Def.ValueType) = T.Target;
    if (!IsKey)
      Def.Special = specialFields(Btf, T.Target);
    return Error::success();
  }
  if (M.Name == "values") {
    if (T.K != btf::KindArray ||
        Btf.type(Btf.strip(T.Target)).K != btf::KindPtr)
      return Expected("an array of pointers");
    HasValues = true;
    ValuesAt = M.Offset / 8;
    if (!Def.ValueSize)
      Def.ValueSize = 4;
    if (!Def.KeySize)
      Def.KeySize = 4;
    return Error::success();
  }
  if (M.Name == "map_extra" && T.K != btf::KindPtr) // __ulong: an enum's value
    return Error::success();
  static constexpr StringLiteral Names[] = {
      "type",     "max_entries", "map_flags", "map_extra",
      "key_size", "value_size",  "pinning",   "numa_node",
      "key",      "value",       "values"};
  if (!is_contained(Names, M.Name)) {
    const auto *Near = min_element(Names, [&](StringRef A, StringRef B) {
      return M.Name.edit_distance(A) < M.Name.edit_distance(B);
    });
    return bad("map `" + Def.Name + "` has the unknown member `" + M.Name +
               "`" +
               (M.Name.edit_distance(*Near) <= 2
                    ? "; did you mean `" + Near->str() + "`?"
                    : std::string()));
  }
  if (!uintMember(Btf, M.Type, Number))
    return Expected("a number as __uint() makes it");
  if (M.Name == "type")
    Def.Type = Number;
  else if (M.Name == "max_entries")
    Def.MaxEntries = Number;
  else if (M.Name == "map_flags")
    Def.Flags = Number;
  else if (M.Name == "map_extra")
    Def.Extra = Number;
  else if (M.Name == "key_size" || M.Name == "value_size") {
    uint32_t &Field = M.Name == "key_size" ? Def.KeySize : Def.ValueSize;
    if (Field && Field != Number)
      return bad("map `" + Def.Name + "`: `" + M.Name + "` says " +
                 Twine(Number) + ", its type has " + Twine(Field) + " bytes");
    Field = Number;
  }
  return Error::success();
}

Error Loader::addBtfMap(const BtfFile::Member &Var, uint32_t Section) {
  const BtfFile::Type &V = Btf.type(Var.Type);
  const BtfFile::Type &S = Btf.type(Btf.strip(Var.Type));
  if (V.K != btf::KindVar || S.K != btf::KindStruct)
    return bad("map `" + V.Name + "` is no structure");
  const Symbol *Sym = nullptr;
  for (const Symbol &Candidate : O.Symbols)
    if (Candidate.Section == int32_t(Section) && Candidate.Name == V.Name)
      Sym = &Candidate;
  if (!Sym)
    return bad("map `" + V.Name + "` has no symbol");

  MapDef Def;
  Def.Name = V.Name.str();
  bool HasValues = false;
  uint64_t ValuesAt = 0;
  for (const BtfFile::Member &M : S.Members)
    if (Error E = mapMember(M, Def, HasValues, ValuesAt))
      return E;
  uint32_t Number = uint32_t(P.Maps.size());
  Maps.push_back({Number, int32_t(Section), Sym->Value, S.Size,
                  HasValues ? Sym->Value + ValuesAt : ~0ull});
  P.Maps.push_back(std::move(Def));
  P.InnerMaps.push_back(NoInner);
  return Error::success();
}

Error Loader::findBtfMaps() {
  for (uint32_t N = 0; N != O.Sections.size(); ++N) {
    if (Parts[N] != Part::BtfMaps)
      continue;
    const BtfFile::Type *Sec = Btf.dataSection(".maps");
    if (!Sec)
      return withHelp(bad("section `.maps` has no description in .BTF"),
                      "compile with -g");
    for (const BtfFile::Member &Var : Sec->Members)
      if (Error E = addBtfMap(Var, N))
        return E;
  }
  return Error::success();
}

Error Loader::findLegacyMaps() {
  for (uint32_t N = 0; N != O.Sections.size(); ++N) {
    if (Parts[N] != Part::LegacyMaps)
      continue;
    const std::vector<uint8_t> &Data = O.Sections[N].Data;
    std::vector<const Symbol *> Symbols;
    for (const Symbol &S : O.Symbols)
      if (S.Section == int32_t(N) && !S.Name.empty() &&
          S.Type != ELF::STT_SECTION && S.Value < Data.size())
        Symbols.push_back(&S);
    llvm::sort(Symbols, [](auto *A, auto *B) {
      return std::tie(A->Value, A->Name) < std::tie(B->Value, B->Name);
    });
    for (size_t K = 0; K != Symbols.size(); ++K) {
      uint64_t Start = Symbols[K]->Value;
      uint64_t End =
          K + 1 == Symbols.size() ? Data.size() : Symbols[K + 1]->Value;
      if (End - Start < 20)
        return bad("map `" + Symbols[K]->Name +
                   "` is shorter than a struct bpf_map_def");
      auto Word = [&](unsigned Index) {
        return support::endian::read32(&Data[Start + 4 * Index],
                                       O.BigEndian ? endianness::big
                                                   : endianness::little);
      };
      MapDef Def;
      Def.Name = Symbols[K]->Name;
      Def.Type = Word(0);
      Def.KeySize = Word(1);
      Def.ValueSize = Word(2);
      Def.MaxEntries = Word(3);
      Def.Flags = Word(4);
      Maps.push_back(
          {uint32_t(P.Maps.size()), int32_t(N), Start, End - Start, ~0ull});
      P.Maps.push_back(std::move(Def));
      P.InnerMaps.push_back(NoInner);
    }
  }
  return Error::success();
}

/// What a program puts into its arena lies where that begins. Of no arena, an
/// object that is still to be linked may know.
void Loader::placeInArena(uint32_t Section) {
  auto It = find_if(P.Maps, [](const MapDef &M) {
    return target::MapType(M.Type) == target::MapType::Arena;
  });
  if (It == P.Maps.end())
    return;
  Parts[Section] = Part::Data;
  DataMap[Section] = uint32_t(It - P.Maps.begin());
  std::vector<uint8_t> Value = O.Sections[Section].Data;
  Value.resize(O.Sections[Section].Size);
  P.Initial.push_back({DataMap[Section], {}, std::move(Value)});
}

/// A data section becomes an array map with one element.
void Loader::addDataMaps() {
  for (uint32_t N = 0; N != O.Sections.size(); ++N) {
    const Section &S = O.Sections[N];
    if (S.Name == ArenaSection && S.Size != 0)
      placeInArena(N);
    if (Parts[N] != Part::Data || DataMap[N] != ~0u || S.Size == 0 ||
        S.Size > UINT32_MAX)
      continue;
    MapDef Def;
    Def.Name = S.Name;
    Def.Type = ArrayMapType;
    Def.KeySize = 4;
    Def.ValueSize = uint32_t(S.Size);
    Def.MaxEntries = 1;
    if (StringRef(S.Name).starts_with(".rodata") || S.Name == JumpTableSection)
      Def.Flags = MapReadOnlyForPrograms;
    if (const BtfFile::Type *T = Btf.dataSection(S.Name))
      Def.ValueType = uint32_t(T - Btf.Types.data());
    DataMap[N] = uint32_t(P.Maps.size());
    if (!S.Data.empty()) {
      std::vector<uint8_t> Value = S.Data;
      Value.resize(S.Size);
      P.Initial.push_back({DataMap[N], std::vector<uint8_t>(4), Value});
    }
    P.Maps.push_back(std::move(Def));
  }
}

/// Offsets come from the symbols: compilers leave those in .BTF at 0.
void Loader::addVariables() {
  std::map<std::pair<std::string, std::string>, uint32_t> Types;
  for (const BtfFile::Type &T : Btf.Types)
    if (T.K == btf::KindDatasec)
      for (const BtfFile::Member &M : T.Members)
        Types[{T.Name.str(), Btf.type(M.Type).Name.str()}] = M.Type;
  for (const Symbol &S : O.Symbols) {
    if (S.Section < 0 || S.Type != ELF::STT_OBJECT ||
        DataMap[size_t(S.Section)] == ~0u)
      continue;
    uint64_t End = O.Sections[size_t(S.Section)].Size;
    if (S.Value > End || S.Size > End - S.Value)
      continue;
    auto Type = Types.find({sectionName(S.Section), S.Name});
    P.Variables.push_back({S.Name, DataMap[size_t(S.Section)], S.Value, S.Size,
                           Type == Types.end() ? 0 : Type->second});
  }
  llvm::sort(P.Variables, [](auto &A, auto &B) {
    return std::tie(A.Map, A.Offset, A.Name) <
           std::tie(B.Map, B.Offset, B.Name);
  });
  for (const Program::Variable &V : P.Variables)
    if (const BtfFile::Type &T = Btf.type(V.Type); T.K == btf::KindVar)
      for (SpecialField F : specialFields(Btf, V.Type)) {
        F.Offset += uint32_t(V.Offset);
        P.Maps[V.Map].Special.push_back(F);
      }
}

const Loader::Declared *Loader::mapAt(int32_t Section, uint64_t Offset) const {
  for (const Declared &D : Maps)
    if (D.Section == Section && D.Offset == Offset)
      return &D;
  return nullptr;
}

} // namespace bpfcc

#include "tools/bpfcc/PrintMaps.h"

#include "backend/target/MapTypes.h"
#include "runtime/maps/Arena.h"
#include "tools/bpfcc/PrintValue.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc::tools {

constexpr size_t MaxPrinted = 64;

/// As bpftool writes it.
static std::string typeName(uint32_t Type) {
  const target::MapTypeInfo *Info = target::mapTypeInfo(Type);
  return Info ? StringRef(Info->KernelName).lower()
              : "type " + std::to_string(Type);
}

static bool hasEvents(uint32_t Type) {
  return MapType(Type) == MapType::PerfEventArray ||
         MapType(Type) == MapType::RingBuf;
}
static bool isProgArray(uint32_t Type) {
  return MapType(Type) == MapType::ProgArray;
}

static bool allZero(ArrayRef<uint8_t> Bytes) {
  return all_of(Bytes, [](uint8_t B) { return B == 0; });
}

static PrintedElement element(const Program &P, const BtfFile &Btf,
                              const MapDef &Def, ArrayRef<uint8_t> Key,
                              ArrayRef<uint8_t> Value) {
  PrintedElement E;
  bool Big = P.BigEndian;
  // Array indexes are numbers even where nothing says their type.
  bool IsIndex = !Def.KeyType && (MapType(Def.Type) == MapType::Array ||
                                  MapType(Def.Type) == MapType::PerCpuArray ||
                                  isProgArray(Def.Type));
  E.Key = IsIndex ? std::to_string(readNumber(Key, Big))
                  : printValue(Btf, Def.KeyType, Key, Big);
  if (isProgArray(Def.Type)) {
    uint64_t Target = Value.empty() ? 0 : readNumber(Value, Big);
    E.Value = Target && Target <= P.Subprogs.size()
                  ? P.Subprogs[Target - 1].Name
                  : "";
    return E;
  }
  if (!target::isPerCpu(Def.Type)) {
    E.Value =
        printValue(Btf, Def.ValueType, Value.take_front(Def.ValueSize), Big);
    return E;
  }
  uint64_t Each = alignTo(Def.ValueSize, 8), Sum = 0;
  for (size_t At = 0; At + Each <= Value.size(); At += Each) {
    ArrayRef<uint8_t> One = Value.slice(At, Def.ValueSize);
    E.PerCpu.push_back(
        {printValue(Btf, Def.ValueType, One, Big), allZero(One)});
    if (One.size() <= 8)
      Sum += readNumber(One, Big);
  }
  if (isNumber(Btf, Def.ValueType))
    E.Value = std::to_string(Sum);
  return E;
}

static void addElements(const Program &P, const BtfFile &Btf, const MapDef &Def,
                        const MapSource &M, bool All, PrintedMap &Out) {
  std::vector<uint8_t> Key(Def.KeySize), Next(Def.KeySize);
  const uint8_t *Previous = nullptr;
  while (M.NextKey(Previous, Next.data())) {
    Key = Next;
    Previous = Key.data();
    std::vector<uint8_t> Value = M.Value(Key.data());
    if (Value.empty())
      continue;
    if (!All && allZero(Value))
      ++Out.Zero;
    else if (!All && Out.Elements.size() == MaxPrinted)
      ++Out.Rest;
    else
      Out.Elements.push_back(element(P, Btf, Def, Key, Value));
  }
  Out.Zero += M.Untouched;
}

/// The variables of a data section; its bytes where no symbol names one.
static std::vector<PrintedElement> variables(const Program &P,
                                             const BtfFile &Btf, uint32_t N,
                                             const MapSource &M) {
  std::vector<PrintedElement> Out;
  std::vector<uint8_t> Key(4), Value = M.Value(Key.data());
  for (const Program::Variable &V : P.Variables)
    if (V.Map == N && V.Offset + V.Size <= Value.size())
      Out.push_back(
          {V.Name,
           printValue(Btf, V.Type, ArrayRef(Value).slice(V.Offset, V.Size),
                      P.BigEndian),
           {}});
  if (Out.empty() && !Value.empty())
    Out.push_back({"", printValue(Btf, 0, Value, P.BigEndian), {}});
  return Out;
}

std::vector<PrintedMap>
printedMaps(const Program &P, const BtfFile &Btf, bool All,
            function_ref<MapSource(uint32_t)> SourceOf) {
  std::vector<PrintedMap> Out;
  for (uint32_t N = 0; N != P.Maps.size(); ++N) {
    const MapDef &Def = P.Maps[N];
    PrintedMap M;
    M.Name = Def.Name;
    M.IsData = StringRef(Def.Name).starts_with(".");
    if (M.IsData && Def.Flags & (1u << 7)) // BPF_F_RDONLY_PROG: as in the file
      continue;
    M.Type = M.IsData ? "data" : typeName(Def.Type);
    M.MaxEntries = Def.MaxEntries;
    M.HasEvents = hasEvents(Def.Type);
    MapSource Source = SourceOf(N);
    M.NumEvents = Source.NumEvents;
    M.NumPages = Source.NumPages;
    if (M.IsData || M.NumPages)
      M.Elements = variables(P, Btf, N, Source);
    else if (!M.HasEvents)
      addElements(P, Btf, Def, Source, All, M);
    Out.push_back(std::move(M));
  }
  return Out;
}

std::vector<PrintedMap> printedMaps(const Program &P, const Instance &I,
                                    const BtfFile &Btf, bool All) {
  return printedMaps(P, Btf, All, [&I, All](uint32_t N) {
    Map &M = *I.Maps[N];
    auto Count = I.Env.NumEvents.find(N);
    std::optional<uint64_t> Pages;
    if (MapType(M.def().Type) == MapType::Arena)
      Pages = static_cast<Arena &>(M).numPages();
    return MapSource{[&M, All](const uint8_t *Previous, uint8_t *Next) {
                       return (All ? M.nextKey(Previous, Next)
                                   : M.nextTouched(Previous, Next)) == 0;
                     },
                     [&M](const uint8_t *Key) { return M.valueForUser(Key); },
                     Count == I.Env.NumEvents.end() ? 0 : Count->second,
                     All ? 0 : M.untouched(), Pages};
  });
}

static void printElement(raw_ostream &OS, const PrintedMap &M,
                         const PrintedElement &E, bool All) {
  OS << "  ";
  if (M.IsData || M.NumPages)
    OS << E.Key << (E.Key.empty() ? "" : " = ") << E.Value;
  else
    OS << '[' << E.Key << "] " << E.Value;
  if (!E.PerCpu.empty()) {
    OS << (E.Value.empty() ? "" : "  ") << '(';
    ListSeparator Comma;
    for (size_t Cpu = 0; Cpu != E.PerCpu.size(); ++Cpu)
      if (All || !E.PerCpu[Cpu].IsZero)
        OS << Comma << "cpu " << Cpu << ": " << E.PerCpu[Cpu].Value;
    OS << ')';
  }
  OS << '\n';
}

void printMaps(raw_ostream &OS, ArrayRef<PrintedMap> Maps, bool All) {
  for (const PrintedMap &M : Maps) {
    if (M.IsData) {
      OS << "\nsection " << M.Name << '\n';
    } else {
      OS << "\nmap " << M.Name << " (" << M.Type;
      if (M.HasEvents)
        OS << "): " << M.NumEvents << " events\n";
      else if (M.NumPages)
        OS << "): " << *M.NumPages << " of " << M.MaxEntries << " pages\n";
      else
        OS << "): " << M.Elements.size() + M.Zero + M.Rest << " of "
           << M.MaxEntries << " elements\n";
    }
    for (const PrintedElement &E : M.Elements)
      printElement(OS, M, E, All);
    if (M.Zero)
      OS << "  " << M.Zero
         << (M.Zero == 1 ? " element is zero\n" : " elements are zero\n");
    if (M.Rest)
      OS << "  " << M.Rest << " more; --dump-maps prints all\n";
  }
}

json::Array mapsAsJson(ArrayRef<PrintedMap> Maps) {
  json::Array Out;
  for (const PrintedMap &M : Maps) {
    json::Object Map{{"name", json::fixUTF8(M.Name)}, {"type", M.Type}};
    if (M.NumPages)
      Map["pages"] = int64_t(*M.NumPages);
    if (M.HasEvents) {
      Map["events"] = int64_t(M.NumEvents);
    } else {
      json::Array Elements;
      for (const PrintedElement &E : M.Elements) {
        json::Object One{
            {M.IsData || M.NumPages ? "name" : "key", json::fixUTF8(E.Key)},
            {"value", json::fixUTF8(E.Value)}};
        if (!E.PerCpu.empty()) {
          json::Array Cpus;
          for (const PrintedElement::OfCpu &V : E.PerCpu)
            Cpus.push_back(json::fixUTF8(V.Value));
          One["percpu"] = std::move(Cpus);
        }
        Elements.push_back(std::move(One));
      }
      Map["elements"] = std::move(Elements);
    }
    Out.push_back(std::move(Map));
  }
  return Out;
}

} // namespace bpfcc::tools

#include "tools/bpfcc/RunReport.h"

#include "tools/bpfcc/PrintMaps.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace bpfcc::tools {

static void printEvents(raw_ostream &OS, const Program &P, const Instance &I,
                        const EventTypes &Types) {
  if (!I.Env.Events.empty())
    OS << '\n';
  for (const Environment::Event &E : I.Env.Events) {
    const std::string &Map = P.Maps[E.Map].Name;
    OS << "event " << Map << ": " << Types.text(Map, E.Bytes) << '\n';
  }
}

static void printReport(raw_ostream &OS, const Subprog &S, const RunOptions &O,
                        const RunReport &Report) {
  OS << S.Name << " (" << S.Section << "): " << Report.Runs
     << (Report.Runs == 1 ? " run, " : " runs, ") << Report.Insts
     << " instructions";
  if (O.Rate)
    OS << format(", %.0f runs a second of processor time", Report.perSecond());
  OS << "\n\n  " << left_justify("verdict", 20) << right_justify("count", 12)
     << "\n";
  for (const auto &[Verdict, Count] : Report.verdicts(S.Section))
    OS << "  " << left_justify(Verdict, 20)
       << right_justify(std::to_string(Count), 12) << '\n';
}

void printText(raw_ostream &OS, const Program &P, const Instance &I,
               const BtfFile &Btf, const EventTypes &Types, const RunOptions &O,
               ArrayRef<RunReport> Reports) {
  ListSeparator Line("\n");
  for (const RunReport &Report : Reports) {
    OS << StringRef(Line);
    printReport(OS, P.Subprogs[Report.Entry], O, Report);
  }
  if (O.Events)
    printEvents(OS, P, I, Types);
  if (!O.NoMaps)
    printMaps(OS, printedMaps(P, I, Btf, O.AllEntries), O.AllEntries);
}

static json::Object asJson(const Subprog &S, const RunOptions &O,
                           const RunReport &Report) {
  json::Object Verdicts;
  for (const auto &[Verdict, Count] : Report.verdicts(S.Section))
    Verdicts[Verdict] = int64_t(Count);
  json::Object Out{{"program", json::fixUTF8(S.Name)},
                   {"section", json::fixUTF8(S.Section)},
                   {"runs", int64_t(Report.Runs)},
                   {"instructions", int64_t(Report.Insts)},
                   {"verdicts", std::move(Verdicts)}};
  if (O.Rate)
    Out["runs per processor second"] = Report.perSecond();
  return Out;
}

static json::Object asJson(StringRef Map, ArrayRef<uint8_t> Event,
                           const EventTypes &Types) {
  json::Object Out{{"map", json::fixUTF8(Map)},
                   {"bytes", toHex(Event, /*LowerCase=*/true)}};
  if (std::string Value = Types.value(Map, Event); !Value.empty())
    Out["value"] = json::fixUTF8(Value);
  return Out;
}

void printJson(raw_ostream &OS, const Program &P, const Instance &I,
               const BtfFile &Btf, const EventTypes &Types, const RunOptions &O,
               ArrayRef<RunReport> Reports) {
  json::Object Out;
  if (O.Command.empty()) {
    Out = asJson(P.Subprogs[Reports[0].Entry], O, Reports[0]);
  } else {
    json::Array Programs;
    for (const RunReport &Report : Reports)
      Programs.push_back(asJson(P.Subprogs[Report.Entry], O, Report));
    Out["programs"] = std::move(Programs);
  }
  if (!O.NoMaps)
    Out["maps"] = mapsAsJson(printedMaps(P, I, Btf, true));
  if (O.Events) {
    json::Array Events;
    for (const Environment::Event &E : I.Env.Events)
      Events.push_back(asJson(P.Maps[E.Map].Name, E.Bytes, Types));
    Out["events"] = std::move(Events);
  }
  OS << formatv("{0:2}", json::Value(std::move(Out))) << '\n';
}

} // namespace bpfcc::tools

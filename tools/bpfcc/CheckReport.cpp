#include "tools/bpfcc/CheckReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

#include <numeric>

using namespace llvm;

namespace bpfcc::tools {

StringRef verdictName(verify::Verdict V) {
  switch (V) {
  case verify::Verdict::Accepted:
    return "accepted";
  case verify::Verdict::Rejected:
    return "rejected";
  case verify::Verdict::Unjudged:
    break;
  }
  return "unjudged";
}

unsigned stackBytes(const verify::Statistics &S) {
  return std::accumulate(S.Stack.begin(), S.Stack.end(), 0u);
}

static std::string stackText(const verify::Statistics &S) {
  std::string Text;
  for (unsigned Bytes : S.Stack)
    Text += (Text.empty() ? "" : "+") + std::to_string(Bytes);
  return Text;
}

void printTable(raw_ostream &OS, const CheckReport &R) {
  size_t Width = 7;
  for (const CheckReport::Row &Row : R.Rows)
    Width = std::max(Width, Row.J.Program.size());
  OS << left_justify("program", Width) << "  kernel  verdict   "
     << "   insns  states    peak  stack\n";
  for (const CheckReport::Row &Row : R.Rows) {
    const Judgement &J = Row.J;
    OS << left_justify(J.Program, Width) << "  "
       << left_justify(target::toString(J.Kernel), 6) << "  "
       << left_justify(verdictName(J.Verdict), 8) << "  "
       << format_decimal(int64_t(J.Stats.Processed), 8)
       << format_decimal(int64_t(J.Stats.States), 8)
       << format_decimal(int64_t(J.Stats.PeakStates), 8) << "  "
       << stackText(J.Stats) << '\n';
  }
}

void printCsv(raw_ostream &OS, const CheckReport &R) {
  OS << "file_name,prog_name,verdict,duration,total_insns,total_states,"
        "peak_states,prog_size,stack_depth,kernel\n";
  for (const CheckReport::Row &Row : R.Rows) {
    const Judgement &J = Row.J;
    StringRef Verdict = J.Verdict == verify::Verdict::Accepted   ? "success"
                        : J.Verdict == verify::Verdict::Rejected ? "failure"
                                                                 : "unjudged";
    OS << sys::path::filename(Row.File) << ',' << J.Program << ',' << Verdict
       << ',' << J.Microseconds << ',' << J.Stats.Processed << ','
       << J.Stats.States << ',' << J.Stats.PeakStates << ',' << J.Insts << ','
       << stackBytes(J.Stats) << ',' << target::toString(J.Kernel) << '\n';
  }
}

static std::string codeText(DiagCode Code) {
  return formatv("BPF{0,0+4}", utostr(unsigned(Code))).str();
}

static json::Object placeOf(const SourceLoc &Loc, StringRef Source) {
  json::Object Place;
  if (!Loc.File.empty())
    Place["file"] = Loc.File;
  if (Loc.Line)
    Place["line"] = Loc.Line;
  if (Loc.Column)
    Place["column"] = Loc.Column;
  if (!Source.empty())
    Place["source"] = Source.trim();
  return Place;
}

static StringRef levelName(Severity Level) {
  switch (Level) {
  case Severity::Note:
    return "note";
  case Severity::Warning:
    return "warning";
  case Severity::Error:
    break;
  }
  return "error";
}

static json::Object findingOf(const Diagnostic &D) {
  json::Object Finding = placeOf(D.Loc, D.Source);
  Finding["code"] = codeText(D.Code);
  Finding["level"] = levelName(D.Level);
  Finding["message"] = D.Message;
  if (!D.Help.empty())
    Finding["help"] = D.Help;
  json::Array Path;
  for (const DiagnosticNote &N : D.Notes) {
    json::Object Step = placeOf(N.Loc, N.Source);
    Step["message"] = N.Message;
    Path.push_back(std::move(Step));
  }
  if (!Path.empty())
    Finding["path"] = std::move(Path);
  std::string Text;
  raw_string_ostream OS(Text);
  printDiagnostic(OS, D);
  Finding["rendered"] = std::move(Text);
  return Finding;
}

void printJson(raw_ostream &OS, const CheckReport &R) {
  json::Array Programs, Findings;
  for (const CheckReport::Row &Row : R.Rows) {
    const Judgement &J = Row.J;
    json::Array Stack;
    for (unsigned Bytes : J.Stats.Stack)
      Stack.push_back(Bytes);
    Programs.push_back(json::Object{
        {"file", Row.File},
        {"program", J.Program},
        {"kernel", target::toString(J.Kernel)},
        {"verdict", verdictName(J.Verdict)},
        {"microseconds", int64_t(J.Microseconds)},
        {"insns", int64_t(J.Stats.Processed)},
        {"states", int64_t(J.Stats.States)},
        {"peak_states", int64_t(J.Stats.PeakStates)},
        {"size", int64_t(J.Insts)},
        {"stack", std::move(Stack)},
    });
  }
  for (const Diagnostic &D : R.Findings)
    Findings.push_back(findingOf(D));
  OS << formatv("{0:2}", json::Value(json::Object{
                             {"programs", std::move(Programs)},
                             {"findings", std::move(Findings)},
                         }))
     << '\n';
}

static json::Object sarifPlace(const SourceLoc &Loc, StringRef Source) {
  json::Object Physical{
      {"artifactLocation",
       json::Object{{"uri", sys::path::convert_to_slash(Loc.File)}}}};
  if (Loc.Line) {
    json::Object Region{{"startLine", Loc.Line}};
    if (Loc.Column)
      Region["startColumn"] = Loc.Column;
    if (!Source.empty())
      Region["snippet"] = json::Object{{"text", Source}};
    Physical["region"] = std::move(Region);
  }
  return json::Object{{"physicalLocation", std::move(Physical)}};
}

static json::Object sarifMessage(std::string Text) {
  return json::Object{{"text", std::move(Text)}};
}

static json::Object sarifResult(const Diagnostic &D) {
  std::string Text = D.Message;
  if (!D.Help.empty())
    Text += "\n\nHelp: " + D.Help;
  json::Object Result{{"ruleId", codeText(D.Code)},
                      {"level", levelName(D.Level)},
                      {"message", sarifMessage(Text)}};
  if (!D.Loc.File.empty())
    Result["locations"] = json::Array{sarifPlace(D.Loc, D.Source)};
  json::Array Steps;
  for (const DiagnosticNote &N : D.Notes) {
    json::Object Where = sarifPlace(N.Loc, N.Source);
    Where["message"] = sarifMessage(N.Message);
    Steps.push_back(json::Object{{"location", std::move(Where)}});
  }
  if (!Steps.empty())
    Result["codeFlows"] = json::Array{json::Object{
        {"threadFlows",
         json::Array{json::Object{{"locations", std::move(Steps)}}}}}};
  return Result;
}

void printSarif(raw_ostream &OS, const CheckReport &R) {
  json::Array Rules, Results;
  std::vector<DiagCode> Codes;
  for (const Diagnostic &D : R.Findings) {
    Results.push_back(sarifResult(D));
    if (is_contained(Codes, D.Code))
      continue;
    Codes.push_back(D.Code);
    Rules.push_back(json::Object{
        {"id", codeText(D.Code)},
        {"help", sarifMessage("bpfcc explain " + codeText(D.Code))}});
  }
  json::Object Driver{{"name", "bpfcc"},
                      {"version", BPFCC_VERSION},
                      {"rules", std::move(Rules)}};
  json::Object Run{{"tool", json::Object{{"driver", std::move(Driver)}}},
                   {"columnKind", "unicodeCodePoints"},
                   {"results", std::move(Results)}};
  OS << formatv("{0:2}", json::Value(json::Object{
                             {"$schema",
                              "https://json.schemastore.org/sarif-2.1.0.json"},
                             {"version", "2.1.0"},
                             {"runs", json::Array{std::move(Run)}}}))
     << '\n';
}

} // namespace bpfcc::tools

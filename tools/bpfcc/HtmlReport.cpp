#include "tools/bpfcc/HtmlReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace llvm;

namespace bpfcc::tools {

/// Longer files are shown around the lines that have code.
constexpr size_t MostLines = 2000;
constexpr uint32_t LinesAround = 6;

namespace {

/// The files that the report shows, numbered.
class Sources {
public:
  /// The number of \p File, which the object says has \p Text at \p Line.
  int64_t add(const std::string &File, uint32_t Line, const std::string &Text) {
    auto [It, New] = Numbers.try_emplace(File, Files.size());
    if (New)
      Files.push_back({File, {}});
    if (Line)
      Files[It->second].Known[Line] = Text;
    return int64_t(It->second);
  }

  json::Array lines() const;

private:
  struct File {
    std::string Name;
    std::map<uint32_t, std::string> Known;

    std::vector<std::string> read() const;
  };
  std::map<std::string, size_t> Numbers;
  std::vector<File> Files;
};

} // namespace

/// The lines of the file, if it is there and has the lines that are known.
std::vector<std::string> Sources::File::read() const {
  if (!sys::fs::is_regular_file(Name)) // an object may name any file
    return {};
  auto Buffer = MemoryBuffer::getFile(Name, /*IsText=*/true);
  if (!Buffer)
    return {};
  std::vector<std::string> Lines;
  for (StringRef Rest = (*Buffer)->getBuffer(); !Rest.empty();) {
    auto [Line, After] = Rest.split('\n');
    Lines.push_back(Line.rtrim("\r").str());
    Rest = After;
  }
  for (const auto &[Line, Text] : Known)
    if (Line > Lines.size() ||
        (!Text.empty() &&
         StringRef(Lines[Line - 1]).trim() != StringRef(Text).trim()))
      return {};
  return Lines;
}

json::Array Sources::lines() const {
  json::Array All;
  for (const File &F : Files) {
    json::Array Lines;
    auto Add = [&](uint32_t Line, StringRef Text) {
      Lines.push_back(json::Array{Line, json::fixUTF8(Text)});
    };
    std::vector<std::string> Whole = F.read();
    if (Whole.empty()) {
      for (const auto &[Line, Text] : F.Known)
        Add(Line, Text);
    } else {
      for (uint32_t Line = 1; Line <= Whole.size(); ++Line) {
        auto Near =
            F.Known.lower_bound(Line > LinesAround ? Line - LinesAround : 1);
        if (Whole.size() <= MostLines ||
            (Near != F.Known.end() && Near->first <= Line + LinesAround))
          Add(Line, Whole[Line - 1]);
      }
    }
    All.push_back(json::Object{{"name", json::fixUTF8(F.Name)},
                               {"lines", std::move(Lines)}});
  }
  return All;
}

static json::Value findingOf(const Judgement &J, Sources &S) {
  if (!J.Why)
    return nullptr;
  const Diagnostic &D = *J.Why;
  std::string Place = D.Loc.File;
  if (D.Loc.Line)
    Place += ":" + utostr(D.Loc.Line);
  return json::Object{{"code", formatv("BPF{0,0+4}", unsigned(D.Code)).str()},
                      {"message", json::fixUTF8(D.Message)},
                      {"help", json::fixUTF8(D.Help)},
                      {"place", json::fixUTF8(Place)},
                      {"source", D.Loc.File.empty()
                                     ? -1
                                     : S.add(D.Loc.File, D.Loc.Line, D.Source)},
                      {"line", D.Loc.Line}};
}

static json::Object stepOf(const ToldStep &T, bool NewVariables, Sources &S) {
  const verify::PathStep &P = T.Step;
  json::Object Step{
      {"source", T.File.empty() ? -1 : S.add(T.File, T.Line, T.Text)},
      {"line", T.Line},
      {"frame", P.Frame},
      {"number", P.Number},
      {"before", json::fixUTF8(P.Before)},
      {"inst", json::fixUTF8(P.Inst)},
      {"changes", json::fixUTF8(P.Changes)},
      {"after", json::fixUTF8(P.After)},
      {"branches", P.Branches}};
  if (NewVariables) {
    json::Array Variables;
    for (const verify::NamedText &V : P.Variables)
      Variables.push_back(
          json::Array{json::fixUTF8(V.Name), json::fixUTF8(V.Text)});
    Step["variables"] = std::move(Variables);
  }
  return Step;
}

static json::Object rowOf(const CheckReport::Row &Row, Sources &S) {
  const Judgement &J = Row.J;
  json::Array Heat, Steps, Stack;
  for (const JudgementDetails::Line &L : J.Details->Lines)
    Heat.push_back(json::Array{S.add(L.File, L.Number, L.Text), L.Number,
                               int64_t(L.Steps)});
  const std::vector<verify::NamedText> *Before = nullptr;
  for (const ToldStep &T : J.Details->Way) {
    bool New = !Before || *Before != T.Step.Variables;
    Steps.push_back(stepOf(T, New, S));
    Before = &T.Step.Variables;
  }
  for (unsigned Bytes : J.Stats.Stack)
    Stack.push_back(Bytes);
  return json::Object{{"file", json::fixUTF8(sys::path::filename(Row.File))},
                      {"program", json::fixUTF8(J.Program)},
                      {"kernel", target::toString(J.Kernel)},
                      {"verdict", verdictName(J.Verdict)},
                      {"insns", int64_t(J.Stats.Processed)},
                      {"states", int64_t(J.Stats.States)},
                      {"peak", int64_t(J.Stats.PeakStates)},
                      {"size", int64_t(J.Insts)},
                      {"stack", std::move(Stack)},
                      {"heat", std::move(Heat)},
                      {"steps", std::move(Steps)},
                      {"leftOut", int64_t(J.Details->LeftOut)},
                      {"finding", findingOf(J, S)}};
}

std::string htmlReport(const CheckReport &R) {
  Sources S;
  json::Array Rows;
  std::vector<std::string> Names;
  for (const CheckReport::Row &Row : R.Rows) {
    Rows.push_back(rowOf(Row, S));
    std::string Name = sys::path::filename(Row.File).str();
    if (Names.empty() || Names.back() != Name)
      Names.push_back(std::move(Name));
  }
  json::Value Data = json::Object{{"about", json::fixUTF8(join(Names, ", "))},
                                  {"version", BPFCC_VERSION},
                                  {"rows", std::move(Rows)},
                                  {"sources", S.lines()}};
  std::string Text = formatv("{0}", Data).str();
  // Inside of strings alone: no text of the program ends the element.
  std::string Safe;
  for (char C : Text)
    if (C == '<')
      Safe += "\\u003c";
    else
      Safe += C;
  auto [Before, After] = StringRef(ReportPage).split("@DATA@");
  return (Before + Safe + After).str();
}

} // namespace bpfcc::tools

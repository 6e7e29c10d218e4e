// `bpfcc check --compare old.csv`: each program beside what it was. The columns
// are found by the names in the file's first line, so that files of veristat
// can be read, too; those have no kernel.

#include "tools/bpfcc/CheckReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace bpfcc::tools {

namespace {
struct Old {
  std::string File, Program, Kernel, Verdict;
  uint64_t Insns = 0, States = 0;
  bool Seen = false;
};
} // namespace

static Error readNumber(StringRef Text, uint64_t &Into, StringRef Name,
                        int64_t Line) {
  if (!Text.getAsInteger(10, Into))
    return Error::success();
  return diagError(DiagCode::BadOption, {Name.str(), unsigned(Line), 0},
                   "`" + Text.str() + "` is not a number");
}

static Error readOld(StringRef Name, std::vector<Old> &Rows) {
  auto Buffer = MemoryBuffer::getFile(Name, /*IsText=*/true);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, Name,
                     Buffer.getError().message());
  line_iterator Line(**Buffer);
  SmallVector<StringRef, 16> Columns;
  if (!Line.is_at_end())
    Line->split(Columns, ',');
  for (StringRef Needed : {"prog_name", "verdict", "total_insns"})
    if (!is_contained(Columns, Needed))
      return withHelp(diagError(DiagCode::BadOption, {Name.str(), 1, 0},
                                "there is no column `" + Needed.str() + "`"),
                      "`bpfcc check --format=csv` and `veristat -o csv` write "
                      "such files");
  for (++Line; !Line.is_at_end(); ++Line) {
    SmallVector<StringRef, 16> Fields;
    Line->split(Fields, ',');
    if (Fields.size() != Columns.size())
      return diagError(DiagCode::BadOption,
                       {Name.str(), unsigned(Line.line_number()), 0},
                       formatv("this line has {0} fields, the first has {1}",
                               Fields.size(), Columns.size())
                           .str());
    Old Row;
    for (auto [Column, Field] : zip(Columns, Fields)) {
      if (Column == "file_name")
        Row.File = Field.str();
      else if (Column == "prog_name")
        Row.Program = Field.str();
      else if (Column == "kernel")
        Row.Kernel = Field.str();
      else if (Column == "verdict")
        Row.Verdict = StringSwitch<StringRef>(Field)
                          .Case("success", "accepted")
                          .Case("failure", "rejected")
                          .Default(Field)
                          .str();
      else if (Column == "total_insns" || Column == "total_states")
        if (Error E = readNumber(
                Field, Column == "total_insns" ? Row.Insns : Row.States, Name,
                Line.line_number()))
          return E;
    }
    Rows.push_back(std::move(Row));
  }
  return Error::success();
}

/// That of the same file; else the only one of that name.
static Old *findOld(std::vector<Old> &Rows, const CheckReport::Row &New) {
  Old *Found = nullptr;
  bool Several = false;
  for (Old &O : Rows) {
    if (O.Program != New.J.Program ||
        (!O.Kernel.empty() && O.Kernel != target::toString(New.J.Kernel)))
      continue;
    if (O.File == sys::path::filename(New.File))
      return &O;
    Several |= Found != nullptr;
    Found = &O;
  }
  return Several ? nullptr : Found;
}

/// `15 -> 18 (+20.0 %)`; one number if nothing changed.
static std::string change(uint64_t Before, uint64_t After) {
  if (Before == After)
    return utostr(After);
  std::string Text = formatv("{0} -> {1}", Before, After).str();
  raw_string_ostream OS(Text);
  if (Before)
    OS << format(" (%+.1f %%)",
                 100 * (double(After) - double(Before)) / double(Before));
  return Text;
}

static std::string change(StringRef Before, StringRef After) {
  return Before == After ? After.str() : (Before + " -> " + After).str();
}

Error printComparison(raw_ostream &OS, const CheckReport &R,
                      StringRef Baseline) {
  std::vector<Old> Rows;
  if (Error E = readOld(Baseline, Rows))
    return E;
  size_t Width = 7;
  for (const CheckReport::Row &Row : R.Rows)
    Width = std::max(Width, Row.J.Program.size());
  for (const Old &O : Rows)
    Width = std::max(Width, O.Program.size());
  auto Line = [&](StringRef Program, StringRef Kernel, StringRef Verdict,
                  StringRef Insns, StringRef States) {
    std::string Text;
    raw_string_ostream Out(Text);
    Out << left_justify(Program, Width) << "  " << left_justify(Kernel, 6)
        << "  " << left_justify(Verdict, 20) << "  " << left_justify(Insns, 26)
        << "  " << States;
    OS << StringRef(Text).rtrim() << '\n';
  };
  Line("program", "kernel", "verdict", "insns", "states");
  for (const CheckReport::Row &Row : R.Rows) {
    const Judgement &J = Row.J;
    std::string Kernel = target::toString(J.Kernel);
    StringRef Verdict = verdictName(J.Verdict);
    if (Old *O = findOld(Rows, Row)) {
      O->Seen = true;
      Line(J.Program, Kernel, change(O->Verdict, Verdict),
           change(O->Insns, J.Stats.Processed),
           change(O->States, J.Stats.States));
    } else {
      Line(J.Program, Kernel, (Verdict + " (new)").str(),
           utostr(J.Stats.Processed), utostr(J.Stats.States));
    }
  }
  for (const Old &O : Rows)
    if (!O.Seen)
      Line(O.Program, O.Kernel, "gone", "", "");
  return Error::success();
}

} // namespace bpfcc::tools

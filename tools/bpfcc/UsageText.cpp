#include "tools/bpfcc/UsageText.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace bpfcc::tools {

using namespace llvm;

static void append(std::string &Text, StringRef More) {
  if (!Text.empty() && !More.empty())
    Text += ' ';
  Text += More;
}

/// `  TERM  text`: two spaces in front, and two or more behind the term.
static UsageText::Item readRow(StringRef Line) {
  StringRef Row = Line.drop_front(2);
  size_t End = Row.find("  ");
  if (End == StringRef::npos)
    return {Row.str(), {}};
  return {Row.take_front(End).str(), Row.drop_front(End).trim().str()};
}

UsageText readUsage(StringRef Text) {
  UsageText Usage;
  bool AfterBlank = true, InSynopsis = false;
  for (StringRef Line : split(Text, '\n')) {
    if (Line.empty()) {
      AfterBlank = true;
      InSynopsis = false;
      continue;
    }
    if (Line.consume_front("usage: ") || InSynopsis) {
      Usage.Synopsis.push_back(Line.trim().str());
      InSynopsis = true;
      continue;
    }
    size_t Indent = Line.find_first_not_of(' ');
    bool Continues = !AfterBlank && !Usage.Items.empty();
    if (Indent == 2)
      Usage.Items.push_back(readRow(Line));
    else if (Continues && (Indent > 2) == !Usage.Items.back().Term.empty())
      append(Usage.Items.back().Text, Line.trim());
    else
      Usage.Items.push_back({{}, Line.trim().str()});
    AfterBlank = false;
  }
  return Usage;
}

std::vector<std::string> wordsOf(const UsageText::Item &I) {
  std::vector<std::string> Words;
  for (StringRef Part : split(StringRef(I.Term), ", ")) {
    StringRef Word = Part.split(' ').first;
    size_t Equals = Word.find('=');
    // `-mcpu=v1..v4` takes a value; `[--json]` is no word of its own.
    if (Equals != StringRef::npos)
      Word = Word.take_front(Equals + 1);
    if (!Word.empty() && (Word.front() == '-' || isLower(Word.front())))
      Words.push_back(Word.str());
  }
  return Words;
}

} // namespace bpfcc::tools

// `bpfcc --complete WORD...`: what the last word may become, one a line, with a
// tab and a help text behind it. The shells' completions ask this, so that they
// know what each command's --help says, and clang's own table of options.

#include "support/ExitCode.h"
#include "tools/bpfcc/Describe.h"
#include "tools/bpfcc/UsageText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc::tools {

using namespace llvm;

static void offer(StringRef Word, StringRef Typed, StringRef Help) {
  if (Word.starts_with(Typed))
    outs() << Word << '\t' << Help << '\n';
}

static void offerRows(const char *Usage, StringRef Typed, bool Options) {
  for (const UsageText::Item &I : readUsage(Usage).Items)
    for (const std::string &Word : wordsOf(I))
      if (StringRef(Word).starts_with("-") == Options)
        offer(Word, Typed, I.Text);
}

int printCompletions(ArrayRef<CommandRow> Commands, Arguments Words) {
  StringRef Typed = Words.empty() ? "" : Words.back();
  bool First = Words.size() <= 1;
  bool IsOption = Typed.starts_with("-");
  if (First && !IsOption)
    for (const CommandRow &C : Commands)
      if (*C.Synopsis)
        offer(C.Name, Typed, C.Help);
  const CommandRow *Of = First ? nullptr : find_if(Commands, [&](auto &C) {
    return StringRef(Words.front()) == C.Name;
  });
  if (Of && Of != Commands.end()) {
    if (Of->Usage && (IsOption || Words.size() == 2))
      offerRows(Of->Usage(), Typed, IsOption);
    return ExitOk;
  }
  if (!IsOption)
    return ExitOk;
  offerRows(compileUsage(), Typed, /*Options=*/true);
  std::string Ask = "--autocomplete=" + Typed.str();
  return compileCommand(Ask.c_str());
}

} // namespace bpfcc::tools

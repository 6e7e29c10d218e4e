// `bpfcc explain BPF0301`: the page of docs/codes about a diagnostic.

#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/ExplainPages.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace bpfcc::tools {

static constexpr const char *Usage =
    "usage: bpfcc explain [CODE...]\n\n"
    "Says what a diagnostic means, with a program that has the mistake and "
    "one that\nhas not. A code is written as in messages (BPF0301) or as a "
    "number (301).\nWithout a code, lists all.\n";

/// The page for `BPF0301`, `bpf301` or `301`; null if there is none.
static const Page *findPage(StringRef Word) {
  Word.consume_front_insensitive("bpf");
  unsigned Number;
  if (Word.getAsInteger(10, Number))
    return nullptr;
  const Page *Found = find_if(pages(), [&](const Page &P) {
    unsigned Other;
    return !P.Code.drop_front(3).getAsInteger(10, Other) && Other == Number;
  });
  return Found == pages().end() ? nullptr : Found;
}

static void list(raw_ostream &OS) {
  for (const Page &P : pages())
    OS << P.Text.split('\n').first.ltrim("# ") << '\n';
}

static Error explain(Arguments Args) {
  bool First = true;
  for (StringRef Word : Args) {
    const Page *P = findPage(Word);
    if (!P)
      return withHelp(diagError(DiagCode::BadOption, {},
                                "there is no code `" + Word.str() + "`"),
                      "`bpfcc explain` lists them");
    outs() << (First ? "" : "\n") << P->Text;
    First = false;
  }
  return Error::success();
}

const char *explainUsage() { return Usage; }

int explainCommand(Arguments Args) {
  if (Args.empty()) {
    list(outs());
    return ExitOk;
  }
  if (is_contained({"--help", "-h"}, StringRef(Args.front()))) {
    outs() << Usage;
    return ExitOk;
  }
  return reportErrors(errs(), explain(Args));
}

} // namespace bpfcc::tools

#include "tools/bpfcc/Describe.h"
#include "tools/bpfcc/UsageText.h"

#include "llvm/Support/raw_ostream.h"

namespace bpfcc::tools {

using namespace llvm;

/// Text for man: no line of it is a request, and hyphens stay what they are.
static std::string escape(StringRef Text) {
  std::string Out;
  if (Text.starts_with(".") || Text.starts_with("'"))
    Out = "\\&";
  for (char C : Text) {
    if (C == '\\')
      Out += "\\e";
    else if (C == '-')
      Out += "\\-";
    else
      Out += C;
  }
  return Out;
}

static void printItems(raw_ostream &OS, const UsageText &Usage) {
  for (const UsageText::Item &I : Usage.Items) {
    if (I.Term.empty())
      OS << ".PP\n" << escape(I.Text) << '\n';
    else
      OS << ".TP\n.B " << escape(I.Term) << '\n' << escape(I.Text) << '\n';
  }
}

static void printUsage(raw_ostream &OS, const char *Text) {
  UsageText Usage = readUsage(Text);
  for (const std::string &Line : Usage.Synopsis)
    OS << ".PP\n.B " << escape(Line) << '\n';
  printItems(OS, Usage);
}

void printManPage(raw_ostream &OS, ArrayRef<CommandRow> Commands) {
  OS << ".TH BPFCC 1 \"\" \"bpfcc " BPFCC_VERSION "\" \"User Commands\"\n"
     << ".SH NAME\nbpfcc \\- eBPF compiler toolchain\n.SH SYNOPSIS\n"
     << ".B bpfcc\n.IR FILE... \" \" \\-o \" \" FILE.o \" \" [options]\n.br\n"
     << ".B bpfcc\n.I COMMAND\n[arguments]\n.SH COMPILING\n";
  printItems(OS, readUsage(compileUsage()));
  OS << ".SH COMMANDS\n";
  for (const CommandRow &C : Commands) {
    if (!*C.Synopsis)
      continue;
    OS << ".SS " << C.Name << '\n';
    if (C.Usage)
      printUsage(OS, C.Usage());
    else
      OS << C.Help << ".\n";
  }
  OS << ".SH ENVIRONMENT\n.TP\n.B BPFCC_CACHE\nwhere parsed headers are kept; "
        "empty: nowhere.\n"
     << ".SH EXIT STATUS\n.TP\n.B 0\ndone\n.TP\n.B 1\nthe input is wrong; a "
        "diagnostic says where\n.TP\n.B 2\na bug in bpfcc; please report it "
        "with the command line\n.TP\n.B 64\nthe command line is wrong\n";
}

} // namespace bpfcc::tools

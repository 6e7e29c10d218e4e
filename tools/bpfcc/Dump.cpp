// `bpfcc dump x.o`: what an object says, in words.

#include "backend/btf/BtfText.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/DumpFile.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace bpfcc::tools {

namespace {
struct DumpOptions {
  std::string File;
  std::string Section;
  bool Btf = false;
  bool Relocs = false;
  bool NoSource = false;
  bool NoCode = false;
  bool Help = false;
};
} // namespace

const char *dumpUsage() {
  return "usage: bpfcc dump FILE.o [options]\n\n"
         "Prints the functions of a BPF object of any compiler: instructions "
         "with the\nnames of maps, variables, functions and helpers, the "
         "source line where it\nchanges, and what CO-RE relocations ask for. "
         "Numbers count instructions of 8\nbytes from the start of the "
         "function; L marks where jumps lead.\n\n"
         "  --btf             print the types too, one a line with its id\n"
         "  --relocs          print the relocations too, in words\n"
         "  --section=NAME    code and relocations of this section alone\n"
         "  --no-source       leave out source lines\n"
         "  --no-code         leave out the code\n"
         "  --help            show this text\n";
}

static Error bad(const Twine &What) {
  return diagError(DiagCode::BadOption, {}, What.str());
}

static Expected<DumpOptions> parse(Arguments Args) {
  static constexpr std::pair<const char *, bool DumpOptions::*> Flags[] = {
      {"--btf", &DumpOptions::Btf},
      {"--relocs", &DumpOptions::Relocs},
      {"--no-source", &DumpOptions::NoSource},
      {"--no-code", &DumpOptions::NoCode},
      {"--help", &DumpOptions::Help},
      {"-h", &DumpOptions::Help},
  };
  DumpOptions O;
  while (!Args.empty()) {
    StringRef Arg = Args.front();
    Args = Args.drop_front();
    auto *Flag = find_if(Flags, [&](auto &F) { return F.first == Arg; });
    if (Flag != std::end(Flags)) {
      O.*Flag->second = true;
    } else if (Arg.consume_front("--section=")) {
      O.Section = Arg.str();
    } else if (Arg == "--section") {
      if (Args.empty())
        return bad("`--section` needs a name");
      O.Section = Args.front();
      Args = Args.drop_front();
    } else if (Arg.starts_with("-")) {
      return bad("unknown option `" + Arg + "`");
    } else if (!O.File.empty()) {
      return bad("one object at a time: `" + Arg + "` is too many");
    } else {
      O.File = Arg.str();
    }
  }
  if (O.Help)
    return O;
  if (O.File.empty())
    return bad("no object given");
  if (O.NoCode && !O.Btf && !O.Relocs)
    return bad("`--no-code` leaves nothing to print without `--btf` or "
               "`--relocs`");
  return O;
}

static Error checkSection(const DumpFile &F, const DumpOptions &O) {
  if (O.Section.empty() || F.object().findSection(O.Section))
    return Error::success();
  std::string Names;
  for (const CodePiece &P : F.pieces())
    if (P.Start == 0)
      Names += (Names.empty() ? " `" : ", `") +
               F.object().Sections[P.Section].Name + "`";
  return bad("`" + O.File + "` has no section `" + O.Section + "`" +
             (Names.empty() ? "" : "; its code is in" + Names));
}

void dumpTypes(raw_ostream &OS, const DumpFile &F) {
  const BtfFile &B = F.btf();
  if (B.Types.size() == 1) {
    OS << "no types\n";
    return;
  }
  OS << "types\n";
  for (uint32_t Id = 1; Id != B.Types.size(); ++Id) {
    OS << "  [" << Id << "] ";
    printText(OS, describeType(B, Id));
    OS << '\n';
  }
}

static void print(raw_ostream &OS, const DumpFile &F, const DumpOptions &O) {
  bool First = true;
  auto Separate = [&] {
    if (!First)
      OS << '\n';
    First = false;
  };
  if (!O.NoCode) {
    Separate();
    dumpCode(OS, F, O.Section, !O.NoSource);
  }
  if (O.Relocs) {
    Separate();
    dumpRelocations(OS, F, O.Section);
  }
  if (O.Btf) {
    Separate();
    dumpTypes(OS, F);
  }
}

int dumpCommand(Arguments Args) {
  auto O = parse(Args);
  if (!O) {
    reportErrors(errs(), O.takeError());
    errs() << dumpUsage();
    return ExitUsage;
  }
  if (O->Help) {
    outs() << dumpUsage();
    return ExitOk;
  }
  auto F = DumpFile::open(O->File);
  if (!F)
    return reportErrors(errs(), F.takeError());
  if (Error E = checkSection(*F, *O))
    return reportErrors(errs(), std::move(E));
  print(outs(), *F, *O);
  return ExitOk;
}

} // namespace bpfcc::tools

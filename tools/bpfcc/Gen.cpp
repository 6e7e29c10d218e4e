// `bpfcc gen KIND FILE`: what build systems make of an object besides loading
// it.

#include "tools/gen/Gen.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "support/OutputFile.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/GenHeaders.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace bpfcc::tools {

namespace {
struct GenOptions {
  std::string Kind, File, Name, Output = "-", Package = "main";
  std::vector<std::string> Objects; ///< of min-core-btf
  bool Light = false, Help = false;
};

struct Generator {
  StringLiteral Kind;
  Expected<std::string> (*Run)(const gen::Model &);
};
} // namespace

static constexpr Generator Generators[] = {
    {"skeleton", gen::skeleton},
    {"subskeleton", gen::subskeleton},
    {"json", gen::json},
    {"rust", gen::rust},
    {"go", nullptr}, // takes a package
};

const char *genUsage() {
  return "usage: bpfcc gen KIND FILE [name NAME] [options]\n\n"
         "  skeleton FILE.o      C and C++ header that opens, loads and "
         "attaches it by\n"
         "                       libbpf, as bpftool's\n"
         "  subskeleton FILE.o   header for the library's part of a linked "
         "object\n"
         "  json FILE.o          programs, maps, variables and types\n"
         "  go FILE.o            bindings for github.com/cilium/ebpf, as "
         "bpf2go's\n"
         "  rust FILE.o          a module for aya and libbpf-rs\n"
         "  vmlinux FILE         C header of the types in a kernel's BTF: raw, "
         "or ELF\n"
         "  min-core-btf KERNEL OUTPUT FILE.o...\n"
         "                       those of a kernel's types that the objects' "
         "CO-RE relocations\n"
         "                       need, as raw BTF\n"
         "  headers FOLDER       the headers in the box as files, for "
         "editors\n\n"
         "  name NAME            name in C; default: the file's, without .o\n"
         "  --package NAME       the package in Go; default main\n"
         "  -L, --light          skeleton that needs no libbpf at run time\n"
         "  -o FILE              write there; default: standard output\n"
         "  --help               show this text\n";
}

static Error bad(const Twine &What) {
  return diagError(DiagCode::BadOption, {}, What.str());
}

/// What can stand behind `package` in Go.
static bool isPackage(StringRef Name) {
  static constexpr StringLiteral Keywords[] = {
      "_",       "break", "case",   "chan",        "const",     "continue",
      "default", "defer", "else",   "fallthrough", "for",       "func",
      "go",      "goto",  "if",     "import",      "interface", "map",
      "package", "range", "return", "select",      "struct",    "switch",
      "type",    "var"};
  return !Name.empty() && !isDigit(Name.front()) &&
         all_of(Name, [](char C) { return isAlnum(C) || C == '_'; }) &&
         !is_contained(Keywords, Name);
}

static Expected<GenOptions> parse(Arguments Args) {
  GenOptions O;
  std::vector<StringRef> Words;
  while (!Args.empty()) {
    StringRef Arg = Args.front();
    Args = Args.drop_front();
    if (Arg == "--help" || Arg == "-h") {
      O.Help = true;
      return O;
    }
    if (Arg == "-L" || Arg == "--light" || Arg == "--use-loader") {
      O.Light = true;
    } else if (Arg == "-o" || Arg == "--package") {
      if (Args.empty() || !*Args.front())
        return bad("`" + Arg + "` needs a name behind it");
      (Arg == "-o" ? O.Output : O.Package) = Args.front();
      Args = Args.drop_front();
    } else if (Arg.size() > 1 && Arg.starts_with("-")) {
      return bad("unknown option `" + Arg + "`");
    } else {
      Words.push_back(Arg);
    }
  }
  if (Words.empty())
    return bad("nothing to generate is named");
  O.Kind = Words[0].str();
  if (O.Kind == "min_core_btf")
    O.Kind = "min-core-btf";
  if (!is_contained({"vmlinux", "min-core-btf", "headers"},
                    StringRef(O.Kind)) &&
      none_of(Generators, [&](const Generator &G) { return G.Kind == O.Kind; }))
    return bad("`gen` makes no `" + O.Kind + "`");
  if (!isPackage(O.Package))
    return bad("`" + O.Package + "` is no name of a package");
  if (O.Light && O.Kind != "skeleton")
    return bad("`--light` is for skeletons");
  if (Words.size() < 2)
    return bad("`gen " + O.Kind + "` needs a file");
  O.File = Words[1].str();
  if (O.Kind == "min-core-btf") {
    if (Words.size() < 4)
      return bad("`gen min-core-btf` needs a kernel's BTF, the file to write, "
                 "and objects");
    O.Output = Words[2].str();
    for (StringRef Object : drop_begin(Words, 3))
      O.Objects.push_back(Object.str());
    return O;
  }
  if (Words.size() == 4 && Words[2] == "name" && O.Kind != "vmlinux" &&
      O.Kind != "headers" && !Words[3].empty())
    O.Name = Words[3].str();
  else if (Words.size() > 2)
    return bad("`" + Words[2] +
               "` is too many; behind the file stands at most "
               "`name NAME`");
  return O;
}

static Expected<std::string> generate(const GenOptions &O) {
  if (O.Kind == "vmlinux")
    return gen::vmlinux(O.File);
  if (O.Kind == "min-core-btf")
    return gen::minCoreBtf(O.File, O.Objects);
  auto M = gen::readModel(O.File, O.Name);
  if (!M)
    return M.takeError();
  if (O.Kind == "go")
    return gen::go(*M, O.Package);
  if (O.Light)
    return gen::lightSkeleton(*M);
  return find_if(Generators,
                 [&](const Generator &G) { return G.Kind == O.Kind; })
      ->Run(*M);
}

int genCommand(Arguments Args) {
  auto O = parse(Args);
  if (!O) {
    reportErrors(errs(), O.takeError());
    errs() << genUsage();
    return ExitUsage;
  }
  if (O->Help) {
    outs() << genUsage();
    return ExitOk;
  }
  if (O->Kind == "headers")
    return reportErrors(errs(), writeHeaders(O->File));
  auto Text = generate(*O);
  if (!Text)
    return reportErrors(errs(), Text.takeError());
  return reportErrors(errs(), writeOutput(O->Output, *Text));
}

} // namespace bpfcc::tools

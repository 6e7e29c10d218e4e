#include "tools/bpfcc/CheckOptions.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace bpfcc::tools {

const char *checkUsage() {
  return "usage: bpfcc check FILE.o... [options]\n\n"
         "Follows every path of each program as the kernel's verifier does, "
         "and says\nwhether that kernel would load it, and why not. Nothing "
         "is loaded; no root.\n\n"
         "  -mkernel=VERSION,...  the kernels (default 6.12)\n"
         "  --btf FILE            the kernel's types: BTF, or vmlinux with it "
         "(default:\n"
         "                        this machine's, where it is the kernel that "
         "is asked for)\n"
         "  --prog NAME           this program alone\n"
         "  --explain-path        prints the way to each finding, instruction "
         "by\n"
         "                        instruction with registers and stack, as "
         "the kernel's log\n"
         "  --strict-alignment    as machines that need aligned accesses "
         "load it\n"
         "  --format=FORMAT       text: a table; csv: veristat's columns; "
         "json;\n"
         "                        sarif: SARIF 2.1.0\n"
         "  --html FILE           writes a page with the source, the "
         "verifier's steps by\n"
         "                        line, and the ways to findings step by "
         "step\n"
         "  --compare FILE.csv    beside what --format=csv or veristat wrote "
         "before\n"
         "  --max-insns N         at most N instructions followed, N states "
         "kept,\n"
         "  --max-states N        N bytes of stack along calls: a program "
         "that\n"
         "  --max-stack N         needs more is an error\n"
         "  --help                show this text\n\n"
         "Exit status: 0 if all programs are accepted and within the "
         "budgets, 1 if one is\nnot or cannot be judged.\n";
}

static Error bad(const Twine &What) {
  return diagError(DiagCode::BadOption, {}, What.str());
}

static Error readKernels(StringRef List, CheckOptions &O) {
  SmallVector<StringRef, 4> Names;
  List.split(Names, ',');
  for (StringRef Name : Names) {
    auto V = target::parseKernelVersion(Name);
    if (!V || !target::isRelease(*V))
      return diagError(DiagCode::UnknownKernel, {}, List,
                       "`" + Name.str() + "` is no release of Linux");
    O.Kernels.push_back(*V);
  }
  return Error::success();
}

static Error readFormat(StringRef Name, CheckOptions &O) {
  if (Name == "text")
    O.Format = CheckFormat::Text;
  else if (Name == "csv")
    O.Format = CheckFormat::Csv;
  else if (Name == "json")
    O.Format = CheckFormat::Json;
  else if (Name == "sarif")
    O.Format = CheckFormat::Sarif;
  else
    return bad("`" + Name + "`: the formats are text, csv, json and sarif");
  return Error::success();
}

namespace {
/// Options that take a value, as `--name value` or `--name=value`.
struct Valued {
  const char *Name;
  Error (*Take)(StringRef Value, CheckOptions &O);
};
} // namespace

template <std::optional<uint64_t> CheckOptions::*Member>
static Error readBudget(StringRef Value, CheckOptions &O) {
  uint64_t N;
  if (Value.getAsInteger(10, N))
    return bad("`" + Value + "` is not a number");
  O.*Member = N;
  return Error::success();
}

static constexpr Valued ValuedOptions[] = {
    {"--prog",
     [](StringRef Value, CheckOptions &O) -> Error {
       O.Program = Value.str();
       return Error::success();
     }},
    {"--btf",
     [](StringRef Value, CheckOptions &O) -> Error {
       O.Btf = Value.str();
       return Error::success();
     }},
    {"--compare",
     [](StringRef Value, CheckOptions &O) -> Error {
       O.Baseline = Value.str();
       return Error::success();
     }},
    {"--html",
     [](StringRef Value, CheckOptions &O) -> Error {
       O.Html = Value.str();
       return Error::success();
     }},
    {"--format", readFormat},
    {"--max-insns", readBudget<&CheckOptions::MaxInsns>},
    {"--max-states", readBudget<&CheckOptions::MaxStates>},
    {"--max-stack", readBudget<&CheckOptions::MaxStack>},
};

/// Reads the first of \p Args and its value, if it is a valued option.
static Expected<bool> readValued(Arguments &Args, CheckOptions &O) {
  auto [Name, Value] = StringRef(Args.front()).split('=');
  for (const Valued &V : ValuedOptions) {
    if (Name != V.Name)
      continue;
    bool Joined = StringRef(Args.front()).contains('=');
    if (!Joined && Args.size() < 2)
      return bad("`" + Name + "` needs a value");
    if (Error E = V.Take(Joined ? Value : StringRef(Args[1]), O))
      return std::move(E);
    Args = Args.drop_front(Joined ? 1 : 2);
    return true;
  }
  return false;
}

Expected<CheckOptions> parseCheckOptions(Arguments Args) {
  CheckOptions O;
  while (!Args.empty()) {
    auto Taken = readValued(Args, O);
    if (!Taken)
      return Taken.takeError();
    if (*Taken)
      continue;
    StringRef Arg = Args.front();
    Args = Args.drop_front();
    if (Arg == "--help" || Arg == "-h") {
      O.Help = true;
      return O;
    }
    if (Arg.consume_front("-mkernel=")) {
      if (Error E = readKernels(Arg, O))
        return std::move(E);
    } else if (Arg == "--strict-alignment") {
      O.StrictAlignment = true;
    } else if (Arg == "--explain-path") {
      O.ExplainPath = true;
    } else if (Arg.starts_with("-")) {
      return bad("unknown option `" + Arg + "`");
    } else {
      O.Files.push_back(Arg.str());
    }
  }
  if (O.Files.empty())
    return bad("no object given");
  if (O.ExplainPath && (O.Format != CheckFormat::Text || !O.Baseline.empty()))
    return bad("`--explain-path` prints text, with no other format");
  if (O.Kernels.empty())
    O.Kernels.push_back({6, 12});
  return O;
}

} // namespace bpfcc::tools

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
         "  --strict-alignment    as machines that need aligned accesses "
         "load it\n"
         "  --format=text|csv     a table, or veristat's columns\n"
         "  --help                show this text\n\n"
         "Exit status: 0 if all programs are accepted, 1 if one is not or "
         "cannot be judged.\n";
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

Expected<CheckOptions> parseCheckOptions(Arguments Args) {
  CheckOptions O;
  while (!Args.empty()) {
    StringRef Arg = Args.front();
    Args = Args.drop_front();
    auto Value = [&](StringRef Name, std::string &Into) -> Error {
      if (Args.empty())
        return bad("`" + Name + "` needs a value");
      Into = Args.front();
      Args = Args.drop_front();
      return Error::success();
    };
    if (Arg == "--help" || Arg == "-h") {
      O.Help = true;
      return O;
    }
    if (Arg.consume_front("-mkernel=")) {
      if (Error E = readKernels(Arg, O))
        return std::move(E);
    } else if (Arg.consume_front("--prog=")) {
      O.Program = Arg.str();
    } else if (Arg == "--prog") {
      if (Error E = Value(Arg, O.Program))
        return std::move(E);
    } else if (Arg.consume_front("--btf=")) {
      O.Btf = Arg.str();
    } else if (Arg == "--btf") {
      if (Error E = Value(Arg, O.Btf))
        return std::move(E);
    } else if (Arg == "--strict-alignment") {
      O.StrictAlignment = true;
    } else if (Arg == "--format=csv" || Arg == "--format=text") {
      O.Csv = Arg == "--format=csv";
    } else if (Arg.starts_with("--format=")) {
      return bad("`" + Arg + "`: the formats are text and csv");
    } else if (Arg.starts_with("-")) {
      return bad("unknown option `" + Arg + "`");
    } else {
      O.Files.push_back(Arg.str());
    }
  }
  if (O.Files.empty())
    return bad("no object given");
  if (O.Kernels.empty())
    O.Kernels.push_back({6, 12});
  return O;
}

} // namespace bpfcc::tools

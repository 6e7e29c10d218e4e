// superopt mine [--least N] [--write FILE] OBJECT...
// superopt prove
//
// `mine` looks for rows of backend/finish/rules.def in the code of objects: it
// takes the short sequences that occur N times or more (3), searches for less
// code that computes the same, and prints what it proves; with --write it puts
// the rows at the end of FILE, to be reviewed by docs/rules.md and named.
// `prove` proves the rows of this build.

#include "backend/finish/Rules.h"
#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "support/OutputFile.h"
#include "tools/superopt/Prover.h"
#include "tools/superopt/Search.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace bpfcc;
using namespace bpfcc::superopt;

namespace {

struct Options {
  unsigned Least = 3;
  std::string Write;
  std::vector<std::string> Objects;
};

llvm::Error badOption(const llvm::Twine &Message) {
  return diagError(DiagCode::BadOption, {}, Message.str());
}

llvm::Expected<Options> parseOptions(llvm::ArrayRef<llvm::StringRef> Args) {
  Options O;
  while (!Args.empty()) {
    llvm::StringRef Arg = Args.consume_front();
    const bool IsLeast = Arg == "--least";
    if (IsLeast || Arg == "--write") {
      if (Args.empty())
        return badOption("`" + Arg + "` wants a value");
      llvm::StringRef Value = Args.consume_front();
      if (IsLeast && Value.getAsInteger(10, O.Least))
        return badOption("--least wants a number");
      if (!IsLeast)
        O.Write = Value.str();
    } else if (Arg.starts_with("-"))
      return badOption("unknown option `" + Arg + "`");
    else
      O.Objects.push_back(Arg.str());
  }
  if (O.Objects.empty())
    return badOption("mine wants objects");
  return O;
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readFile(const std::string &Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, Path,
                     Buffer.getError().message());
  return std::move(*Buffer);
}

std::string rows(llvm::ArrayRef<FoundRule> Found) {
  std::string Text;
  unsigned Number = 0;
  for (const FoundRule &F : Found)
    Text += llvm::formatv("// In {0} place{6}.\n"
                          "RULE(Unnamed{1}, \"{2}\",\n     \"{3}\", \"{4}\", "
                          "{5})\n",
                          F.Count, ++Number, F.Before, F.After, F.Condition,
                          F.Cpu, F.Count == 1 ? "" : "s")
                .str();
  return Text;
}

llvm::Error write(const std::string &Path, llvm::StringRef Rows) {
  auto Old = readFile(Path);
  if (!Old)
    return Old.takeError();
  llvm::StringRef Text = (*Old)->getBuffer();
  size_t End = Text.find("#undef RULE");
  if (End == llvm::StringRef::npos)
    End = Text.size();
  return writeOutput(
      Path, (Text.take_front(End) + Rows + "\n" + Text.drop_front(End)).str());
}

llvm::Error mine(const Options &O) {
  Windows All;
  for (const std::string &Path : O.Objects) {
    auto Buffer = readFile(Path);
    if (!Buffer)
      return Buffer.takeError();
    auto Obj = readElf(llvm::ArrayRef((*Buffer)->getBuffer().bytes_begin(),
                                      (*Buffer)->getBuffer().bytes_end()),
                       Path);
    if (!Obj)
      return Obj.takeError();
    if (llvm::Error E = addWindows(*Obj, Path, All))
      return E;
  }
  const std::string Rows = rows(findRules(All, O.Least));
  if (!O.Write.empty())
    return write(O.Write, Rows);
  llvm::outs() << Rows;
  return llvm::Error::success();
}

int proveRows() {
  bool Good = true;
  for (const Rule &R : rules()) {
    const Proof P = prove(R);
    Good &= P.V == Proof::Proved;
    llvm::outs() << R.Name << ": "
                 << (P.V == Proof::Proved    ? "proved"
                     : P.V == Proof::Refuted ? "wrong: "
                                             : "not proved: ")
                 << P.Why << '\n';
  }
  return Good ? ExitOk : ExitUserError;
}

int run(llvm::ArrayRef<llvm::StringRef> Args) {
  const llvm::StringRef Command = Args.empty() ? "" : Args.front();
  if (Command == "prove" && Args.size() == 1)
    return proveRows();
  if (Command != "mine") {
    llvm::errs()
        << "usage: superopt mine [--least N] [--write FILE] OBJECT...\n"
           "       superopt prove\n";
    return ExitUsage;
  }
  auto O = parseOptions(Args.drop_front());
  if (!O) {
    reportErrors(llvm::errs(), O.takeError());
    return ExitUsage;
  }
  llvm::Error E = prove(Rule()).V != Proof::NoProver
                      ? mine(*O)
                      : badOption(prove(Rule()).Why);
  return E ? reportErrors(llvm::errs(), std::move(E)) : ExitOk;
}

} // namespace

int main(int Argc, char **Argv) {
  llvm::SmallVector<llvm::StringRef> Args(Argv + 1, Argv + Argc);
  return run(Args);
}

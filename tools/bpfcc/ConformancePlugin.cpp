// `bpfcc conformance-plugin`: what the bpf_conformance suite runs for each of
// its tests. Bytecode comes in by standard input, r0 goes out:
//
//     $ echo 'b7 00 00 00 2a 00 00 00 95 00 00 00 00 00 00 00' |
//           bpfcc conformance-plugin
//     2a
//
// Memory stands in the first argument; r1 points to it, r2 is its length. The
// suite's helper 5, `unwind`, returns what it gets, and ends the program if
// that is 0, as ubpf's plugin has it.

#include "backend/object/ElfFile.h"
#include "runtime/interp/Instance.h"
#include "runtime/jit/Engine.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Commands.h"
#include "tools/bpfcc/RunOptions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace bpfcc::tools {

namespace {

constexpr uint32_t UnwindHelper = 5;

struct PluginOptions {
  std::vector<uint8_t> Memory;
  std::optional<std::vector<uint8_t>> Code; ///< else of standard input
  EngineKind Jit = EngineKind::Best;
  bool IsElf = false;
  bool Help = false;
};

constexpr const char *Usage =
    "usage: bpfcc conformance-plugin [MEMORY] [options] < CODE\n\n"
    "A plugin for the bpf_conformance suite: runs the bytecode of a line of "
    "hexadecimal\nbytes and prints r0.\n\n"
    "  MEMORY                 hexadecimal bytes that r1 points to, r2 is their "
    "number\n"
    "  --elf [true|false]     CODE is an object with a function `main`\n"
    "  --jit=off|template|llvm\n"
    "                         interpret, compile at once, or compile well\n"
    "  --jit, --interpret     template, off\n"
    "  --program CODE         instead of standard input\n"
    "  --debug                taken and not needed: errors are always said\n";

Error bad(const Twine &What) {
  return diagError(DiagCode::BadOption, {}, What.str());
}

Expected<PluginOptions> parse(Arguments Args) {
  PluginOptions O;
  for (size_t N = 0; N != Args.size(); ++N) {
    StringRef Arg = Args[N];
    bool HasNext = N + 1 != Args.size();
    if (Arg.empty() || Arg == "--debug")
      continue;
    if (Arg == "--help" || Arg == "-h") {
      O.Help = true;
    } else if (Arg == "--jit") {
      O.Jit = EngineKind::Template;
    } else if (Arg == "--interpret") {
      O.Jit = EngineKind::Off;
    } else if (Arg.consume_front("--jit=")) {
      auto Engine = engineByName(Arg);
      if (!Engine)
        return bad("--jit: `" + Arg + "` is none of off, template, llvm");
      O.Jit = *Engine;
    } else if (Arg == "--elf") {
      O.IsElf = !HasNext || StringRef(Args[N + 1]) != "false";
      N += HasNext && is_contained({"true", "false"}, StringRef(Args[N + 1]));
    } else if (Arg == "--program" && HasNext) {
      if (Error E = parseHex(Args[++N], Arg).moveInto(O.Code.emplace()))
        return std::move(E);
    } else if (N == 0 && !Arg.starts_with("-")) {
      if (Error E = parseHex(Arg, "memory").moveInto(O.Memory))
        return std::move(E);
    } else {
      return bad("unknown option `" + Arg +
                 "`; `bpfcc conformance-plugin --help` lists them");
    }
  }
  return std::move(O);
}

Expected<std::vector<uint8_t>> readCode() {
  auto Buffer = MemoryBuffer::getSTDIN();
  if (!Buffer)
    return diagError(DiagCode::CannotOpen, {}, "-",
                     Buffer.getError().message());
  return parseHex((*Buffer)->getBuffer().trim(), "standard input");
}

/// Bytecode alone, as an object of one function.
Object objectOf(std::vector<uint8_t> Code) {
  Object O;
  O.BigEndian = sys::IsBigEndianHost;
  Section Text;
  Text.Name = ".text";
  Text.Flags = ELF::SHF_ALLOC | ELF::SHF_EXECINSTR;
  Text.Align = 8;
  Text.Size = Code.size();
  Text.Data = std::move(Code);
  O.Symbols.push_back(
      {"main", 0, 0, Text.Size, ELF::STB_GLOBAL, ELF::STT_FUNC, 0});
  O.Sections.push_back(std::move(Text));
  return O;
}

Expected<uint64_t> runPlugin(const PluginOptions &O) {
  std::vector<uint8_t> Code;
  if (O.Code)
    Code = *O.Code;
  else if (Error E = readCode().moveInto(Code))
    return std::move(E);
  if (Code.empty())
    return bad("no code given; `bpfcc conformance-plugin --help` shows how");
  Object Obj;
  if (!O.IsElf)
    Obj = objectOf(std::move(Code));
  else if (Error E = readElf(Code, "<stdin>").moveInto(Obj))
    return std::move(E);
  auto P = loadProgram(Obj, "<stdin>");
  if (!P)
    return P.takeError();
  uint32_t Main = findSubprog(*P, "main");
  if (Main == ~0u)
    return diagError(DiagCode::RunError, {}, "there is no function `main`");
  auto I = instantiate(*P);
  if (!I)
    return I.takeError();
  Environment &Env = (*I)->Env;
  bool Unwound = false;
  Env.HostHelpers.push_back(
      {UnwindHelper, "unwind", 1,
       [&](Environment &, ArrayRef<uint64_t> Args) -> Expected<uint64_t> {
         Unwound = Args[0] == 0;
         if (Unwound)
           return diagError(DiagCode::RunError, {}, "the program ends");
         return Args[0];
       }});
  uint64_t Guest = 0;
  if (!O.Memory.empty()) {
    Guest = Env.Mem.add(O.Memory.size(), Memory::ReadWrite, "memory");
    std::copy(O.Memory.begin(), O.Memory.end(), Env.Mem.host(Guest));
  }
  auto Exec = Engine::make(*P, Env, O.Jit);
  if (!Exec)
    return Exec.takeError();
  auto R = Exec->run(Main, {Guest, O.Memory.size()});
  if (R)
    return R->R0;
  if (!Unwound)
    return R.takeError();
  consumeError(R.takeError());
  return 0;
}

} // namespace

int conformancePluginCommand(Arguments Args) {
  auto O = parse(Args);
  if (!O) {
    int Status = reportErrors(errs(), O.takeError());
    return Status == ExitUserError ? int(ExitUsage) : Status;
  }
  if (O->Help) {
    outs() << Usage;
    return ExitOk;
  }
  auto R0 = runPlugin(*O);
  if (!R0)
    return reportErrors(errs(), R0.takeError());
  outs() << format_hex_no_prefix(*R0, 1) << '\n';
  return ExitOk;
}

} // namespace bpfcc::tools

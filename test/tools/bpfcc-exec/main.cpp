// bpfcc-exec FILE.o: runs the subprogram `entry` of an object on the
// interpreter, compiled by templates and, one in eight, compiled by LLVM, which
// takes its time; for the differential tests of plain C programs.
//
// A program that ends early (exit, abort) stores why in the variable of the
// section .data.status and then touches an address where nothing lies, which
// stops the run. Prints one line:
//
//   returned R0 STATUS    the entry returned; STATUS is the variable
//   stopped STATUS        the run stopped after STATUS was set
//   fault MESSAGE         the run stopped and STATUS is 0
//   refused MESSAGE       the object could not be read or loaded
//   differs LINE; LINE    what the interpreter and the compiled code gave

#include "backend/object/ElfFile.h"
#include "runtime/hooks/Context.h"
#include "runtime/interp/Instance.h"
#include "runtime/interp/Interp.h"
#include "runtime/jit/Jit.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

using namespace bpfcc;

static constexpr char StatusSection[] = ".data.status";

static uint64_t statusOf(const Program &P, Instance &I) {
  for (size_t N = 0; N < P.Maps.size(); ++N) {
    if (!llvm::StringRef(P.Maps[N].Name).ends_with(StatusSection))
      continue;
    uint8_t Key[4] = {};
    uint64_t Guest = I.Maps[N]->lookup(Key, 0);
    if (const uint8_t *Host = I.Mem.at(Guest, 8, false))
      return I.Mem.load(Host, 8);
  }
  return 0;
}

static llvm::Expected<std::string> runOnce(const Program &P, uint32_t Entry,
                                           const JitOptions *Options) {
  auto I = instantiate(P);
  if (!I)
    return I.takeError();
  std::vector<uint8_t> Bytes(64);
  Context Ctx((*I)->Env, false, Bytes);
  RunLimits Limits;
  Limits.MaxInsts = 1ull << 30;
  llvm::Expected<RunResult> Result = RunResult();
  if (Options) {
    auto J = Jit::compile(P, (*I)->Env, *Options);
    if (!J)
      return J.takeError();
    Result = (*J)->run(Entry, Ctx.address(), Limits);
  } else {
    Result = interpret(P, Entry, Ctx.address(), (*I)->Env, Limits);
  }
  uint64_t Status = statusOf(P, **I);
  std::string Line;
  llvm::raw_string_ostream OS(Line);
  if (Result) {
    OS << "returned " << llvm::format_hex(Result->R0, 0) << ' '
       << llvm::format_hex(Status, 0);
    return Line;
  }
  std::string Why = takeMessages(Result.takeError());
  if (Status)
    OS << "stopped " << llvm::format_hex(Status, 0);
  else
    OS << "fault " << Why;
  return Line;
}

static llvm::Error execute(llvm::StringRef File) {
  auto Buffer = llvm::MemoryBuffer::getFile(File);
  if (!Buffer)
    return llvm::errorCodeToError(Buffer.getError());
  auto O = readElf(llvm::arrayRefFromStringRef((*Buffer)->getBuffer()), File);
  if (!O)
    return O.takeError();
  auto P = loadProgram(*O, File);
  if (!P)
    return P.takeError();
  uint32_t Entry = findSubprog(*P, "entry");
  if (Entry == ~0u)
    return llvm::createStringError("no subprogram `entry`");
  auto Interpreted = runOnce(*P, Entry, nullptr);
  if (!Interpreted)
    return Interpreted.takeError();
  bool IsSample = llvm::xxh3_64bits((*Buffer)->getBuffer()) % 8 == 0;
  for (bool Optimise : {false, true}) {
    if (Optimise && !IsSample)
      break;
    JitOptions Options;
    Options.Optimise = Optimise;
    auto Compiled = runOnce(*P, Entry, &Options);
    if (!Compiled)
      return Compiled.takeError();
    if (*Interpreted != *Compiled) {
      llvm::outs() << "differs " << *Interpreted << "; " << *Compiled << '\n';
      return llvm::Error::success();
    }
  }
  llvm::outs() << *Interpreted << '\n';
  return llvm::Error::success();
}

int main(int Argc, char **Argv) {
  if (Argc != 2) {
    llvm::errs() << "usage: bpfcc-exec FILE.o\n";
    return 64;
  }
  if (llvm::Error E = execute(Argv[1]))
    llvm::outs() << "refused " << takeMessages(std::move(E)) << '\n';
}

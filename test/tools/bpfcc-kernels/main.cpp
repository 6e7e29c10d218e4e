// bpfcc-kernels FILE.o FILE.so...: measures one function `entry` on the
// interpreter, compiled by templates and by LLVM with and without checks, and
// compiled by the machine's own compiler. Prints one line of JSON for each
// pair: nanoseconds for one run, microseconds until code is ready, sizes. For
// bench/runtime-user.

#include "backend/object/ElfFile.h"
#include "runtime/hooks/Context.h"
#include "runtime/interp/Instance.h"
#include "runtime/interp/Interp.h"
#include "runtime/jit/Jit.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <random>

using namespace bpfcc;

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t JobSize = 32768;
constexpr unsigned Rounds = 25;

double nanoseconds(Clock::time_point From) {
  return std::chrono::duration<double, std::nano>(Clock::now() - From).count();
}

/// Nanoseconds for one call of \p Run: the best of some rounds.
template <class Callable> double timeOf(Callable Run) {
  constexpr double Enough = 200'000; // of one round, in nanoseconds
  uint64_t Count = 1;
  for (;; Count *= 2) {
    auto From = Clock::now();
    for (uint64_t N = 0; N != Count; ++N)
      Run();
    if (nanoseconds(From) > Enough)
      break;
  }
  double Best = 1e18;
  for (unsigned Round = 0; Round != Rounds; ++Round) {
    auto From = Clock::now();
    for (uint64_t N = 0; N != Count; ++N)
      Run();
    Best = std::min(Best, nanoseconds(From) / double(Count));
  }
  return Best;
}

std::vector<uint8_t> input() {
  std::vector<uint8_t> Bytes(JobSize);
  std::mt19937 Random(7);
  for (size_t N = 0; N != JobSize / 2; ++N)
    Bytes[N] = uint8_t(Random());
  return Bytes;
}

/// A program with its maps and its job, in a world of its own.
struct Setting {
  std::unique_ptr<Instance> I;
  std::unique_ptr<Context> Job;
  explicit Setting(const Program &P)
      : I(llvm::cantFail(instantiate(P))),
        Job(std::make_unique<Context>(I->Env, true, input())) {}
};

/// The maps of native code: the addresses of its variables stand for them.
struct NativeMaps {
  Instance *I = nullptr;
  std::vector<std::pair<void *, uint32_t>> Numbers;

  Map &find(void *Handle) {
    for (auto &[Address, Number] : Numbers)
      if (Address == Handle)
        return *I->Maps[Number];
    llvm::report_fatal_error("native code names an unknown map");
  }
};
NativeMaps Native;

void *nativeLookup(void *M, const void *Key) {
  uint64_t Guest = Native.find(M).lookup(static_cast<const uint8_t *>(Key), 0);
  return Guest ? Native.I->Mem.host(Guest) : nullptr;
}
long nativeUpdate(void *M, const void *Key, const void *Value, uint64_t Flags) {
  return Native.find(M).update(static_cast<const uint8_t *>(Key),
                               static_cast<const uint8_t *>(Value), Flags, 0);
}

llvm::Expected<Program> load(llvm::StringRef File) {
  auto Buffer = llvm::MemoryBuffer::getFile(File, false, false);
  if (!Buffer)
    return llvm::errorCodeToError(Buffer.getError());
  auto O = readElf(llvm::arrayRefFromStringRef((*Buffer)->getBuffer()), File);
  if (!O)
    return O.takeError();
  return loadProgram(*O, File);
}

template <class Runner>
double measure(Setting &S, uint32_t Entry, Runner &R, RunResult &First) {
  RunLimits Limits;
  Limits.MaxInsts = ~0ull >> 1;
  auto Run = [&] {
    return llvm::cantFail(R.run(Entry, S.Job->address(), Limits));
  };
  First = Run();
  return timeOf(Run);
}

/// Nanoseconds until code is ready; freeing it does not count.
double compileTime(const Program &P, Environment &Env, bool Optimise) {
  JitOptions Options;
  Options.Optimise = Optimise;
  double Best = 1e18;
  for (unsigned Round = 0; Round != (Optimise ? 1 : 40) * Rounds; ++Round) {
    auto From = Clock::now();
    auto J = Jit::compile(P, Env, Options);
    Best = std::min(Best, nanoseconds(From));
    llvm::cantFail(J.takeError());
  }
  return Best;
}

double measureNative(const Program &P, const char *Library, uint64_t &First) {
  void *Handle = dlopen(Library, RTLD_NOW | RTLD_LOCAL);
  if (!Handle)
    llvm::report_fatal_error(dlerror());
  Setting S(P);
  Native.I = S.I.get();
  Native.Numbers.clear();
  for (uint32_t N = 0; N != P.Maps.size(); ++N)
    if (void *Variable = dlsym(Handle, P.Maps[N].Name.c_str()))
      Native.Numbers.push_back({Variable, N});
  *static_cast<void **>(dlsym(Handle, "bpf_map_lookup_elem")) =
      reinterpret_cast<void *>(nativeLookup);
  *static_cast<void **>(dlsym(Handle, "bpf_map_update_elem")) =
      reinterpret_cast<void *>(nativeUpdate);
  auto Entry = reinterpret_cast<uint64_t (*)(void *)>(dlsym(Handle, "entry"));
  void *Job = S.I->Mem.host(S.Job->address());
  First = Entry(Job);
  return timeOf([&] { Entry(Job); });
}

llvm::Error compare(const char *Object, const char *Library) {
  auto P = load(Object);
  if (!P)
    return P.takeError();
  uint32_t Entry = findSubprog(*P, "entry");
  llvm::json::Object Out;
  RunResult First;
  std::vector<uint64_t> Results;
  for (bool Verified : {false, true}) {
    Setting S(*P);
    Interpreter Interp(*P, S.I->Env, Verified);
    Out[Verified ? "interpreter_unchecked" : "interpreter"] =
        measure(S, Entry, Interp, First);
    Out["executed"] = int64_t(First.Insts);
    Results.push_back(First.R0);
  }
  for (bool Optimise : {false, true})
    for (bool Verified : {false, true}) {
      Setting S(*P);
      JitOptions Options;
      Options.Optimise = Optimise;
      Options.Verified = Verified;
      auto J = Jit::compile(*P, S.I->Env, Options);
      if (!J)
        return J.takeError();
      std::string Name = Optimise ? "llvm_" : "";
      Name += Verified ? "unchecked" : "checked";
      Out[Name] = measure(S, Entry, **J, First);
      Out[Name + "_bytes"] = int64_t((*J)->codeSize());
      Results.push_back(First.R0);
    }
  Results.push_back(0);
  Out["native"] = measureNative(*P, Library, Results.back());
  Out["equal"] = llvm::all_equal(Results);
  Setting S(*P);
  Out["compile"] = compileTime(*P, S.I->Env, false) / 1000;
  Out["llvm_compile"] = compileTime(*P, S.I->Env, true) / 1000;
  size_t Size = 0;
  for (const Subprog &Each : P->Subprogs)
    Size += Each.Insts.size();
  Out["size"] = int64_t(Size);
  llvm::outs() << llvm::json::Value(std::move(Out)) << '\n';
  return llvm::Error::success();
}

} // namespace

int main(int Argc, char **Argv) {
  if (Argc < 3 || Argc % 2 == 0) {
    llvm::errs() << "usage: bpfcc-kernels FILE.o FILE.so...\n";
    return 64;
  }
  for (int N = 1; N != Argc; N += 2)
    if (llvm::Error E = compare(Argv[N], Argv[N + 1])) {
      llvm::errs() << Argv[N] << ": " << takeMessages(std::move(E)) << '\n';
      return 1;
    }
}

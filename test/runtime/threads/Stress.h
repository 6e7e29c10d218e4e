#ifndef BPFCC_TEST_RUNTIME_THREADS_STRESS_H
#define BPFCC_TEST_RUNTIME_THREADS_STRESS_H

#include "backend/object/ElfFile.h"
#include "runtime/interp/Interp.h"
#include "runtime/interp/Worker.h"
#include "support/Diagnostic.h"
#ifdef BPFCC_TEST_JIT
#include "runtime/jit/Jit.h"
#endif

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

#include <chrono>
#include <cstdlib>

namespace bpfcc::test {

inline std::chrono::seconds seconds() {
  const char *Wanted = std::getenv("BPFCC_STRESS_SECONDS");
  return std::chrono::seconds(Wanted ? std::atoi(Wanted) : 1);
}

/// Inputs/stress.c, compiled by the command.
inline Program stressProgram() {
  std::string Source = std::string(std::getenv("BPFCC_SOURCE_DIR")) +
                       "/test/runtime/threads/Inputs/stress.c";
  llvm::SmallString<64> Object;
  if (llvm::sys::fs::createTemporaryFile("stress", "o", Object))
    std::abort();
  llvm::scope_exit Remove([&] { llvm::sys::fs::remove(Object); });
  const char *Command = std::getenv("BPFCC_BIN");
  if (llvm::sys::ExecuteAndWait(Command,
                                {Command, "-O2", "-c", Source, "-o", Object}))
    std::abort();
  auto Buffer = llvm::MemoryBuffer::getFile(Object);
  llvm::StringRef Text = (*Buffer)->getBuffer();
  llvm::ArrayRef Bytes(reinterpret_cast<const uint8_t *>(Text.data()),
                       Text.size());
  auto Read = llvm::cantFail(readElf(Bytes, Object));
  return llvm::cantFail(loadProgram(Read, Object));
}

/// The program, its maps, and what they say.
struct Stress {
  Program P = stressProgram();
  std::unique_ptr<Instance> I = llvm::cantFail(instantiate(P));

  uint32_t subprog(llvm::StringRef Name) const { return findSubprog(P, Name); }
  uint32_t numberOf(llvm::StringRef Name) const { return findMap(P, Name); }
  Map &map(llvm::StringRef Name) const { return *I->Maps[numberOf(Name)]; }

  /// The number of 8 bytes at \p Offset of an element.
  uint64_t word(llvm::StringRef Name, uint32_t Key, unsigned Offset) const {
    auto Value = map(Name).valueForUser(reinterpret_cast<uint8_t *>(&Key));
    return Value.size() < Offset + 8 ? 0 : I->Mem.load(&Value[Offset], 8);
  }
  uint64_t sumOfCpus(llvm::StringRef Name, uint32_t Key) const {
    uint64_t Sum = 0;
    for (unsigned Cpu = 0; Cpu != I->Env.Cpus; ++Cpu)
      Sum += word(Name, Key, 8 * Cpu);
    return Sum;
  }
  uint64_t sum(llvm::StringRef Name) const {
    uint64_t Sum = 0;
    for (uint32_t Key = 0; Key != map(Name).def().MaxEntries; ++Key)
      Sum += word(Name, Key, 0);
    return Sum;
  }
  uint64_t variable(llvm::StringRef Name) const {
    for (const Program::Variable &V : P.Variables)
      if (V.Name == Name)
        return word(P.Maps[V.Map].Name, 0, unsigned(V.Offset));
    return ~0ull;
  }
};

/// What a worker runs programs with.
class Runner {
public:
  Runner(const Program &P, Environment &Env, bool Compiled) {
#ifdef BPFCC_TEST_JIT
    if (Compiled) {
      Code = llvm::cantFail(Jit::compile(P, Env));
      return;
    }
#endif
    Interp = std::make_unique<Interpreter>(P, Env);
  }
  llvm::Expected<RunResult> operator()(uint32_t Entry, uint64_t Ctx) {
#ifdef BPFCC_TEST_JIT
    if (Code)
      return Code->run(Entry, Ctx);
#endif
    return Interp->run(Entry, Ctx);
  }

private:
#ifdef BPFCC_TEST_JIT
  std::unique_ptr<Jit> Code;
#endif
  std::unique_ptr<Interpreter> Interp;
};

} // namespace bpfcc::test

#endif

#ifndef BPFCC_RUNTIME_JIT_ENGINE_H
#define BPFCC_RUNTIME_JIT_ENGINE_H

#include "runtime/interp/Interp.h"

#include <functional>

namespace bpfcc {

class Jit;

/// How a program is executed.
enum class EngineKind : uint8_t {
  Best,     ///< compiled at once where that works, and well what runs long
  Off,      ///< interpreted
  Template, ///< compiled at once
  Llvm,     ///< compiled well
};

/// What `off`, `template` and `llvm` mean; nothing for other words.
std::optional<EngineKind> engineByName(llvm::StringRef Name);

/// What executes a program: the interpreter or compiled code.
class Engine {
public:
  /// Maps must exist in \p Env before; both must outlive the result. \p Proof
  /// says whether \p P needs no checks of what it accesses; it is asked at most
  /// once, from another thread where the program runs meanwhile. Error:
  /// Jit::compile's, where compiling was asked for.
  static llvm::Expected<Engine> make(const Program &P, Environment &Env,
                                     EngineKind Which,
                                     std::function<bool()> Proof = {});
  /// Runs \p Code, which was made from \p P for \p Env: see Jit::adopt.
  static Engine of(const Program &P, Environment &Env,
                   std::unique_ptr<Jit> Code);
  Engine(Engine &&);
  ~Engine();

  /// As Interpreter::run.
  llvm::Expected<RunResult> run(uint32_t Entry, llvm::ArrayRef<uint64_t> Args,
                                const RunLimits &Limits = {});

  /// Lets time pass until \p Until and runs what timers call till then, each
  /// with \p Limits of its own (runtime/helpers/Timers.h). Error: of those
  /// runs.
  llvm::Error passTime(uint64_t Until, const RunLimits &Limits = {});

private:
  Engine(const Program &P, Environment &Env);

  const Program *P;
  Environment *Env;
  std::unique_ptr<Jit> Compiled;
  std::unique_ptr<Interpreter> Interp;
};

} // namespace bpfcc

#endif

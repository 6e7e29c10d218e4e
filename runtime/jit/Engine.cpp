#include "runtime/jit/Engine.h"

#include "runtime/jit/Jit.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace bpfcc {

std::optional<EngineKind> engineByName(StringRef Name) {
  return StringSwitch<std::optional<EngineKind>>(Name)
      .Case("off", EngineKind::Off)
      .Case("template", EngineKind::Template)
      .Case("llvm", EngineKind::Llvm)
      .Default(std::nullopt);
}

Engine::Engine(const Program &P, Environment &Env) : P(&P), Env(&Env) {}
Engine::Engine(Engine &&) = default;
Engine::~Engine() = default;

Expected<Engine> Engine::make(const Program &P, Environment &Env,
                              EngineKind Which, std::function<bool()> Proof) {
  Engine E(P, Env);
  bool Verified = Which != EngineKind::Best && Proof && Proof();
  if (Which != EngineKind::Off) {
    JitOptions Options;
    Options.Optimise = Which == EngineKind::Llvm;
    Options.OptimiseLater = Which == EngineKind::Best;
    Options.Verified = Verified;
    Options.Proof = std::move(Proof);
    auto Compiled = Jit::compile(P, Env, Options);
    if (Compiled) {
      E.Compiled = std::move(*Compiled);
      return std::move(E);
    }
    if (Which != EngineKind::Best)
      return Compiled.takeError();
    consumeError(Compiled.takeError());
  }
  E.Interp = std::make_unique<Interpreter>(P, Env, Verified);
  return std::move(E);
}

Engine Engine::of(const Program &P, Environment &Env,
                  std::unique_ptr<Jit> Code) {
  Engine E(P, Env);
  E.Compiled = std::move(Code);
  return E;
}

Expected<RunResult> Engine::run(uint32_t Entry, ArrayRef<uint64_t> Args,
                                const RunLimits &Limits) {
  return Compiled ? Compiled->run(Entry, Args, Limits)
                  : Interp->run(Entry, Args, Limits);
}

Error Engine::passTime(uint64_t Until, const RunLimits &Limits) {
  return bpfcc::passTime(
      *Env, Until, [&](uint64_t Func, ArrayRef<uint64_t> Args) -> Error {
        uint32_t Number = functionNumber(*P, Func);
        if (Number == ~0u)
          return diagError(DiagCode::RunError, {},
                           "the callback of a timer is no function");
        return run(Number, Args, Limits).takeError();
      });
}

} // namespace bpfcc

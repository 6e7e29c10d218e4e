#include "runtime/interp/Interp.h"

#include "runtime/helpers/Thrown.h"
#include "runtime/interp/Machine.h"
#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace bpfcc {

Interpreter::Interpreter(const Program &P, Environment &Env, bool Verified)
    : Code(std::make_unique<Predecoded>(P, Env)),
      M(std::make_unique<Machine>(*Code, Verified)) {
  predecode(*Code);
  Code->Flows = analyse(*Code);
  if (!all_of(Code->Flows, [](const Flow &F) { return F.Proven; }))
    Code->Flows.clear();
}

Interpreter::~Interpreter() = default;

Expected<uint32_t> callbackAt(const Predecoded &Code, uint64_t Func) {
  uint32_t Number = functionNumber(Code.P, Func);
  if (Number == ~0u)
    return diagError(DiagCode::RunError, {}, "the callback is no function");
  return Number;
}

Expected<uint64_t>
caught(Expected<uint64_t> R0, const Program &P, uint32_t Entry,
       function_ref<Expected<uint64_t>(uint64_t, ArrayRef<uint64_t>)> Call) {
  if (R0 || !R0.errorIsA<Thrown>())
    return R0;
  uint64_t Cookie = 0;
  handleAllErrors(R0.takeError(), [&](const Thrown &T) { Cookie = T.Cookie; });
  uint32_t Callback = P.Subprogs[Entry].OnThrow;
  if (Callback == ~0u)
    return Cookie;
  R0 = Call(functionAddress(Callback), Cookie);
  if (R0 || !R0.errorIsA<Thrown>())
    return R0;
  consumeError(R0.takeError());
  return diagError(DiagCode::RunError, {},
                   "the exception callback `" + P.Subprogs[Callback].Name +
                       "` calls bpf_throw() itself");
}

Expected<RunResult> Interpreter::run(uint32_t Entry, ArrayRef<uint64_t> Args,
                                     const RunLimits &Limits) {
  M->begin(Limits);
  auto CallBack = [this](uint64_t Func,
                         ArrayRef<uint64_t> Args) -> Expected<uint64_t> {
    auto Index = callbackAt(*Code, Func);
    return Index ? M->exec(*Index, Args) : Index.takeError();
  };
  Code->Env.CallBack = CallBack;
  beginRun(Code->Env);
  auto R0 = caught(M->exec(Entry, Args), Code->P, Entry, CallBack);
  endRun(Code->Env, R0);
  Code->Env.CallBack = nullptr;
  if (!R0)
    return R0.takeError();
  return RunResult{*R0, M->executed()};
}

Expected<RunResult> interpret(const Program &P, uint32_t Entry, uint64_t Ctx,
                              Environment &Env, const RunLimits &Limits) {
  return Interpreter(P, Env).run(Entry, Ctx, Limits);
}

} // namespace bpfcc

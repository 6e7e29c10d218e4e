#include "runtime/interp/Worker.h"

#include "support/Diagnostic.h"

#include "llvm/ADT/STLExtras.h"

#include <thread>

using namespace llvm;

namespace bpfcc {

Worker::Worker(Instance &I, unsigned Number) : Env(I.Env), I(I) {
  Env.Worker = Number;
  Env.Pkt = nullptr;
  Env.Events.clear();
  Env.NumEvents.clear();
  Env.Random.seed(I.Env.Random());
  if (Env.Trace)
    Env.Trace = &TraceTo;
}

Worker::~Worker() { I.Mem.grace().removeReader(Env.Worker); }

Expected<std::unique_ptr<Worker>> Worker::make(Instance &I, unsigned Cpu) {
  unsigned Number = I.Mem.grace().addReader();
  if (Number == ~0u)
    return diagError(DiagCode::RunError, {},
                     "no more than " + std::to_string(Memory::MaxWorkspaces) +
                         " threads can run programs of one instance");
  std::unique_ptr<Worker> W(new Worker(I, Number));
  W->Env.Cpu = Cpu;
  return std::move(W);
}

Error runOnThreads(Instance &I, unsigned Count,
                   function_ref<Error(Worker &, unsigned)> Body) {
  std::vector<std::unique_ptr<Worker>> Workers;
  for (unsigned N = 0; N != Count; ++N) {
    auto W = Worker::make(I, N % I.Env.Cpus);
    if (!W)
      return W.takeError();
    Workers.push_back(std::move(*W));
  }
  std::vector<std::optional<Error>> Results(Count);
  std::vector<std::thread> Threads;
  for (unsigned N = 0; N != Count; ++N)
    Threads.emplace_back([&, N] { Results[N] = Body(*Workers[N], N); });
  for (std::thread &T : Threads)
    T.join();

  Error All = Error::success();
  std::vector<Environment::Event> Events;
  for (unsigned N = 0; N != Count; ++N) {
    Worker &W = *Workers[N];
    All = joinErrors(std::move(All), std::move(*Results[N]));
    llvm::move(W.Env.Events, std::back_inserter(Events));
    for (auto [Map, Number] : W.Env.NumEvents)
      I.Env.NumEvents[Map] += Number;
    if (I.Env.Trace)
      *I.Env.Trace << W.Traced;
  }
  llvm::sort(Events,
             [](const auto &A, const auto &B) { return A.Order < B.Order; });
  llvm::move(Events, std::back_inserter(I.Env.Events));
  return All;
}

} // namespace bpfcc

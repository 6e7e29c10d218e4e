#ifndef BPFCC_RUNTIME_INTERP_WORKER_H
#define BPFCC_RUNTIME_INTERP_WORKER_H

#include "runtime/interp/Instance.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace bpfcc {

/// What a thread needs to run programs of an instance while other threads do:
/// an environment with what is its own. Memory, maps and objects are shared;
/// stacks, the packet, the processor, the random numbers, the clock's ticks and
/// the events are not. Interpreters and Jits are made for one environment, so
/// each worker has its own of those too.
class Worker {
public:
  /// Takes the settings of I.Env, which no program may use meanwhile, with
  /// random numbers of its own. \p Cpu is its processor: two workers of one
  /// processor share the values of per-CPU maps, which no kernel lets happen.
  /// Error: RunError, if there are Memory::MaxWorkspaces workers already.
  static llvm::Expected<std::unique_ptr<Worker>> make(Instance &I,
                                                      unsigned Cpu);
  ~Worker();
  Worker(const Worker &) = delete;
  Worker &operator=(const Worker &) = delete;

  Instance &instance() const { return I; }

  Environment Env;

private:
  Worker(Instance &I, unsigned Number);

  Instance &I;
  std::string Traced;
  llvm::raw_string_ostream TraceTo{Traced};

  friend llvm::Error
  runOnThreads(Instance &I, unsigned Count,
               llvm::function_ref<llvm::Error(Worker &, unsigned)> Body);
};

/// Calls \p Body in \p Count threads, each with a worker of its own and its
/// number, which is its processor too, and waits for them all. Then I.Env has
/// their events, in the order in which they came, and what they traced, worker
/// by worker. Error: that of Worker::make, or those that bodies gave, joined.
llvm::Error
runOnThreads(Instance &I, unsigned Count,
             llvm::function_ref<llvm::Error(Worker &, unsigned)> Body);

} // namespace bpfcc

#endif

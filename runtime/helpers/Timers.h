#ifndef BPFCC_RUNTIME_HELPERS_TIMERS_H
#define BPFCC_RUNTIME_HELPERS_TIMERS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

namespace bpfcc {

struct Environment;

/// A struct bpf_timer that has been initialised. It is that of one value of a
/// map: when the value is deleted or replaced, the timer is gone too.
struct Timer {
  uint32_t Map = 0;      ///< number
  uint64_t Value = 0;    ///< guest address of the value that holds it
  uint64_t Serial = 0;   ///< Map::serialOf the value
  uint64_t Callback = 0; ///< guest address of the function; 0: none is set
  std::optional<uint64_t> Expires = {}; ///< by the clock; if it is started
  uint64_t Order = 0;                   ///< of equal times: who started first
  unsigned Cpu = 0;                     ///< that started it
};

/// All timers of an instance, by their guest addresses.
struct TimerTable {
  std::mutex Lock;
  std::map<uint64_t, Timer> All;
  /// Those that are started, by Expires and Order.
  std::map<std::pair<uint64_t, uint64_t>, uint64_t> Queue;
  std::atomic<uint64_t> Queued{0}; ///< how many, for who has no lock
  uint64_t NumStarts = 0;

  void start(uint64_t Guest, Timer &T, uint64_t Expires);
  /// Whether it was started.
  bool stop(Timer &T);
};

/// How far a clock that is not the host's moves at each look, and by each
/// callback of a timer, so that intervals are not 0.
constexpr uint64_t ClockTick = 1000;

/// The clock's nanoseconds, without moving it on.
uint64_t timeNow(const Environment &Env);

/// Lets time pass until \p Until, which does not move the host's clock, and
/// runs the callbacks of the timers that expire till then, in the order of
/// their times: a callback finds the clock at its time. \p Run runs the
/// function at a guest address with r1 to r3. No program may run in \p Env
/// meanwhile. Error: the first that \p Run gives.
llvm::Error
passTime(Environment &Env, uint64_t Until,
         llvm::function_ref<llvm::Error(uint64_t Func,
                                        llvm::ArrayRef<uint64_t> Args)>
             Run);

} // namespace bpfcc

#endif

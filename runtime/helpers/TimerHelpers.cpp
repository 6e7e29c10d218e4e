// bpf_timer_*: functions that are called when some time has passed. Nothing
// interrupts a program here: what is due runs between runs (passTime), by a
// clock that stands still or moves with the packets where it is not the host's,
// so that it is the same each time.

#include "runtime/helpers/Call.h"
#include "runtime/helpers/Timers.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <ctime>

using namespace llvm;

namespace bpfcc {

void TimerTable::start(uint64_t Guest, Timer &T, uint64_t Expires) {
  stop(T);
  T.Expires = Expires;
  T.Order = NumStarts++;
  Queue[{Expires, T.Order}] = Guest;
  Queued = Queue.size();
}

bool TimerTable::stop(Timer &T) {
  if (!T.Expires)
    return false;
  Queue.erase({*T.Expires, T.Order});
  Queued = Queue.size();
  T.Expires.reset();
  return true;
}

namespace {

/// The timer that argument 0 stands for, if it is initialised and its value
/// still there; the table is locked.
Timer *find(Environment &Env, uint64_t Guest) {
  auto &All = Env.Shared->Timers.All;
  auto It = All.find(Guest);
  if (It == All.end())
    return nullptr;
  Timer &T = It->second;
  if (Env.Maps[T.Map]->serialOf(T.Value) == T.Serial)
    return &T;
  Env.Shared->Timers.stop(T);
  All.erase(It);
  return nullptr;
}

Result init(Call &C) {
  constexpr uint64_t ClockMask = 15;
  uint64_t Clock = C.R[2];
  const SpecialField *Field = C.M->def().special(SpecialField::Timer);
  uint64_t Value = Field ? C.R[0] - Field->Offset : 0;
  uint64_t Serial = Field ? C.M->serialOf(Value) : 0;
  if (!Serial)
    return C.error("argument 1 is no timer in map `" + C.M->def().Name +
                   "` but " + C.Env.Mem.describe(C.R[0]));
  if (Clock & ~ClockMask ||
      (Clock != CLOCK_MONOTONIC && Clock != CLOCK_REALTIME &&
       Clock != CLOCK_BOOTTIME))
    return fail(EINVAL);
  std::lock_guard Locked(C.Env.Shared->Timers.Lock);
  if (find(C.Env, C.R[0]))
    return fail(EBUSY);
  Timer T;
  T.Map = C.MapNumber;
  T.Value = Value;
  T.Serial = Serial;
  C.Env.Shared->Timers.All[C.R[0]] = T;
  return 0;
}

Result setCallback(Call &C) {
  std::lock_guard Locked(C.Env.Shared->Timers.Lock);
  Timer *T = find(C.Env, C.R[0]);
  if (!T)
    return fail(EINVAL);
  T->Callback = C.R[1];
  return 0;
}

Result start(Call &C) {
  constexpr uint64_t Absolute = 1, PinnedCpu = 2;
  if (C.R[2] & ~(Absolute | PinnedCpu))
    return fail(EINVAL);
  TimerTable &Table = C.Env.Shared->Timers;
  std::lock_guard Locked(Table.Lock);
  Timer *T = find(C.Env, C.R[0]);
  if (!T || !T->Callback)
    return fail(EINVAL);
  // Times behind the end of the clock are at its end, as for hrtimers.
  uint64_t Now = C.R[2] & Absolute ? 0 : timeNow(C.Env);
  constexpr uint64_t Latest = INT64_MAX;
  uint64_t Rest = Latest - std::min(Now, Latest);
  Table.start(C.R[0], *T, C.R[1] > Rest ? Latest : Now + C.R[1]);
  T->Cpu = C.Env.Cpu;
  return 0;
}

/// Also forgets the callback.
Result cancel(Call &C) {
  std::lock_guard Locked(C.Env.Shared->Timers.Lock);
  Timer *T = find(C.Env, C.R[0]);
  if (!T)
    return fail(EINVAL);
  if (C.Env.RunningTimer == C.R[0])
    return fail(EDEADLK);
  T->Callback = 0;
  return C.Env.Shared->Timers.stop(*T);
}

/// Takes the timer that expires first, at \p Until at the latest.
std::optional<std::pair<uint64_t, Timer>> takeDue(Environment &Env,
                                                  uint64_t Until) {
  TimerTable &Table = Env.Shared->Timers;
  std::lock_guard Locked(Table.Lock);
  while (!Table.Queue.empty()) {
    auto [When, Guest] = *Table.Queue.begin();
    if (When.first > Until)
      break;
    if (Timer *T = find(Env, Guest)) {
      Timer Due = *T;
      Table.stop(*T);
      return std::pair(Guest, Due);
    }
  }
  return std::nullopt;
}

} // namespace

Error passTime(Environment &Env, uint64_t Until,
               function_ref<Error(uint64_t, ArrayRef<uint64_t>)> Run) {
  if (!Env.Shared->Timers.Queued.load(std::memory_order_relaxed)) {
    if (!Env.HostClock)
      Env.BootNanoseconds = std::max(Env.BootNanoseconds, Until);
    return Error::success();
  }
  if (Env.HostClock)
    Until = timeNow(Env);
  unsigned Cpu = Env.Cpu;
  while (auto Due = takeDue(Env, Until)) {
    const Timer &T = Due->second;
    std::vector<uint8_t> Key = Env.Maps[T.Map]->keyOf(T.Value);
    if (Key.empty())
      continue;
    uint64_t Guest = Env.Mem.add(Key.size(), Memory::ReadOnly, "map key");
    if (!Guest)
      return Error::success();
    copy(Key, Env.Mem.host(Guest));
    if (!Env.HostClock)
      Env.BootNanoseconds = std::max(Env.BootNanoseconds, *T.Expires);
    Env.Cpu = T.Cpu;
    Env.RunningTimer = Due->first;
    Error E = Run(T.Callback, {mapAddress(T.Map), Guest, T.Value});
    Env.RunningTimer = 0;
    if (!Env.HostClock)
      Env.BootNanoseconds += ClockTick;
    Env.Mem.remove(Guest);
    if (E) {
      Env.Cpu = Cpu;
      return E;
    }
  }
  Env.Cpu = Cpu;
  if (!Env.HostClock)
    Env.BootNanoseconds = std::max(Env.BootNanoseconds, Until);
  return Error::success();
}

HelperFunction timerHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("timer_init", init)
      .Case("timer_set_callback", setCallback)
      .Case("timer_start", start)
      .Case("timer_cancel", cancel)
      .Default(nullptr);
}

} // namespace bpfcc

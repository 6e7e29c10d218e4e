// bpf_timer_*, and the time that passes between runs.

#include "World.h"

#include <cerrno>

using namespace bpfcc;

namespace {

constexpr uint32_t Hash = 1, Array = 2;
constexpr uint64_t Callback = 0x5000000000000000, Monotonic = 1;

struct TimerWorld : World {
  explicit TimerWorld(uint32_t Type) {
    MapDef D;
    D.Name = "timers";
    D.Type = Type;
    D.KeySize = 4;
    D.ValueSize = 24;
    D.MaxEntries = 4;
    D.Special = {{SpecialField::Timer, 8, 16}};
    Maps.push_back(llvm::cantFail(createMap(D, Mem)));
  }

  /// The timer of element \p N, which is made if it is not there.
  uint64_t timer(uint8_t N) {
    uint8_t Key[4] = {N}, Value[24] = {};
    if (!Maps[0]->lookup(Key, 0))
      EXPECT_EQ(0, Maps[0]->update(Key, Value, 0, 0));
    return Maps[0]->lookup(Key, 0) + 8;
  }
  int64_t init(uint64_t Timer, uint64_t Flags = Monotonic) {
    return call("bpf_timer_init", {Timer, mapAddress(0), Flags});
  }
  uint64_t started(uint8_t N, uint64_t After, uint64_t Flags = 0) {
    uint64_t T = timer(N);
    EXPECT_EQ(0, init(T));
    EXPECT_EQ(0, call("bpf_timer_set_callback", {T, Callback}));
    EXPECT_EQ(0, call("bpf_timer_start", {T, After, Flags}));
    return T;
  }

  /// The keys whose timers fire until \p Until, with the times.
  using Fired = std::vector<std::pair<uint8_t, uint64_t>>;
  Fired pass(uint64_t Until) {
    Fired All;
    llvm::cantFail(passTime(
        Env, Until,
        [&](uint64_t Func, llvm::ArrayRef<uint64_t> Args) -> llvm::Error {
          EXPECT_EQ(Callback, Func);
          EXPECT_EQ(mapAddress(0), Args[0]);
          const uint8_t *Key = Mem.at(Args[1], 4, false);
          EXPECT_EQ(Maps[0]->lookup(Key, 0), Args[2]);
          All.push_back({*Key, Env.BootNanoseconds});
          if (Again)
            EXPECT_EQ(0, call("bpf_timer_start", {Args[2] + 8, Again, 0}));
          if (CancelsItself)
            EXPECT_EQ(-EDEADLK, call("bpf_timer_cancel", {Args[2] + 8}));
          return llvm::Error::success();
        }));
    return All;
  }
  uint64_t Again = 0;
  bool CancelsItself = false;
};

TEST(Timer, ErrorsAreTheKernels) {
  TimerWorld W(Hash);
  uint64_t T = W.timer(1);
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_set_callback", {T, Callback}));
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_start", {T, 0, 0}));
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_cancel", {T}));
  EXPECT_EQ(-EINVAL, W.init(T, 2));  // a clock of processor time
  EXPECT_EQ(-EINVAL, W.init(T, 17)); // no clock
  EXPECT_EQ(0, W.init(T));
  EXPECT_EQ(-EBUSY, W.init(T));
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_start", {T, 0, 0})); // no callback
  EXPECT_EQ(0, W.call("bpf_timer_set_callback", {T, Callback}));
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_start", {T, 0, 4}));
  EXPECT_EQ(0, W.call("bpf_timer_start", {T, 0, 3}));
  EXPECT_EQ(1, W.call("bpf_timer_cancel", {T}));
  EXPECT_EQ(0, W.call("bpf_timer_cancel", {T}));
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_start", {T, 0, 0})); // forgotten
  EXPECT_NE(std::string::npos,
            W.error("bpf_timer_init", {W.Base, mapAddress(0), Monotonic})
                .find("is no timer in map `timers`"));
}

TEST(Timer, FiresInTheOrderOfTimes) {
  TimerWorld W(Array);
  W.Env.BootNanoseconds = 50;
  W.started(0, 1000);
  W.started(1, 400);
  W.started(2, 450, 1); // absolute: equal, and started later
  EXPECT_EQ((TimerWorld::Fired{}), W.pass(449));
  EXPECT_EQ((TimerWorld::Fired{{1, 450}, {2, 1450}, {0, 2450}}), W.pass(1050));
  EXPECT_EQ((TimerWorld::Fired{}), W.pass(100000));
  EXPECT_EQ(100000u, W.Env.BootNanoseconds);
}

TEST(Timer, StartsItselfAgainAndEndsAllTheSame) {
  TimerWorld W(Array);
  W.Again = 5000;
  W.started(0, 0);
  EXPECT_EQ((TimerWorld::Fired{{0, 0}, {0, 5000}, {0, 10000}}), W.pass(12000));
  TimerWorld Busy(Array);
  Busy.Again = 1;
  Busy.started(0, 0);
  EXPECT_LE(Busy.pass(100 * ClockTick).size(), 101u);
}

TEST(Timer, ACallbackCannotCancelItself) {
  TimerWorld W(Array);
  W.CancelsItself = true;
  W.started(0, 0);
  EXPECT_EQ(1u, W.pass(1).size());
}

TEST(Timer, EndsWithItsValue) {
  TimerWorld W(Hash);
  uint8_t Deleted[4] = {1}, Replaced[4] = {2}, Value[24] = {};
  W.started(1, 10);
  uint64_t T = W.started(2, 10);
  EXPECT_EQ(0, W.Maps[0]->erase(Deleted));
  EXPECT_EQ(0, W.Maps[0]->update(Replaced, Value, 0, 0));
  EXPECT_EQ(-EINVAL, W.call("bpf_timer_cancel", {T}));
  EXPECT_EQ((TimerWorld::Fired{}), W.pass(100));
  W.started(2, 10); // anew
  EXPECT_EQ(1u, W.pass(200).size());
}

TEST(Timer, RunsOnTheProcessorThatStartedIt) {
  TimerWorld W(Array);
  W.Env.Cpu = 3;
  W.started(0, 10, 2);
  W.Env.Cpu = 1;
  llvm::cantFail(passTime(W.Env, 20, [&](uint64_t, llvm::ArrayRef<uint64_t>) {
    EXPECT_EQ(3u, W.Env.Cpu);
    return llvm::Error::success();
  }));
  EXPECT_EQ(1u, W.Env.Cpu);
}

} // namespace

#include "runtime/memory/Shared.h"

#include <chrono>
#include <sched.h>

namespace bpfcc {

bool lockSpin(uint8_t *Place) {
  using Clock = std::chrono::steady_clock;
  constexpr unsigned RoundsEach = 64;
  auto *Word = reinterpret_cast<uint32_t *>(Place);
  Clock::time_point Since;
  for (unsigned Round = 0;; ++Round) {
    uint32_t Free = 0;
    if (__atomic_compare_exchange_n(Word, &Free, 1, /*weak=*/false,
                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return true;
    if (Free != 1)
      return false;
    if (Round % RoundsEach)
      continue;
    if (!Round)
      Since = Clock::now();
    else if (Clock::now() - Since > std::chrono::seconds(1))
      return false;
    sched_yield();
  }
}

void unlockSpin(uint8_t *Place) {
  __atomic_store_n(reinterpret_cast<uint32_t *>(Place), 0, __ATOMIC_RELEASE);
}

} // namespace bpfcc

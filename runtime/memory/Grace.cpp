#include "runtime/memory/Grace.h"

#include "runtime/memory/Memory.h"

#include "llvm/Support/Compiler.h"

#include <algorithm>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace bpfcc {

/// How much waits where several threads run programs, for what it costs to
/// look at them all.
constexpr uint64_t Batch = 256;

static bool barrier(int Command) {
#if LLVM_THREAD_SANITIZER_BUILD // which knows nothing of such a barrier
  return false;
#endif
  return syscall(SYS_membarrier, Command, 0, 0) == 0;
}

Grace::Grace(Memory &Mem)
    : Mem(Mem), Asymmetric(barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)),
      Readers(new Reader[MaxReaders]) {
  Readers[0].IsTaken = true;
}

Grace::~Grace() {
  for (const Dead &D : Retired)
    if (!D.Guest)
      D.Free(D.Host);
}

unsigned Grace::addReader() {
  std::lock_guard Locked(Lock);
  for (unsigned N = 0; N != MaxReaders; ++N)
    if (!Readers[N].IsTaken) {
      Readers[N].IsTaken = true;
      NumReaders = std::max(NumReaders.load(), N + 1);
      return N;
    }
  return ~0u;
}

void Grace::removeReader(unsigned Reader) {
  std::lock_guard Locked(Lock);
  Readers[Reader].IsTaken = false;
}

void Grace::add(uint64_t Guest, void *Host, void (*Free)(void *)) {
  std::lock_guard Locked(Lock);
  Retired.push_back({Epoch.load(), Guest, Host, Free});
  NumDead = Retired.size();
}

void Grace::retire(uint64_t Guest) {
  if (Guest)
    add(Guest, nullptr, nullptr);
}

void Grace::retire(void *Host, void (*Free)(void *)) { add(0, Host, Free); }

void Grace::Dead::free(Memory &Mem) const {
  if (Guest)
    Mem.remove(Guest);
  else
    Free(Host);
}

void Grace::collectSome() {
  if (NumReaders == 1 || NumDead >= Batch)
    collect(/*AtLeave=*/true);
}

void Grace::fenceReaders() const {
  if (Asymmetric)
    barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
  else
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Grace::collect(bool AtLeave) {
  std::vector<Dead> Free;
  {
    std::lock_guard Locked(Lock);
    uint64_t Oldest = ++Epoch;
    // The one reader there is has no run when it leaves.
    if (!AtLeave || NumReaders != 1)
      fenceReaders();
    for (unsigned N = 0; N != NumReaders; ++N)
      if (uint64_t Since = Readers[N].Since.load(std::memory_order_acquire))
        Oldest = std::min(Oldest, Since);
    while (!Retired.empty() && Retired.front().Epoch < Oldest) {
      Free.push_back(Retired.front());
      Retired.pop_front();
    }
    NumDead = Retired.size();
  }
  for (const Dead &D : Free)
    D.free(Mem);
}

} // namespace bpfcc

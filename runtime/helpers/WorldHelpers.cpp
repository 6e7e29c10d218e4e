// Time, randomness, who runs, and memory outside the program.

#include "runtime/helpers/Call.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>
#include <ctime>

using namespace llvm;

namespace bpfcc {
namespace {

/// How far the clock moves at each look, so that intervals are not 0.
constexpr uint64_t Tick = 1000;
constexpr uint64_t NanosecondsPerJiffy = 4000000; // CONFIG_HZ=250

uint64_t hostTime(clockid_t Clock) {
  timespec Now{};
  clock_gettime(Clock, &Now);
  return uint64_t(Now.tv_sec) * 1000000000 + uint64_t(Now.tv_nsec);
}

/// Without the host's clocks there is one, whatever is asked for.
template <clockid_t Clock> Result time(Call &C) {
  if (C.Env.HostClock)
    return hostTime(Clock);
  uint64_t Now = C.Env.BootNanoseconds;
  C.Env.BootNanoseconds += Tick;
  return Now;
}

Result jiffies(Call &C) {
  return (C.Env.HostClock ? hostTime(CLOCK_MONOTONIC) : C.Env.BootNanoseconds) /
         NanosecondsPerJiffy;
}
Result random(Call &C) { return uint32_t(C.Env.Random()); }
Result cpu(Call &C) { return C.Env.Cpu; }
Result pidTgid(Call &C) { return C.Env.PidTgid; }
Result uidGid(Call &C) { return C.Env.UidGid; }

/// An address that stands for the running thread: no memory lies there.
Result currentTask(Call &C) {
  constexpr uint64_t TaskBase = 0x4800000000000000;
  return TaskBase + uint32_t(C.Env.PidTgid) * 4096ull;
}

Result zero(Call &) { return 0; }
Result fault(Call &) { return fail(EFAULT); }

Result comm(Call &C) {
  memset(C.Mem[0], 0, C.R[1]);
  StringRef Name = StringRef(C.Env.Comm).take_front(C.R[1] - 1);
  memcpy(C.Mem[0], Name.data(), Name.size());
  return 0;
}

/// What went wrong at \p Address: in the half of user space, the helpers that
/// read the kernel's memory do not even look (copy_from_kernel_nofault).
template <bool Kernel> Result unreadable(Call &C, uint64_t Address) {
  memset(C.Mem[0], 0, C.R[1]);
  return fail(Kernel && Address >> 63 == 0 ? ERANGE : EFAULT);
}

template <bool Kernel> Result probeRead(Call &C) {
  uint64_t Size = C.R[1];
  if (!Size)
    return 0;
  const uint8_t *From = C.Env.Mem.at(C.R[2], Size, false);
  if (!From)
    return unreadable<Kernel>(C, C.R[2]);
  memmove(C.Mem[0], From, Size);
  return 0;
}

/// Gives the length with the final zero; a longer string is cut.
template <bool Kernel> Result probeReadStr(Call &C) {
  uint64_t Size = C.R[1];
  if (!Size)
    return 0;
  uint64_t Mapped = std::min(Size, C.Env.Mem.mappedFrom(C.R[2]));
  const uint8_t *From = C.Env.Mem.at(C.R[2], Mapped, false);
  const void *End = Mapped && From ? memchr(From, 0, Mapped) : nullptr;
  if (!From || !Mapped || (!End && Mapped < Size))
    return unreadable<Kernel>(C, C.R[2]);
  uint64_t Length = End ? static_cast<const uint8_t *>(End) - From + 1 : Size;
  memmove(C.Mem[0], From, Length);
  C.Mem[0][Length - 1] = 0;
  return Length;
}

} // namespace

HelperFunction worldHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("ktime_get_ns", time<CLOCK_MONOTONIC>)
      .Case("ktime_get_boot_ns", time<CLOCK_BOOTTIME>)
      .Case("ktime_get_coarse_ns", time<CLOCK_MONOTONIC_COARSE>)
      .Case("ktime_get_tai_ns", time<CLOCK_TAI>)
      .Case("jiffies64", jiffies)
      .Case("get_prandom_u32", random)
      .Case("get_smp_processor_id", cpu)
      .Case("get_current_pid_tgid", pidTgid)
      .Case("get_current_uid_gid", uidGid)
      .Case("get_current_comm", comm)
      .Case("get_current_task_btf", currentTask)
      // There is no task_struct; what reads through the pointer gets -EFAULT.
      .Cases({"get_numa_node_id", "get_current_task", "get_socket_cookie"},
             zero)
      .Cases({"probe_read", "probe_read_user", "copy_from_user"},
             probeRead<false>)
      .Case("probe_read_kernel", probeRead<true>)
      .Cases({"probe_read_str", "probe_read_user_str"}, probeReadStr<false>)
      .Case("probe_read_kernel_str", probeReadStr<true>)
      .Cases({"get_stackid", "get_stack"}, fault)
      .Default(nullptr);
}

} // namespace bpfcc

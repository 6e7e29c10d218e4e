// Time, randomness, who runs, and memory outside the program.

#include "runtime/helpers/Call.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"

#include <cerrno>
#include <cstring>
#include <ctime>

using namespace llvm;

namespace bpfcc {
namespace {

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
  C.Env.BootNanoseconds += ClockTick;
  return Now;
}

Result jiffies(Call &C) { return timeNow(C.Env) / NanosecondsPerJiffy; }
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

/// Whose memory a helper reads: of user space, the kernel's, or first the one
/// and then the other.
enum class Side { User, Kernel, Any };

/// What went wrong at \p Address: in the half of user space, the helpers that
/// read the kernel's memory do not even look (copy_from_kernel_nofault).
template <Side S> Result unreadable(Call &C, uint64_t Address) {
  memset(C.Mem[0], 0, C.R[1]);
  return fail(S == Side::Kernel && Address >> 63 == 0 ? ERANGE : EFAULT);
}

/// What can be read of the r2 bytes at the address r3.
template <Side S> SmallVector<uint8_t, 256> source(Call &C) {
  uint64_t Size = C.R[1];
  uint64_t Mapped = std::min(Size, C.Env.Mem.mappedFrom(C.R[2]));
  SmallVector<uint8_t, 256> Bytes;
  if (S != Side::Kernel && C.Env.ReadUser && (S == Side::User || !Mapped)) {
    Bytes.resize_for_overwrite(Size);
    Bytes.resize(C.Env.ReadUser(C.R[2], Bytes));
  } else if (const uint8_t *From =
                 Mapped ? C.Env.Mem.at(C.R[2], Mapped, false) : nullptr) {
    Bytes.append(From, From + Mapped);
  }
  return Bytes;
}

template <Side S> Result probeRead(Call &C) {
  auto Bytes = source<S>(C);
  if (Bytes.size() != C.R[1])
    return unreadable<S>(C, C.R[2]);
  copy(Bytes, C.Mem[0]);
  return 0;
}

/// Gives the length with the final zero; a longer string is cut.
template <Side S> Result probeReadStr(Call &C) {
  if (!C.R[1])
    return 0;
  auto Bytes = source<S>(C);
  auto *End = find(Bytes, 0);
  if (End == Bytes.end() && Bytes.size() != C.R[1])
    return unreadable<S>(C, C.R[2]);
  uint64_t Length =
      std::min<uint64_t>(uint64_t(End - Bytes.begin()) + 1, C.R[1]);
  std::copy_n(Bytes.begin(), Length, C.Mem[0]);
  C.Mem[0][Length - 1] = 0;
  return Length;
}

} // namespace

uint64_t timeNow(const Environment &Env) {
  return Env.HostClock ? hostTime(CLOCK_MONOTONIC) : Env.BootNanoseconds;
}

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
      .Case("probe_read", probeRead<Side::Any>)
      .Cases({"probe_read_user", "copy_from_user"}, probeRead<Side::User>)
      .Case("probe_read_kernel", probeRead<Side::Kernel>)
      .Case("probe_read_str", probeReadStr<Side::Any>)
      .Case("probe_read_user_str", probeReadStr<Side::User>)
      .Case("probe_read_kernel_str", probeReadStr<Side::Kernel>)
      .Cases({"get_stackid", "get_stack"}, fault)
      .Default(nullptr);
}

} // namespace bpfcc

#ifndef BPFCC_BACKEND_TARGET_PROGSETS_H
#define BPFCC_BACKEND_TARGET_PROGSETS_H

#include <cstdint>

/// Sets of program types, as the columns of helpers.def and ctx_fields.def name
/// them: bit n stands for the type with number n.
namespace bpfcc::target::sets {

#define PROG_TYPE(Name, Number, KernelName, Major, Minor, Context)             \
  constexpr uint64_t Name = 1ull << Number;
#include "backend/target/prog_types.def"

constexpr uint64_t None = 0;
/// All types that end in the kernel's common table of helpers.
constexpr uint64_t Base = (0x1ffffffffull & ~1ull) & ~Ext;
constexpr uint64_t Trace = Kprobe | Tracepoint | PerfEvent | RawTracepoint |
                           RawTracepointWritable | Tracing | Lsm | Syscall;
constexpr uint64_t Fentry = Tracing | Lsm | Syscall;
constexpr uint64_t Cgroup =
    CgroupSock | CgroupSockAddr | CgroupDevice | CgroupSysctl | CgroupSockopt;
constexpr uint64_t Lwt = LwtIn | LwtOut | LwtXmit | LwtSeg6local;
constexpr uint64_t Tc = SchedCls | SchedAct;
/// All that see a __sk_buff but the flow dissector, which sees little of it.
constexpr uint64_t Skb = SocketFilter | Tc | CgroupSkb | Lwt | SkSkb;

} // namespace bpfcc::target::sets

#endif

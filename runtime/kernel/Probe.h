#ifndef BPFCC_RUNTIME_KERNEL_PROBE_H
#define BPFCC_RUNTIME_KERNEL_PROBE_H

#include "backend/target/ProgTypes.h"

#include <vector>

namespace bpfcc {

/// What the kernel of this machine makes of a program that returns 0.
enum class ProbeVerdict {
  Loads,
  NeedsTarget, ///< the type exists; a real program must name what it attaches
               ///< to (fentry, LSM, extensions, struct_ops)
  Refused,     ///< this process may not load it
  Unknown,     ///< the kernel has no such type
};

struct ProbeResult {
  ProbeVerdict Verdict = ProbeVerdict::Unknown;
  int Error = 0; ///< errno of bpf(2) where it does not load
};

/// A kind of program to try: its type and how it attaches.
struct ProgKind {
  target::ProgType Type;
  uint8_t AttachType;
  bool Sleepable;
  const char *Section; ///< the section that stands for it
};

/// One row for each program type, by number; tracing programs have one for
/// each way to attach, because machines allow some and refuse others.
std::vector<ProgKind> progKinds();

/// Loads `r0 = 0; exit` as a program of this kind by bpf(2), and drops it.
ProbeResult probeProgram(const ProgKind &Kind);

/// Creates an array of one element by bpf(2), and drops it: 0 or an errno.
/// EPERM: not allowed to this process; ENOSYS: the kernel has no bpf(2).
int probeMapCreation();

} // namespace bpfcc

#endif

#include "runtime/kernel/Probe.h"

#include <cerrno>
#include <linux/bpf.h>
#include <linux/version.h>
#include <set>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

using bpfcc::target::ProgType;
using llvm::StringRef;

namespace bpfcc {

/// A file descriptor, or -1 and errno.
static long callBpf(int Command, bpf_attr &Attr) {
  return syscall(SYS_bpf, Command, &Attr, sizeof Attr);
}

std::vector<ProgKind> progKinds() {
  static constexpr ProgKind Sections[] = {
#define SECTION(Name, Match, Type, AttachType, Sleepable)                      \
  {ProgType::Type, AttachType, Sleepable, Name},
#include "backend/target/sections.def"
  };
  std::vector<ProgKind> Kinds;
  for (unsigned Number = 1; target::progTypeInfo(Number); ++Number) {
    std::set<uint8_t> Seen;
    for (const ProgKind &K : Sections)
      if (unsigned(K.Type) == Number && Seen.insert(K.AttachType).second) {
        Kinds.push_back(K);
        if (K.Type != ProgType::Tracing)
          break;
      }
    if (Seen.empty())
      Kinds.push_back({ProgType(Number), 0, false, ""});
  }
  return Kinds;
}

/// LINUX_VERSION_CODE of the running kernel: kernels before 5.0 load kprobe
/// programs only if it is right.
static uint32_t runningVersion() {
  utsname Name;
  if (uname(&Name))
    return 0;
  unsigned Parts[3] = {};
  StringRef Text = Name.release;
  for (unsigned &Part : Parts) {
    if (Text.consumeInteger(10, Part))
      break;
    Text.consume_front(".");
  }
  return KERNEL_VERSION(Parts[0], Parts[1], Parts[2]);
}

static bool needsTarget(ProgType Type) {
  return Type == ProgType::Tracing || Type == ProgType::Lsm ||
         Type == ProgType::Ext || Type == ProgType::StructOps;
}

ProbeResult probeProgram(const ProgKind &Kind) {
  bpf_insn Code[2] = {};
  Code[0].code = BPF_ALU64 | BPF_MOV | BPF_K; // r0 = 0
  Code[1].code = BPF_JMP | BPF_EXIT;
  char Log[4096] = {};
  bpf_attr Attr = {};
  Attr.prog_type = uint32_t(Kind.Type);
  Attr.insns = reinterpret_cast<uint64_t>(Code);
  Attr.insn_cnt = 2;
  Attr.license = reinterpret_cast<uint64_t>("GPL");
  Attr.kern_version = runningVersion();
  Attr.expected_attach_type = Kind.AttachType;
  Attr.prog_flags = Kind.Sleepable ? BPF_F_SLEEPABLE : 0;
  // The types that need a target fail in the verifier, which writes to the
  // log; a type that the kernel lacks never gets there.
  Attr.log_buf = reinterpret_cast<uint64_t>(Log);
  Attr.log_size = sizeof Log;
  Attr.log_level = 1;
  long Fd = callBpf(BPF_PROG_LOAD, Attr);
  if (Fd >= 0) {
    close(int(Fd));
    return {ProbeVerdict::Loads, 0};
  }
  int Error = errno;
  if (needsTarget(Kind.Type) && *Log)
    return {ProbeVerdict::NeedsTarget, Error};
  if (Error == EPERM || Error == EACCES || Error == ENOSYS)
    return {ProbeVerdict::Refused, Error};
  return {ProbeVerdict::Unknown, Error};
}

int probeMapCreation() {
  bpf_attr Attr = {};
  Attr.map_type = BPF_MAP_TYPE_ARRAY;
  Attr.key_size = 4;
  Attr.value_size = 4;
  Attr.max_entries = 1;
  long Fd = callBpf(BPF_MAP_CREATE, Attr);
  if (Fd < 0)
    return errno;
  close(int(Fd));
  return 0;
}

} // namespace bpfcc

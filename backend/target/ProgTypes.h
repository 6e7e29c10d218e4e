#ifndef BPFCC_BACKEND_TARGET_PROGTYPES_H
#define BPFCC_BACKEND_TARGET_PROGTYPES_H

#include "backend/target/KernelVersion.h"

namespace bpfcc::target {

/// The numbers of enum bpf_prog_type.
enum class ProgType : uint8_t {
  Unspec = 0,
#define PROG_TYPE(Name, Number, KernelName, Major, Minor, Context)             \
  Name = Number,
#include "backend/target/prog_types.def"
};

/// What r1 points to when a program starts.
enum class CtxLayout : uint8_t {
  None,
  SkBuff,      ///< struct __sk_buff
  XdpMd,       ///< struct xdp_md
  Sock,        ///< struct bpf_sock
  SockAddr,    ///< struct bpf_sock_addr
  SockOps,     ///< struct bpf_sock_ops
  SkMsg,       ///< struct sk_msg_md
  SkReuseport, ///< struct sk_reuseport_md
  SkLookup,    ///< struct bpf_sk_lookup
  CgroupDev,   ///< struct bpf_cgroup_dev_ctx
  Sysctl,      ///< struct bpf_sysctl
  Sockopt,     ///< struct bpf_sockopt
  PerfEvent,   ///< struct bpf_perf_event_data
  PtRegs,      ///< the architecture's registers
  Netfilter,   ///< struct bpf_nf_ctx: two kernel pointers
  Words,       ///< 64-bit arguments, as many as the event has
  Word,        ///< one 32-bit word
  Bytes,       ///< what the caller of the program passes
};

struct ProgTypeInfo {
  ProgType Type = ProgType::Unspec;
  const char *KernelName = nullptr; ///< without BPF_PROG_TYPE_
  KernelVersion Since;
  CtxLayout Context = CtxLayout::None;
};

/// Null if Linux 6.12 has no such type.
const ProgTypeInfo *progTypeInfo(unsigned Number);
inline const ProgTypeInfo *progTypeInfo(ProgType T) {
  return progTypeInfo(unsigned(T));
}

/// A section name that stands for a program type; see sections.def.
struct SectionInfo {
  const char *Name;
  bool TakesTarget; ///< Name or Name/target
  ProgType Type;
  uint8_t AttachType; ///< enum bpf_attach_type
  bool Sleepable;
};

/// The row that libbpf 1.x takes for \p Section; null if it refuses the name.
/// A leading `?` (do not load by default) is skipped.
const SectionInfo *sectionInfo(llvm::StringRef Section);

/// The row for \p Section by its longest prefix, as older loaders did:
/// `xdp_drop`, `classifier/a`. Null if none fits.
const SectionInfo *sectionByPrefix(llvm::StringRef Section);

/// The program type of \p Section by sectionInfo, then by sectionByPrefix;
/// Unspec if both give none.
ProgType progTypeForSection(llvm::StringRef Section);

} // namespace bpfcc::target

#endif

#ifndef BPFCC_RUNTIME_HOOKS_HOOKS_H
#define BPFCC_RUNTIME_HOOKS_HOOKS_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace bpfcc {

/// What a program is attached to, as far as its context goes.
enum class HookKind : uint8_t {
  Xdp,          ///< struct xdp_md; packets
  Tc,           ///< struct __sk_buff from the link header on
  SocketFilter, ///< struct __sk_buff
  CgroupSkb,    ///< struct __sk_buff from the network header on
  Raw,          ///< bytes that the user gives, or zeroes
};

struct HookInfo {
  HookKind Kind;
  /// Raw: how many bytes the context has if the user says nothing, and
  /// whether the program may write to it.
  uint32_t CtxSize;
  bool CtxWritable;
};

inline bool takesPackets(HookKind K) { return K != HookKind::Raw; }

/// What a program in the ELF section \p Section is attached to, by libbpf's
/// section names. Unknown sections get a raw context.
HookInfo hookForSection(llvm::StringRef Section);

/// What \p R0 says to the kernel: `XDP_PASS`, `TC_ACT_SHOT`, `drop`, or the
/// number.
std::string verdictName(HookKind Kind, uint64_t R0);

} // namespace bpfcc

#endif

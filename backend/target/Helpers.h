#ifndef BPFCC_BACKEND_TARGET_HELPERS_H
#define BPFCC_BACKEND_TARGET_HELPERS_H

#include "backend/target/ProgTypes.h"

#include <array>

namespace bpfcc::target {

/// What a helper wants in an argument. A pointer to memory is followed by its
/// size where the next argument is a Size or SizeOrZero.
enum class ArgKind : uint8_t {
  None,           ///< no such argument
  Any,            ///< any value
  Map,            ///< a map
  MapKey,         ///< memory of the map's key size, read
  MapValue,       ///< memory of the map's value size, read
  MapValueOrNull, ///< the same; or, for local storage, null
  MapValueWrite,  ///< memory of the map's value size, written
  MemRead,        ///< memory of the size that follows, read
  MemReadOrNull,
  MemWrite,           ///< the same, written in full; need not be initialised
  MemReadWrite,       ///< the same, read and written
  MemReadWriteOrNull, ///< the same
  FixedRead20,        ///< 20 bytes, read
  FixedRead40,
  FixedWrite8,
  FixedReadWrite4,
  FixedReadWrite8,
  Size,       ///< bytes of the argument before, not 0
  SizeOrZero, ///< bytes of the argument before
  AllocSize,  ///< constant number of bytes to allocate
  Ctx,        ///< the context
  CtxOrNull,
  SpinLock, ///< struct bpf_spin_lock in a map value
  Timer,    ///< struct bpf_timer in a map value
  KptrDest, ///< pointer field of a map value
  ConstStr, ///< string that ends in 0, in a read-only map
  Func,     ///< BPF function
  ListHead, ///< struct bpf_list_head
  ListNode, ///< struct bpf_list_node in an object
  RbRoot,   ///< struct bpf_rb_root
  RbNode,   ///< struct bpf_rb_node in an object
  StackOrNull,
  RingbufMem, ///< what ringbuf_reserve gave; released
  DynptrNew,  ///< struct bpf_dynptr on the stack, written
  Dynptr,
  DynptrRelease,
  BtfId, ///< kernel object with BTF
  BtfIdOrNull,
  BtfIdReleaseOrNull,
  PerCpuBtfId,
  Socket,     ///< struct bpf_sock, full
  SockCommon, ///< struct bpf_sock
  BtfSock,    ///< struct bpf_sock or a kernel socket with BTF
  BtfSockRelease,
};

enum class RetKind : uint8_t {
  Void,
  Int,
  MapValue,
  MapValueOrNull,
  RingbufMemOrNull,
  DynptrMemOrNull,
  MemOrNull, ///< memory of the size that the kfunc says
  SocketOrNull,
  SockCommonOrNull,
  TcpSockOrNull,
  BtfId,
  BtfIdOrNull,
  PerCpuVar,
  PerCpuVarOrNull,
};

/// Whether a verifier expects results of kind \p Kind to be null at times.
constexpr bool mayBeNull(RetKind Kind) {
  switch (Kind) {
  case RetKind::MapValueOrNull:
  case RetKind::RingbufMemOrNull:
  case RetKind::DynptrMemOrNull:
  case RetKind::MemOrNull:
  case RetKind::SocketOrNull:
  case RetKind::SockCommonOrNull:
  case RetKind::TcpSockOrNull:
  case RetKind::BtfIdOrNull:
  case RetKind::PerCpuVarOrNull:
    return true;
  default:
    return false;
  }
}

/// What a helper does beside its result. Which memory it reads and writes is
/// in its arguments' kinds.
enum HelperEffect : uint8_t {
  NoEffects = 0,
  Gpl = 1,           ///< only for programs with a GPL-compatible licence
  ChangesPacket = 2, ///< packet pointers taken before are invalid after
  Acquires = 4,      ///< the result must be released
  Releases = 8,      ///< releases an argument
  Sleeps = 16,       ///< only in sleepable programs
  Fastcall = 32,     ///< r1 to r5 may survive
  PacketArgs = 64,   ///< memory that it is given may lie in the packet
};

struct HelperInfo {
  unsigned Id;
  const char *Name; ///< as in bpf_helpers.h: `bpf_map_lookup_elem`
  KernelVersion Since;
  RetKind Result;
  uint8_t Effects;    ///< HelperEffect
  uint64_t ProgTypes; ///< bit n: program type n may call it
  std::array<ArgKind, 5> Args;

  unsigned numArgs() const {
    unsigned N = 0;
    while (N < 5 && Args[N] != ArgKind::None)
      ++N;
    return N;
  }
  bool allows(ProgType T) const { return ProgTypes >> unsigned(T) & 1; }
};

/// Kernel functions that user space has are helpers with numbers from here on,
/// in the order of kfuncs.def. No instruction holds such a number.
constexpr unsigned FirstKfunc = 1 << 16;

/// The helper of this number, or the kernel function from FirstKfunc on. Null
/// if Linux 6.12 has no such helper.
const HelperInfo *helperById(unsigned Id);
const HelperInfo *helperByName(llvm::StringRef Name);

/// The row of kfuncs.def for the extern \p Name, whose `___flavor` does not
/// matter (libbpf); null if there is none.
const HelperInfo *kfuncByName(llvm::StringRef Name);

} // namespace bpfcc::target

#endif

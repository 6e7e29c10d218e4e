// Which program types may read and write which fields of their context: the
// table against the verifier of the kernel that runs here. A program that makes
// one access is loaded for each pair. Skipped where bpf(2) is refused.

#include "backend/target/CtxFields.h"

#include <cstdint>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "gtest/gtest.h"

using namespace bpfcc::target;

namespace {

/// An attach type of \p T whose programs see \p Field, and a result that such
/// programs may return.
struct Attach {
  uint32_t Type;
  int Result;
};
Attach attachFor(ProgType T, llvm::StringRef Field) {
  switch (T) {
  case ProgType::Xdp: // only programs of a device map see where a packet leaves
    return {BPF_XDP_DEVMAP, 0};
  case ProgType::CgroupSock:
    if (Field.starts_with("src_ip6") || Field == "src_port")
      return {BPF_CGROUP_INET6_POST_BIND, 1};
    if (Field == "src_ip4" || Field == "dst_port" || Field == "dst_ip4")
      return {BPF_CGROUP_INET4_POST_BIND, 1};
    return {BPF_CGROUP_INET_SOCK_CREATE, 1};
  case ProgType::CgroupSockAddr:
    return {uint32_t(Field.contains("ip6") ? BPF_CGROUP_UDP6_SENDMSG
                                           : BPF_CGROUP_UDP4_SENDMSG),
            1};
  case ProgType::CgroupSockopt:
    return {uint32_t(Field == "level" || Field == "optname"
                         ? BPF_CGROUP_SETSOCKOPT
                         : BPF_CGROUP_GETSOCKOPT),
            1};
  case ProgType::SockOps:
    return {BPF_CGROUP_SOCK_OPS, 1};
  case ProgType::SkReuseport:
    return {BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 1};
  case ProgType::SkMsg:
    return {BPF_SK_MSG_VERDICT, 1};
  case ProgType::SkLookup:
    return {BPF_SK_LOOKUP, 1};
  case ProgType::CgroupDevice:
    return {BPF_CGROUP_DEVICE, 1};
  case ProgType::CgroupSysctl:
    return {BPF_CGROUP_SYSCTL, 1};
  default:
    return {0, 0};
  }
}

uint8_t sizeBits(unsigned Bytes) {
  return Bytes == 1 ? BPF_B : Bytes == 2 ? BPF_H : Bytes == 8 ? BPF_DW : BPF_W;
}

bool loads(ProgType T, llvm::StringRef Field, unsigned Offset, unsigned Bytes,
           bool Write) {
  Attach Where = attachFor(T, Field);
  bpf_insn Code[4] = {};
  Code[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  Code[1].code =
      uint8_t((Write ? BPF_STX : BPF_LDX) | BPF_MEM) | sizeBits(Bytes);
  Code[1].dst_reg = Write ? 1 : 2;
  Code[1].src_reg = Write ? 0 : 1;
  Code[1].off = int16_t(Offset);
  Code[2].code = BPF_ALU64 | BPF_MOV | BPF_K;
  Code[2].imm = Where.Result;
  Code[3].code = BPF_JMP | BPF_EXIT;
  bpf_attr A{};
  A.prog_type = unsigned(T);
  A.expected_attach_type = Where.Type;
  A.insns = reinterpret_cast<uint64_t>(Code);
  A.insn_cnt = 4;
  A.license = reinterpret_cast<uint64_t>("GPL");
  long Fd = syscall(SYS_bpf, BPF_PROG_LOAD, &A, sizeof(A));
  if (Fd >= 0)
    close(int(Fd));
  return Fd >= 0;
}

TEST(KernelContexts, AccessesAsTheVerifierSays) {
  utsname Host;
  uname(&Host);
  auto Version = parseKernelVersion(Host.release);
  if (!Version || *Version < KernelVersion{6, 12})
    GTEST_SKIP() << "the table is of Linux 6.12, this is " << Host.release;
  if (!loads(ProgType::SocketFilter, "len", SkBuff_len, 4, false))
    GTEST_SKIP() << "bpf(2) is refused here";
  unsigned Checked = 0;
  for (unsigned N = 1; const ProgTypeInfo *T = progTypeInfo(N); ++N)
    for (const CtxFieldInfo &F : ctxFields()) {
      if (F.Layout != T->Context)
        continue;
      unsigned Bytes = F.Size <= 2 || F.Size == 8 ? F.Size : 4;
      EXPECT_EQ(loads(T->Type, F.Name, F.Offset, Bytes, false),
                F.Readers >> N & 1)
          << T->KernelName << " reads " << F.Name;
      EXPECT_EQ(loads(T->Type, F.Name, F.Offset, Bytes, true),
                F.Writers >> N & 1)
          << T->KernelName << " writes " << F.Name;
      ++Checked;
    }
  EXPECT_GT(Checked, 300u);
}

} // namespace

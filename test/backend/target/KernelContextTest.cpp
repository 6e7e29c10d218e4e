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

uint8_t sizeBits(unsigned Bytes) {
  return Bytes == 1 ? BPF_B : Bytes == 8 ? BPF_DW : BPF_W;
}

bool loads(ProgType T, unsigned Offset, unsigned Bytes, bool Write) {
  bpf_insn Code[4] = {};
  Code[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  Code[1].code =
      uint8_t((Write ? BPF_STX : BPF_LDX) | BPF_MEM) | sizeBits(Bytes);
  Code[1].dst_reg = Write ? 1 : 2;
  Code[1].src_reg = Write ? 0 : 1;
  Code[1].off = int16_t(Offset);
  Code[2].code = BPF_ALU64 | BPF_MOV | BPF_K;
  Code[3].code = BPF_JMP | BPF_EXIT;
  bpf_attr A{};
  A.prog_type = unsigned(T);
  // Only programs of a device map see where a packet leaves.
  A.expected_attach_type = T == ProgType::Xdp ? BPF_XDP_DEVMAP : 0;
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
  if (!loads(ProgType::SocketFilter, SkBuff_len, 4, false))
    GTEST_SKIP() << "bpf(2) is refused here";
  unsigned Checked = 0;
  for (unsigned N = 1; const ProgTypeInfo *T = progTypeInfo(N); ++N)
    for (const CtxFieldInfo &F : ctxFields()) {
      if (F.Layout != T->Context)
        continue;
      unsigned Bytes = F.Size == 1 || F.Size == 8 ? F.Size : 4;
      EXPECT_EQ(loads(T->Type, F.Offset, Bytes, false), F.Readers >> N & 1)
          << T->KernelName << " reads " << F.Name;
      EXPECT_EQ(loads(T->Type, F.Offset, Bytes, true), F.Writers >> N & 1)
          << T->KernelName << " writes " << F.Name;
      ++Checked;
    }
  EXPECT_GT(Checked, 300u);
}

} // namespace

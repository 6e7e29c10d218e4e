// Packets are read by wide accesses where the machine named takes them.
// RUN: bpfcc -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s --check-prefix=WIDE
// RUN: bpfcc -D__TARGET_ARCH_arm64 -S %s -o - | FileCheck %s --check-prefix=WIDE
// RUN: bpfcc -D__TARGET_ARCH_riscv -S %s -o - | FileCheck %s --check-prefix=BYTES
// RUN: bpfcc -S %s -o - | FileCheck %s --check-prefix=BYTES
// RUN: bpfcc -Xclang -target-feature -Xclang +allows-misaligned-mem-access \
// RUN:   -S %s -o - | FileCheck %s --check-prefix=WIDE
// RUN: bpfcc -D__TARGET_ARCH_x86 -Xclang -target-feature \
// RUN:   -Xclang -allows-misaligned-mem-access \
// RUN:   -S %s -o - | FileCheck %s --check-prefix=BYTES
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct numbers {
  char c;
  unsigned n;
} __attribute__((packed));

SEC("xdp") int f(struct xdp_md *ctx) {
  struct numbers *p = (void *)(long)ctx->data;
  if ((void *)(p + 1) > (void *)(long)ctx->data_end)
    return 0;
  return p->n;
}

// WIDE: *(u32 *)(r{{[0-9]}} + 0x1)
// BYTES: *(u8 *)(r{{[0-9]}} + 0x4)

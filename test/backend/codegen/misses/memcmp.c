// Two addresses of a packet are compared in 6 instructions, and each way that they
// lead starts there.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <linux/if_ether.h>

// CHECK-LABEL: {{^}}same:
// CHECK: if r3 > r1 goto
// CHECK-NEXT: w1 = *(u32 *)(r2 + 0x0)
// CHECK-NEXT: w3 = *(u32 *)(r2 + 0x6)
// CHECK-NEXT: if r1 != r3 goto [[OTHER:.*]]
// CHECK-NEXT: w1 = *(u16 *)(r2 + 0x4)
// CHECK-NEXT: w2 = *(u16 *)(r2 + 0xa)
// CHECK-NEXT: r0 = 0x3
// CHECK-NEXT: if r1 == r2 goto [[EXIT:.*]]
// CHECK-NEXT: [[OTHER]]:
// CHECK-NEXT: r0 = 0x2
// CHECK-NEXT: [[EXIT]]:
// CHECK-NEXT: exit
SEC("xdp") int same(struct xdp_md *ctx) {
  struct ethhdr *eth = (void *)(long)ctx->data;
  if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
    return XDP_DROP;
  return __builtin_memcmp(eth->h_dest, eth->h_source, 6) == 0 ? XDP_TX : XDP_PASS;
}

// CHECK-LABEL: {{^}}truth:
// CHECK: if r1 != r3 goto [[OTHER:.*]]
// CHECK: if r1 != r2 goto [[OTHER]]
// CHECK-NEXT: {{.*}}:
// CHECK-NEXT: r0 = 0x1
// CHECK-NEXT: exit
// CHECK-NEXT: [[OTHER]]:
// CHECK-NEXT: r0 = 0x0
// CHECK-NEXT: exit
SEC("xdp") int truth(struct xdp_md *ctx) {
  struct ethhdr *eth = (void *)(long)ctx->data;
  if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
    return XDP_DROP;
  return __builtin_memcmp(eth->h_dest, eth->h_source, 6) == 0;
}
char LICENSE[] SEC("license") = "GPL";

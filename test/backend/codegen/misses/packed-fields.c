// Fields of a packed structure in a packet are read at once.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct record {
  __u32 a;
  __u64 b;
} __attribute__((packed));
__u64 total;

// CHECK-LABEL: {{^}}sum:
// CHECK: if r{{[0-9]}} > r{{[0-9]}} goto
// CHECK: w[[A:[0-9]]] = *(u32 *)([[P:r[0-9]]] + 0x0)
// CHECK-NEXT: r[[B:[0-9]]] = *(u64 *)([[P]] + 0x4)
// CHECK-NEXT: r[[B]] += r[[A]]
// CHECK-NOT: u8
// CHECK: exit
SEC("xdp") int sum(struct xdp_md *ctx) {
  struct record *r = (void *)(long)ctx->data;
  if ((void *)(r + 1) > (void *)(long)ctx->data_end)
    return XDP_DROP;
  total = r->a + r->b;
  return XDP_PASS;
}
char LICENSE[] SEC("license") = "GPL";

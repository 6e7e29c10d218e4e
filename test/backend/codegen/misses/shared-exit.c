// Ways that return the same number share it, and an exit of their own.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// CHECK-LABEL: {{^}}parse:
// CHECK-NOT: r0 =
// CHECK-COUNT-5: goto [[DROP:.L[0-9_]*]]
// CHECK-NOT: goto [[DROP]]
// CHECK: r0 = 0x3
// CHECK: r0 = 0x2
// CHECK: exit
// CHECK-NEXT: [[DROP]]:
// CHECK-NEXT: r0 = 0x1
// CHECK-NEXT: exit
// CHECK-NOT: goto
SEC("xdp") int parse(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 14 > end || data[12] != 8)
    return XDP_DROP;
  if (data + 34 > end || data[23] != 6)
    return XDP_DROP;
  if (data + 54 > end)
    return XDP_DROP;
  return data[47] == 80 ? XDP_PASS : XDP_TX;
}
char LICENSE[] SEC("license") = "GPL";

// A pointer into a packet is used with another distance rather than made again; the
// verifier has seen how far it may be used.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// CHECK-LABEL: {{^}}options:
// CHECK: [[P:r[0-9]]] += r
// CHECK-NOT: += r
// CHECK: if r{{[0-9]}} > r{{[0-9]}} goto
// CHECK-NEXT: w{{[0-9]}} = *(u8 *)([[P]] + 0x11)
// CHECK-NEXT: w{{[0-9]}} = *(u8 *)([[P]] + 0x12)
// CHECK: exit
SEC("xdp") int options(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 20 > end)
    return XDP_DROP;
  __u32 length = (data[14] & 15) * 4;
  unsigned char *header = data + 14 + length;
  if (header + 8 > end)
    return XDP_DROP;
  unsigned char *start = data + length;
  return header[3] + start[18];
}
char LICENSE[] SEC("license") = "GPL";

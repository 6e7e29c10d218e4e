// A helper only reads a key: its value, and what is known of it, stays in a register.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} table SEC(".maps");

// CHECK-LABEL: {{^}}again:
// CHECK: w6 = *(u32 *)(r1 + 0x10)
// CHECK: *(u32 *)(r10 - 0x4) = w6
// CHECK: call 0x1
// CHECK-NOT: r10
// CHECK: += r6
// CHECK: exit
SEC("xdp") int again(struct xdp_md *ctx) {
  __u32 key = ctx->rx_queue_index;
  __u64 *value = bpf_map_lookup_elem(&table, &key);
  if (!value)
    return XDP_DROP;
  *value += key;
  return XDP_PASS;
}
char LICENSE[] SEC("license") = "GPL";

// Two addresses that stand beside each other, here and there, are copied as one
// object; within a packet only away from what is written.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <linux/if_ether.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct ethhdr);
} table SEC(".maps");

// CHECK-LABEL: {{^}}rewrite:
// CHECK: if r0 == 0x0 goto
// CHECK-NEXT: r1 = *(u64 *)(r0 + 0x0)
// CHECK-NEXT: *(u64 *)(r6 + 0x0) = r1
// CHECK-NEXT: w1 = *(u32 *)(r0 + 0x8)
// CHECK-NEXT: *(u32 *)(r6 + 0x8) = w1
// CHECK-NEXT: r0 =
SEC("xdp") int rewrite(struct xdp_md *ctx) {
  struct ethhdr *eth = (void *)(long)ctx->data;
  __u32 key = 0;
  if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
    return XDP_DROP;
  struct ethhdr *value = bpf_map_lookup_elem(&table, &key);
  if (!value)
    return XDP_DROP;
  __builtin_memcpy(eth->h_dest, value->h_dest, 6);
  __builtin_memcpy(eth->h_source, value->h_source, 6);
  return XDP_TX;
}
char LICENSE[] SEC("license") = "GPL";

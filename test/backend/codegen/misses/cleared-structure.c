// A structure is cleared and a field set by one store.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct key {
  __u64 a;
  __u32 b, c;
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, struct key);
  __type(value, __u64);
} table SEC(".maps");

// CHECK-LABEL: {{^}}lookup:
// CHECK-NEXT: *(u64 *)(r10 - 0x10) = 0x0
// CHECK-NEXT: *(u64 *)(r10 - 0x8) = 0x7
// CHECK-NEXT: r1 = table ll
SEC("xdp") int lookup(struct xdp_md *ctx) {
  struct key k = {};
  k.b = 7;
  return bpf_map_lookup_elem(&table, &k) ? XDP_PASS : XDP_DROP;
}
char LICENSE[] SEC("license") = "GPL";

// Two keys that are 0 share their memory, and one store.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

// CHECK-LABEL: {{^}}both:
// CHECK-NEXT: *(u32 *)(r10 - 0x4) = 0x0
// CHECK-NOT: *(u32 *)(r10
// CHECK-COUNT-2: += -0x4
// CHECK-NOT: r10
// CHECK: exit
SEC("xdp") int both(struct xdp_md *ctx) {
  __u32 k = 0, l = 0;
  __u64 *a = bpf_map_lookup_elem(&first, &k);
  if (!a)
    return XDP_DROP;
  __u64 *b = bpf_map_lookup_elem(&second, &l);
  if (!b)
    return XDP_DROP;
  *a += *b;
  return XDP_PASS;
}
char LICENSE[] SEC("license") = "GPL";

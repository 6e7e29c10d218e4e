// A key that is smaller than those of the map.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     key-too-small.c:19:{{([0-9]+:)?}} error: {{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, __u64); __type(value, long); } hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
#ifdef FIXED
  __u64 key = 1;
#else
  __u32 key = 1;
#endif
  return bpf_map_lookup_elem(&hits, &key) ? XDP_PASS : XDP_DROP;
}

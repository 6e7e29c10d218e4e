// The wrong one of two pointers is compared.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     null-check-of-other.c:25:{{([0-9]+:)?}} error: `b` may be null here
// CHECK:     help: add `if (!b) return 0;` before
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int one = 1, two = 2;
  long *a = bpf_map_lookup_elem(&hits, &one);
  long *b = bpf_map_lookup_elem(&hits, &two);
#ifdef FIXED
  if (!a || !b)
#else
  if (!a)
#endif
    return XDP_DROP;
  *a += 1;
  *b += 1;
  return XDP_PASS;
}

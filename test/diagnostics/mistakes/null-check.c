// A lookup whose result is not compared with null.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     null-check.c:21:{{([0-9]+:)?}} error: `v` may be null here
// CHECK:     help: add `if (!v) return 0;` before
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 1;
  long *v = bpf_map_lookup_elem(&hits, &key);
#ifdef FIXED
  if (!v)
    return XDP_DROP;
#endif
  *v += 1;
  return XDP_PASS;
}

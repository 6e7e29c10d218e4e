// A write to a map that programs may only read.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     readonly-map.c:22:{{([0-9]+:)?}} error: {{.*}}read{{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
#define FLAGS 0
#else
#define FLAGS BPF_F_RDONLY_PROG
#endif
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __uint(map_flags, FLAGS); __type(key, int); __type(value, long); } limits SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  int key = 0;
  long *v = bpf_map_lookup_elem(&limits, &key);
  if (v)
    *v = 1;
  return XDP_PASS;
}

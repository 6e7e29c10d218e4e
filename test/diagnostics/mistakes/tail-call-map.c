// A tail call with a map that is none of programs.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     tail-call-map.c:19:{{([0-9]+:)?}} error: {{.*}}`hits`{{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4); __type(key, int); __type(value, int); } programs SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
#ifdef FIXED
  bpf_tail_call(ctx, &programs, 1);
#else
  bpf_tail_call(ctx, &hits, 1);
#endif
  return XDP_PASS;
}

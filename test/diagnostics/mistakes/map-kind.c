// A function of queues on a hash.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     map-kind.c:20:{{([0-9]+:)?}} error: {{.*}}`hits`{{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

struct { __uint(type, BPF_MAP_TYPE_QUEUE); __uint(max_entries, 4); __type(value, long); } sizes SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  long value = 1;
#ifdef FIXED
  bpf_map_push_elem(&sizes, &value, 0);
#else
  bpf_map_push_elem(&hits, &value, 0);
#endif
  return XDP_PASS;
}

// Events for a map that takes none.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     perf-event-map.c:20:{{([0-9]+:)?}} error: {{.*}}`hits`{{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, int); __type(value, long); } hits SEC(".maps");

struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, 4); __uint(value_size, 4); } events SEC(".maps");

SEC("xdp") int prog(struct xdp_md *ctx) {
  long value = 1;
#ifdef FIXED
  bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &value, sizeof(value));
#else
  bpf_perf_event_output(ctx, &hits, BPF_F_CURRENT_CPU, &value, sizeof(value));
#endif
  return XDP_PASS;
}

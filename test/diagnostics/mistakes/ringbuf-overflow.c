// More is written than was reserved.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     ringbuf-overflow.c:24:{{([0-9]+:)?}} error: 8 bytes at offset 8 of {{.*}} which has 8 bytes
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

struct event { long a, b; };

SEC("tracepoint/x/y") int prog(void *ctx) {
#ifdef FIXED
  struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
#else
  struct event *e = bpf_ringbuf_reserve(&events, sizeof(e), 0);
#endif
  if (!e)
    return 0;
  e->a = 1;
  e->b = bpf_ktime_get_ns();
  bpf_ringbuf_submit(e, 0);
  return 0;
}

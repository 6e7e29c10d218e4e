// A reservation that is not compared with null.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     ringbuf-null.c:19:{{([0-9]+:)?}} error: `e` may be null here
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

SEC("tracepoint/x/y") int prog(void *ctx) {
  int *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
#ifdef FIXED
  if (!e)
    return 0;
#endif
  *e = 1;
  bpf_ringbuf_submit(e, 0);
  return 0;
}

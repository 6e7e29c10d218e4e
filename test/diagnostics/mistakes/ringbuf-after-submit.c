// A record that is used after it was submitted.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     ringbuf-after-submit.c:22:{{([0-9]+:)?}} error: {{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

SEC("tracepoint/x/y") int prog(void *ctx) {
  int *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
  if (!e)
    return 0;
#ifdef FIXED
  *e = 1;
#endif
  bpf_ringbuf_submit(e, 0);
#ifndef FIXED
  *e = 1;
#endif
  return 0;
}

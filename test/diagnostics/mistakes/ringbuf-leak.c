// A record that one path keeps.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     ringbuf-leak.c:25:{{([0-9]+:)?}} error: the end of the program is reached, and a ring buffer record is still held
// CHECK:     help: release it on every path
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

SEC("tracepoint/x/y") int prog(void *ctx) {
  int *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
  if (!e)
    return 0;
  *e = bpf_get_current_pid_tgid() >> 32;
#ifndef FIXED
  if (*e == 1)
    return 0;
#endif
  bpf_ringbuf_submit(e, 0);
  return 0;
}

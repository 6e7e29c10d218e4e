// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:      leaked-record.c:{{[0-9]+}}:{{[0-9]+}}: error: the end of the program is reached, and a ring buffer record is still held
// CHECK:      help: release it on every path
// CHECK-NEXT: leaked-record.c:21:{{[0-9]+}}: note: (1) it is taken here
// CHECK-NOT:  error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct event { int pid, kind; };

SEC("tracepoint/x/y") int prog(void *ctx) {
  // The record must be given back on the path that leaves early, too.
  struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
  if (!e)
    return 0;
  e->pid = bpf_get_current_pid_tgid() >> 32;
  if (e->pid == 1) {
#ifdef FIXED
    bpf_ringbuf_discard(e, 0);
#endif
    return 0;
  }
  e->kind = 1;
  bpf_ringbuf_submit(e, 0);
  return 0;
}

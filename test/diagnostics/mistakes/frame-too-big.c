// A frame over 512 bytes: one error, which names the variables.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     frame-too-big.c:22:{{([0-9]+:)?}} error: stack of `on_exec` needs 664 bytes, the limit is 512 [BPF0201]
// CHECK:     help: move the largest objects to a map: `a` 300 bytes, `b` 300 bytes, `comm` 64 bytes
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
#define SIZE 60
#else
#define SIZE 300
#endif
struct event { char text[SIZE]; };

SEC("kprobe/x") int on_exec(void *ctx) {
  struct event a, b;
  char comm[64];
  bpf_get_current_comm(comm, sizeof(comm));
  bpf_get_current_comm(&a, sizeof(a));
  bpf_get_current_comm(&b, sizeof(b));
  return comm[3] + a.text[5] + b.text[4];
}

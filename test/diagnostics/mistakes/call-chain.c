// The stack of a chain of calls.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     call-chain.c:26:{{([0-9]+:)?}} error: stack of `prog` needs 608 bytes, the limit is 512: `prog` (300) -> `inner` (300)
// CHECK:     help: move large variables to a per-CPU array map
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
#define SIZE 100
#else
#define SIZE 300
#endif
static __attribute__((noinline)) int inner(void) {
  char room[SIZE];
  bpf_get_current_comm(room, sizeof(room));
  return room[3];
}

SEC("kprobe/x") int prog(void *ctx) {
  char room[SIZE];
  bpf_get_current_comm(room, sizeof(room));
  return room[5] + inner();
}

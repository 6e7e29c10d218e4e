// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     call-chain-stack.c:{{[0-9]+}}:{{.*}}error: stack of `prog` needs {{6[0-9]+}} bytes, the limit is 512: `prog` (3{{[0-9]+}}) -> `inner` (3{{[0-9]+}})
// CHECK:     help: move large variables to a per-CPU array map
// CHECK-NOT: error:

// FIXED: accepted
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

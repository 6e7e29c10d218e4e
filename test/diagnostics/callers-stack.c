// A function does not leave an address of the stack in its caller's stack.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s

// CHECK:     callers-stack.c:{{[0-9:]+}} error: the address of a variable is stored in the stack of the function that called
// CHECK-NOT: {{error|warning}}:
// CHECK:     prog {{.*}}rejected
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) int keep(void **where) {
  *(void *volatile *)where = where;
  return 0;
}

SEC("xdp") int prog(struct xdp_md *ctx) {
  void *place = 0;
  keep(&place);
  asm volatile("" ::"r"(&place) : "memory");
  return XDP_PASS;
}

// An instruction reads through the context on every path, or on none.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s

// CHECK:     one-kind-of-pointer.c:{{[0-9:]+}} error: this goes through the context here and through another kind of pointer on another path, in one instruction
// CHECK:     help: give each its own code
// CHECK-NOT: {{error|warning}}:
// CHECK:     prog {{.*}}rejected
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") __attribute__((naked)) int prog(struct xdp_md *ctx) {
  asm volatile("r2 = *(u32 *)(r1 + 16)\n"
               "*(u64 *)(r10 - 8) = 0\n"
               "r3 = r1\n"
               "if r2 > 3 goto 1f\n"
               "r3 = r10\n"
               "r3 += -24\n"
               "*(u64 *)(r10 - 8) = 1\n"
               "1: r0 = *(u32 *)(r3 + 16)\n"
               "r0 = 2\n"
               "exit\n");
}

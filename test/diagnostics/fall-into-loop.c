// Kernels before 6.7 want a jump at the end of loops.
// RUN: bpfcc -Wno-verify -c %s -o %t.o
// RUN: not bpfcc check -mkernel=6.1,6.12 %t.o 2>&1 | FileCheck %s

// CHECK:     error: Linux 6.1 has no loops that end without a jump: Linux 6.7 was the first
// CHECK-NOT: {{error|warning}}:
// CHECK:     prog {{.*}}6.1{{.*}}rejected
// CHECK:     prog {{.*}}6.12{{.*}}accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") __attribute__((naked)) int prog(struct xdp_md *ctx) {
  asm volatile("r0 = *(u32 *)(r1 + 16)\n"
               "r0 &= 7\n"
               "r1 = 0\n"
               "goto 2f\n"
               "1: r1 += 1\n"
               "2: if r1 < r0 goto 1b\n"
               "r0 = 2\n"
               "exit\n");
}

// A loop before Linux 5.3.
// RUN: not bpfcc -mkernel=5.2 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=5.2 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     loop-on-old-kernel.c:19:{{([0-9]+:)?}} error: Linux 5.2 has no bounded loops: Linux 5.3 was the first
// CHECK:     help: unroll the loop
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  int sum = 0;
#ifdef FIXED
#pragma unroll
  for (int i = 0; i < 4; ++i)
#else
#pragma nounroll
  for (int i = 0; i < 100; ++i)
#endif
    sum += bpf_get_prandom_u32() & 1;
  return sum == 3;
}

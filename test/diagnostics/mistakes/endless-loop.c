// A loop that nothing bounds.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     endless-loop.c:17:{{([0-9]+:)?}} error: after 1000000 instructions the paths through the program have not come to an end
// CHECK:     help: bound the loops with a constant, or use bpf_loop()
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  volatile unsigned sum = 0;
#ifdef FIXED
  for (unsigned i = 0; i < 64 && i < ctx->rx_queue_index; ++i)
#else
  for (unsigned i = 0; i < ctx->rx_queue_index; ++i)
#endif
    sum += i;
  return sum > 5;
}

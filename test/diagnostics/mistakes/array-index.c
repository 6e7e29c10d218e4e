// An index that nothing bounds.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     array-index.c:19:{{([0-9]+:)?}} error: the offset into the value of map `.bss` has no upper bound
// CHECK:     help: compare the index with the size first
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

int counts[16];

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned i = ctx->rx_queue_index;
#ifdef FIXED
  if (i < 16)
#endif
    counts[i]++;
  return XDP_PASS;
}

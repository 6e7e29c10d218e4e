// A signed index that is bounded above alone.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     array-index-signed.c:21:{{([0-9]+:)?}} error: the number that is added to a pointer may be -8589934592
// CHECK:     help: compare it with a limit first
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

int counts[16];

SEC("xdp") int prog(struct xdp_md *ctx) {
  int i = ctx->rx_queue_index;
#ifdef FIXED
  if (i >= 0 && i < 16)
#else
  if (i < 16)
#endif
    counts[i]++;
  return XDP_PASS;
}

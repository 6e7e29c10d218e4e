// An index that is bounded by one too many.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     array-index-off-by-one.c:20:{{([0-9]+:)?}} error: the offset may be as large as 64, and an access of 4 bytes there ends behind the value of map `.bss`, which has 64 bytes
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

int counts[16];

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned i = ctx->rx_queue_index;
#ifdef FIXED
  if (i < 16)
#else
  if (i <= 16)
#endif
    counts[i]++;
  return XDP_PASS;
}

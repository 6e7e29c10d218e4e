// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     map-index.c:23:{{[0-9]+}}: error: {{.*}}the value of map `.bss`
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int counts[16];

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned i = ctx->rx_queue_index;
#ifdef FIXED
  if (i >= 16)
    return XDP_DROP;
#endif
  // An index that nothing bounds.
  int *at = &counts[i];
  *at += 1;
  return XDP_PASS;
}

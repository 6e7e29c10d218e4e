// A function of the C library.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     library-function.c:18:{{([0-9]+:)?}} error: `abort` is a function of the C library, which programs in the kernel do not have [BPF0614
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

void abort(void);

SEC("xdp") int prog(struct xdp_md *ctx) {
  if (ctx->rx_queue_index > 64)
#ifdef FIXED
    return XDP_ABORTED;
#else
    abort();
#endif
  return XDP_PASS;
}

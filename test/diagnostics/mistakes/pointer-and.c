// Bits of a pointer are taken.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     pointer-and.c:15:{{([0-9]+:)?}} error: {{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
#ifdef FIXED
  return ctx->rx_queue_index & 1;
#else
  return (long)ctx & 1;
#endif
}

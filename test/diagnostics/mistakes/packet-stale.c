// A packet pointer from before the packet was changed.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     packet-stale.c:22:{{([0-9]+:)?}} error: {{.*}}is a number here, and memory is read or written through it
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data;
  if (data + 20 > (unsigned char *)(long)ctx->data_end)
    return XDP_DROP;
  if (bpf_xdp_adjust_head(ctx, 4))
    return XDP_DROP;
#ifdef FIXED
  data = (void *)(long)ctx->data;
  if (data + 20 > (unsigned char *)(long)ctx->data_end)
    return XDP_DROP;
#endif
  return data[3] == 1 ? XDP_PASS : XDP_DROP;
}

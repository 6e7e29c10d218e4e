// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// A helper that moves the packet ends all pointers into it.
// CHECK:     stale-packet.c:[[#LINE:]]:{{[0-9]+}}: error: {{.*}} is a number here, and memory is read or written through it
// CHECK:     note: (1) the value comes from here
// CHECK-NEXT: if (bpf_xdp_adjust_head(ctx, 4)
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

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

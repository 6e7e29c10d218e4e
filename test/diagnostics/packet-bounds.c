// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     packet-bounds.c:21:{{[0-9]+}}: error: an access of 1 byte at offset 20 of the packet: no comparison with `data_end` on this path
// CHECK:     help: before it: `if ((void *){{.*}} + 21 > data_end) return ...;`
// CHECK-NOT: error:
// CHECK:     rejected

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data;
#ifdef FIXED
  if ((void *)data + 21 > (void *)(long)ctx->data_end)
    return XDP_DROP;
#endif
  return data[20] == 6 ? XDP_PASS : XDP_DROP;
}

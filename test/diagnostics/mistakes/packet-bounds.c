// A packet is read without a comparison with its end.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     packet-bounds.c:18:{{([0-9]+:)?}} error: an access of 1 byte at offset 20 of the packet: no comparison with `data_end` on this path
// CHECK:     help: before it: `if ((void *)data + 21 > data_end) return ...;`
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data;
#ifdef FIXED
  if ((void *)(data + 21) > (void *)(long)ctx->data_end)
    return XDP_DROP;
#endif
  return data[20] == 6 ? XDP_PASS : XDP_DROP;
}

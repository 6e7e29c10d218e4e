// An offset from the packet itself, which nothing bounds.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     packet-variable-offset.c:20:{{([0-9]+:)?}} error: an access of 1 byte at {{.*}} of the packet:
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  unsigned char *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
  if (data + 1 > end)
    return XDP_DROP;
  unsigned char *at = data + (data[0] & 15) * 4;
#ifdef FIXED
  if (at + 1 > end)
    return XDP_DROP;
#endif
  return *at == 6 ? XDP_PASS : XDP_DROP;
}

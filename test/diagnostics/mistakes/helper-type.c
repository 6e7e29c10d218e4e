// A helper that programs of this type may not call.
// RUN: not bpfcc -mkernel=6.12 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=6.12 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     helper-type.c:16:{{([0-9]+:)?}} error: `bpf_skb_store_bytes` cannot be called by programs of type XDP
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  char byte = 1;
#ifdef FIXED
  bpf_xdp_store_bytes(ctx, 0, &byte, 1);
#else
  bpf_skb_store_bytes((void *)ctx, 0, &byte, 1, 0);
#endif
  return XDP_PASS;
}

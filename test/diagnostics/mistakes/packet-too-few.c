// The comparison is for fewer bytes than are read.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     packet-too-few.c:21:{{([0-9]+:)?}} error: {{.*}} of the packet: {{.*}}12
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#include <linux/if_ether.h>

SEC("xdp") int prog(struct xdp_md *ctx) {
  struct ethhdr *eth = (void *)(long)ctx->data;
#ifdef FIXED
  if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
#else
  if ((void *)eth + 12 > (void *)(long)ctx->data_end)
#endif
    return XDP_DROP;
  return eth->h_proto == 8 ? XDP_PASS : XDP_DROP;
}

// bpf_printk() of four values before Linux 5.16.
// RUN: not bpfcc -mkernel=5.15 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=6.1 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     printk-of-four.c:12:{{([0-9]+:)?}} error: `bpf_trace_vprintk` is not in Linux 5.15; it came with 5.16
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  bpf_printk("%d %d %d %d", 1, 2, 3, 4);
  return XDP_PASS;
}

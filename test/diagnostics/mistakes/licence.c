// A helper for GPL programs without a licence.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     licence.c:16:{{([0-9]+:)?}} error: `bpf_trace_printk` is for programs with a GPL-compatible licence
// CHECK:     help: add `char LICENSE[] SEC("license") = "GPL";`
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
char LICENSE[] SEC("license") = "Dual BSD/GPL";
#endif

SEC("xdp") int prog(struct xdp_md *ctx) {
  bpf_printk("hello");
  return XDP_PASS;
}

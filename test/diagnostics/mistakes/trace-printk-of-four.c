// bpf_trace_printk() of four values.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     trace-printk-of-four.c:17:{{([0-9]+:)?}} error: `bpf_trace_printk` prints at most 3 values, this call has 4 [BPF0107]
// CHECK:     help: bpf_printk() of <bpf/bpf_helpers.h> prints more
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("xdp") int prog(struct xdp_md *ctx) {
  static const char text[] = "%d %d %d %d";
#ifdef FIXED
  bpf_trace_printk(text, sizeof(text), 1, 2, 3);
#else
  bpf_trace_printk(text, sizeof(text), 1, 2, 3, 4);
#endif
  return XDP_PASS;
}

// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     license.c:20:{{[0-9]+}}: error: `bpf_trace_printk` is for programs with a GPL-compatible licence {{.*}} [BPF0140]
// CHECK:     help: add `char LICENSE[] SEC("license") = "GPL";`
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
char LICENSE[] SEC("license") = "GPL";
#endif

SEC("xdp") int prog(struct xdp_md *ctx) {
  static const char text[] = "hello";
  bpf_trace_printk(text, sizeof(text));
  return XDP_PASS;
}

// Global data before Linux 5.2.
// RUN: not bpfcc -mkernel=4.19 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=4.19 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     global-data-on-old-kernel.c:15:{{([0-9]+:)?}} error: Linux 4.19 has no global variables: Linux 5.2 was the first [BPF0104]
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
SEC("xdp") int prog(struct xdp_md *ctx) { return XDP_PASS; }
#else
int count;
SEC("xdp") int prog(struct xdp_md *ctx) { return count++; }
#endif

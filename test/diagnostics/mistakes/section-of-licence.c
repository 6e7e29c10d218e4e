// A misspelt section of the licence: not that there is none.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     section-of-licence.c:14:{{([0-9]+:)?}} error: section `licence` means nothing to loaders [BPF0120
// CHECK:     help: did you mean `license`?
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#ifdef FIXED
char LICENSE[] SEC("license") = "GPL";
#else
char LICENSE[] SEC("licence") = "GPL";
#endif

SEC("xdp") int prog(struct xdp_md *ctx) {
  bpf_printk("hello");
  return XDP_PASS;
}

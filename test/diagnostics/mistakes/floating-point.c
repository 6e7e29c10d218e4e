// Floating point.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     floating-point.c:15:{{([0-9]+:)?}} error: floating point cannot run in BPF [BPF0601]
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("socket") int prog(struct __sk_buff *skb) {
#ifdef FIXED
  return skb->len * 3 / 2;
#else
  return skb->len * 1.5;
#endif
}

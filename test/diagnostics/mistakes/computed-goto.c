// A goto to what a variable holds.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     computed-goto.c:11:{{([0-9]+:)?}} error: computed goto cannot run in BPF [BPF0611]
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("socket") int prog(struct __sk_buff *skb) {
#ifdef FIXED
  return skb->len & 1 ? 10 : 20;
#else
  static void *const labels[] = {&&one, &&two};
  goto *labels[skb->len & 1];
one:
  return 10;
two:
  return 20;
#endif
}

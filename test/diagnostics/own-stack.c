// From Linux 6.13 on functions of tracing programs have stacks of their own.
// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check -mkernel=6.12 --prog traced %t.o 2>&1 | FileCheck %s
// RUN: bpfcc check -mkernel=6.18 --prog traced %t.o | FileCheck %s --check-prefix=NEW
// RUN: not bpfcc check -mkernel=6.18 --prog packet %t.o 2>&1 | FileCheck %s

// CHECK: error: stack of `{{traced|packet}}` needs {{[0-9]+}} bytes, the limit is 512
// NEW:   traced {{.*}} accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline long fill(volatile long *words) {
  volatile char mine[300] = {};
  mine[words[0] & 63] = 1;
  return mine[words[1] & 63];
}
static __noinline long twice(void) {
  volatile long words[30] = {};
  return fill(words);
}
SEC("kprobe/any") int traced(void *ctx) { return twice(); }
SEC("tc") int packet(struct __sk_buff *skb) { return twice(); }
char LICENSE[] SEC("license") = "GPL";

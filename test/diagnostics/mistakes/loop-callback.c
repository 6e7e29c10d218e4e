// A callback of bpf_loop() with another result than 0 and 1.
// RUN: not bpfcc -mkernel=6.12 -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -mkernel=6.12 -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     loop-callback.c:15:{{([0-9]+:)?}} error: {{.*}}
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

static long turn(unsigned index, void *data) {
#ifdef FIXED
  return 0;
#else
  return index;
#endif
}

SEC("tc") int prog(struct __sk_buff *skb) {
  bpf_loop(10, turn, 0, 0);
  return 0;
}

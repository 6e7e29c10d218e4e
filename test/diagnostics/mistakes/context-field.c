// A field that programs of this type may not write.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     context-field.c:15:{{([0-9]+:)?}} error: a write of 4 bytes at offset 68 of the context: programs of this type may not write `hash`
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

SEC("tc") int prog(struct __sk_buff *skb) {
#ifdef FIXED
  skb->mark = 5;
#else
  skb->hash = 5;
#endif
  return 0;
}

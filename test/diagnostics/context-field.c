// RUN: bpfcc -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     context-field.c:{{[0-9]+}}:{{.*}}error: a write of 4 bytes at offset 68 of the context: programs of this type may not write `hash`
// CHECK-NOT: error:

// FIXED: accepted
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc") int prog(struct __sk_buff *skb) {
#ifdef FIXED
  skb->mark = 5;
#else
  skb->hash = 5;
#endif
  return 0;
}

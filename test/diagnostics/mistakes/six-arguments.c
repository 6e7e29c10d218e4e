// A function of another file with six arguments.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     six-arguments.c:19:{{([0-9]+:)?}} error: `g` takes 6 arguments, BPF functions take at most 5 [BPF0603]
// CHECK:     help: a static function of this file may take more
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
static int g(int a, int b, int c, int d, int e, int f) { return a + b + c + d + e + f; }
#else
int g(int, int, int, int, int, int);
#endif

SEC("socket") int prog(struct __sk_buff *skb) {
  return g(1, 2, 3, 4, 5, skb->len);
}

// A variadic function.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     variadic.c:14:{{([0-9]+:)?}} error: variadic functions cannot run in BPF [BPF0602]
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

#ifdef FIXED
static int first(int n, int value) { return value; }
#else
static __attribute__((noinline)) int first(int n, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, n);
  return __builtin_va_arg(list, int);
}
#endif

SEC("socket") int prog(struct __sk_buff *skb) { return first(1, 2); }

// A call through a pointer.
// RUN: not bpfcc -Werror=verify -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: bpfcc -DFIXED -Werror=verify -c %s -o %t.fixed.o 2>&1 | count 0

// CHECK:     indirect-call.c:24:{{([0-9]+:)?}} error: an indirect call is not supported [BPF0610]
// CHECK:     help: call the functions by name, in a switch
// CHECK-NOT: {{error|warning}}:
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";

static __attribute__((noinline)) int one(int x) { return x + 1; }
static __attribute__((noinline)) int two(int x) { return x * 2; }
#ifdef FIXED
volatile int choice;
#else
int (*volatile chosen)(int) = one;
#endif

SEC("socket") int prog(void *ctx) {
#ifdef FIXED
  return choice ? one(1) : two(2);
#else
  return chosen(1) + two(2);
#endif
}

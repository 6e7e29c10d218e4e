// Code that a kernel of -mkernel= refuses is an error at its line; what a
// loader can resolve to nothing is not.
// RUN: bpfcc -mkernel=6.12 -c %s -o %t.o
// RUN: bpfcc -mkernel=5.13 -c %s -o %t.o
// RUN: not bpfcc -mkernel=6.1,5.4 -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: not bpfcc -mkernel=4.9 -mcpu=v3 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=OLD %s
#define SEC(n) __attribute__((section(n), used))
#define KSYM __attribute__((section(".ksyms")))
extern void strong(void) KSYM;
extern void weak(void) KSYM __attribute__((weak));
long count, other;

static __attribute__((noinline)) int sub(void *x) {
  return count += (long)x;
}

SEC("tc") int prog(void *ctx) {
  if (weak)
    weak();
  // CHECK: [[#@LINE+1]]:{{[0-9]+}}: error: Linux 5.4 has no calls of kernel functions: Linux 5.13 was the first [BPF0104]
  strong();
  // CHECK: [[#@LINE+2]]:{{[0-9]+}}: error: Linux 5.4 has no atomics other than additions
  // OLD: [[#@LINE+1]]:{{[0-9]+}}: error: Linux 4.9 has no global variables
  long old = __sync_fetch_and_or(&other, 5);
  // CHECK-NOT: error
  // OLD: [[#@LINE+1]]:{{[0-9]+}}: error: Linux 4.9 has no calls of BPF functions
  return old + sub(ctx);
}

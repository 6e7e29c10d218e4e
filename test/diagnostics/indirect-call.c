// RUN: clang -target bpf -O2 -g -mcpu=v3 -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: clang -target bpf -O2 -g -mcpu=v3 -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     indirect-call.c:20:{{[0-9]+}}: error: no kernel takes indirect calls
// CHECK:     help: call the functions by name, in a switch
// CHECK-NOT: error:

// FIXED: accepted

static __attribute__((noinline)) int one(int x) { return x + 1; }
static __attribute__((noinline)) int two(int x) { return x * 2; }
int (*volatile chosen)(int) = one;

__attribute__((section("socket"), used)) int prog(void *ctx) {
#ifdef FIXED
  return chosen ? one(1) : two(2);
#else
  return chosen(1) + two(2);
#endif
}

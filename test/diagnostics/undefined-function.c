// RUN: clang -target bpf -O2 -g -mcpu=v3 -c %s -o %t.o
// RUN: not bpfcc check %t.o 2>&1 | FileCheck %s
// RUN: clang -target bpf -O2 -g -mcpu=v3 -DFIXED -c %s -o %t.fixed.o
// RUN: bpfcc check %t.fixed.o | FileCheck %s --check-prefix=FIXED

// CHECK:     undefined-function.c:21:{{[0-9]+}}: error: `strlen` is called, and nothing defines it
// CHECK:     help: define it, or declare it `__ksym` if the kernel has it
// CHECK-NOT: error:

// FIXED: accepted

char text[8] = "abc";
#ifdef FIXED
static __attribute__((noinline)) unsigned length(const char *s) { return s[0] != 0; }
#define strlen length
#else
unsigned long strlen(const char *);
#endif

__attribute__((section("socket"), used)) int prog(void *ctx) {
  return strlen(text);
}

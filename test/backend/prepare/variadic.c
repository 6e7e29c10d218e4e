// A variadic function is one mistake, however often it is called.
// RUN: not bpfcc -O1 -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: variadic.c:[[@LINE+2]]: error: variadic functions cannot run in BPF
// CHECK-NOT: error
static __attribute__((noinline)) int sum(int n, ...) {
  __builtin_va_list List;
  __builtin_va_start(List, n);
  int Sum = n + __builtin_va_arg(List, int);
  __builtin_va_end(List);
  return Sum;
}

int both(int x) { return sum(1, x) + sum(2, x); }

// RUN: bpfcc -target bpf -O0 --verify-each -S %s -o - | FileCheck %s
// Memory that is asked for in a block that returns, or after what becomes
// branches, is a local variable.
void use(void *);

// CHECK: f:
// CHECK: call
int f(int x) {
  if (x) {
    use(__builtin_alloca(16));
    return 1;
  }
  return 2;
}

// CHECK: g:
// CHECK: call
int g(int x, int y) {
  long a = __builtin_popcount(x < y ? y : x);
  use(__builtin_alloca(16));
  return a;
}

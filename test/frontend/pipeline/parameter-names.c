// RUN: bpfcc -O0 -c %s -o %t.o
// RUN: bpfcc dump %t.o --no-code --btf | FileCheck %s
// The kernel refuses the types of a function whose parameters have no names,
// and without optimisation Clang keeps no list of them.

// CHECK-DAG: int entry(void *ctx, int unused);
// CHECK-DAG: static int half(int whole);
static int half(int whole) {
  int result = whole / 2;
  return result;
}

int entry(void *ctx, int unused) { return half(8); }

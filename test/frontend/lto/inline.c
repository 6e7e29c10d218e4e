// -flto: functions of one file are inlined in another, and what no program
// calls is gone; sources, bitcode and archives of bitcode give the same bytes.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: bpfcc -flto -DMAIN -c %s -o a.o && bpfcc -flto -c %s -o b.o
// RUN: llvm-bcanalyzer a.o | FileCheck --check-prefix=BITCODE %s
// RUN: bpfcc -flto a.o b.o -o c.o
// RUN: bpfcc dump c.o | FileCheck %s
// RUN: bpfcc run c.o --data 00 | FileCheck --check-prefix=RUNS %s
// RUN: bpfcc a.o b.o -o same.o && cmp c.o same.o
// RUN: ar rc libb.a b.o && bpfcc -flto a.o -L. -lb -o same.o && cmp c.o same.o
// RUN: bpfcc -flto a.o b.o -O0 -o O0.o && bpfcc run O0.o --data 00 | FileCheck --check-prefix=RUNS %s
// RUN: bpfcc -flto -target bpfeb -DMAIN -c %s -o a.be.o && bpfcc -flto -target bpfeb -c %s -o b.be.o
// RUN: bpfcc a.be.o b.be.o -o c.be.o && bpfcc run c.be.o --data 00 | FileCheck --check-prefix=RUNS %s

// Exported functions stay, and so do all with -r.
// RUN: bpfcc a.o b.o --export=unused -o d.o && llvm-readelf -s d.o | FileCheck --check-prefix=EXPORT %s
// RUN: bpfcc -r a.o b.o -o e.o && llvm-readelf -s e.o | FileCheck --check-prefix=PARTIAL %s

// BITCODE: LLVM IR
// CHECK-LABEL: xdp: prog
// CHECK-NOT: call add
// CHECK: exit
// CHECK: .text: slow
// CHECK-NOT: unused
// RUNS: {{^ +}}42{{ +}}1
// EXPORT-DAG: FUNC{{ +}}GLOBAL{{ +}}DEFAULT{{ +}}{{[0-9]+}} unused
// EXPORT-DAG: FUNC{{ +}}LOCAL{{ +}}DEFAULT{{ +}}{{[0-9]+}} slow
// PARTIAL-DAG: FUNC{{ +}}GLOBAL{{ +}}DEFAULT{{ +}}{{[0-9]+}} unused
// PARTIAL-DAG: FUNC{{ +}}GLOBAL{{ +}}DEFAULT{{ +}}{{[0-9]+}} slow

int add(int a, int b);
int slow(int x);
#ifdef MAIN
static int helper(int x) { return x - 1; }
__attribute__((section("xdp"), used)) int prog(void *ctx) {
  volatile int n = 20;
  return add(slow(n), helper(3));
}
#else
static int helper(int x) { return 2 * x; }
int unused(int x) { return x; }
int add(int a, int b) { return a + b; }
__attribute__((noinline)) int slow(int x) { return helper(x); }
#endif

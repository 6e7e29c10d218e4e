// Bitcode and objects are linked together: what an object calls stays, its
// strong definition counts beside a weak one of bitcode.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: bpfcc -flto -DMAIN -c %s -o a.bc.o && bpfcc -flto -c %s -o b.bc.o
// RUN: bpfcc -DMAIN -c %s -o a.o && bpfcc -c %s -o b.o
// RUN: bpfcc a.bc.o b.o -o c.o && bpfcc run c.o --data 00 | FileCheck %s
// RUN: bpfcc a.o b.bc.o -o d.o && bpfcc run d.o --data 00 | FileCheck %s
// RUN: bpfcc a.bc.o b.bc.o -o e.o && bpfcc run e.o --data 00 | FileCheck %s
// CHECK: {{^ +}}42{{ +}}1

int twice(int x);
int answer(void);
#ifdef MAIN
__attribute__((weak)) int answer(void) { return 1; }
__attribute__((section("xdp"), used)) int prog(void *ctx) {
  return twice(answer());
}
#else
int answer(void) { return 21; }
int twice(int x) { return 2 * x; }
#endif

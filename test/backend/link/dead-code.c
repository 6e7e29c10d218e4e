// `bpftool gen object` leaves a weak function that another replaces where it was,
// with its relocations and without a symbol; such an object runs, and links.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/weak.o -DKIND='__attribute__((weak))' -DVALUE=1
// RUN: bpfcc -c %s -o %t/strong.o -DKIND= -DVALUE=3 -DMAIN
// RUN: bpftool gen object %t/a.o %t/weak.o %t/strong.o
// RUN: bpfcc run %t/a.o --data 00 | FileCheck %s
// RUN: bpfcc %t/a.o -o %t/b.o
// RUN: bpfcc run %t/b.o --data 00 | FileCheck %s
// CHECK: {{^ +}}33{{ +}}1

#ifdef MAIN
int factor = 11;
#else
extern int factor;
#endif
KIND __attribute__((noinline)) int value(void) { return VALUE * factor; }
#ifdef MAIN
__attribute__((section("xdp"), used)) int prog(void *ctx) { return value(); }
#endif

// Calls across files, calls of static functions by their place, callbacks,
// variables of all sections, in both byte orders: the linked program computes
// what one of a single file does.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -target bpfel -c %s -o %t/a.o -DFIRST
// RUN: bpfcc -target bpfel -c %s -o %t/b.o -DSECOND
// RUN: bpfcc %t/a.o %t/b.o -o %t/c.o
// RUN: bpfcc run %t/c.o --data 00 | FileCheck %s
// RUN: bpfcc dump %t/c.o | FileCheck --check-prefix=DUMP %s
// RUN: bpfcc -target bpfeb -c %s -o %t/a.be.o -DFIRST
// RUN: bpfcc -target bpfeb -c %s -o %t/b.be.o -DSECOND
// RUN: bpfcc %t/b.be.o %t/a.be.o -o %t/c.be.o
// RUN: bpfcc run %t/c.be.o --data 00 | FileCheck %s

// Objects of Clang link with those of bpfcc.
// RUN: clang-22 -target bpf -O2 -g -c %s -o %t/a.clang.o -DFIRST
// RUN: bpfcc %t/a.clang.o %t/b.o -o %t/d.o
// RUN: bpfcc run %t/d.o --data 00 | FileCheck %s
// RUN: clang-22 -target bpf -O2 -g -c %s -o %t/b.clang.o -DSECOND
// RUN: bpfcc %t/a.clang.o %t/b.clang.o -o %t/e.o
// RUN: bpfcc run %t/e.o --data 00 | FileCheck %s

// A result can be linked again.
// RUN: bpfcc -r %t/a.o -o %t/a.r.o
// RUN: bpfcc %t/b.o %t/a.r.o -o %t/f.o
// RUN: bpfcc run %t/f.o --data 00 | FileCheck %s

// CHECK: {{^ +}}1234{{ +}}1

// DUMP: xdp: prog
// DUMP: call local
// DUMP: call add
// DUMP: call get
// DUMP: .text: local
// DUMP: .text: add
// DUMP: call local
// DUMP: .text: local

#define SEC(Name) __attribute__((section(Name), used))
#define NOINLINE __attribute__((noinline))
struct xdp_md;
extern int shared, zeroed;
extern const int constant;
int add(int x);
int get(void);

#ifdef FIRST
static volatile int mine = 1000;
static NOINLINE int local(int x) { return x + mine; }
int shared = 30;
SEC("xdp") int prog(struct xdp_md *ctx) {
  return add(local(0)) + get() + zeroed;
}
char Licence[] SEC("license") = "GPL";
#else
static volatile int mine = 200;
int zeroed;
const int constant = 4;
static NOINLINE int local(int x) { return x + mine; }
NOINLINE int get(void) {
  const volatile int *c = &constant;
  return *c;
}
NOINLINE int add(int x) { return local(x) + shared; }
char Other[] SEC("license") = "GPL";
#endif

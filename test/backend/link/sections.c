// Code and data of one name cannot be one section.
// RUN: rm -rf %t && mkdir %t
// RUN: bpfcc -c %s -o %t/a.o -DDATA
// RUN: bpfcc -c %s -o %t/b.o
// RUN: not bpfcc %t/a.o %t/b.o -o %t/c.o 2>&1 | FileCheck %s
// CHECK: b.o: error: section `odd` is code, in `{{.*}}a.o` it is data [BPF0712]

#ifdef DATA
__attribute__((section("odd"), used)) int x = 1;
#else
__attribute__((section("odd"), used)) int f(void) { return 1; }
#endif

// Variables of the arena have a section of their own, zero or not.
// RUN: bpfcc -O2 %s -o %t.o
// RUN: llvm-readelf -S -s %t.o | FileCheck %s

#define __arena __attribute__((address_space(1)))

// CHECK: [ [[AT:[0-9]+]]] .addr_space.1 PROGBITS {{.*}} 00000c 00 WA
// CHECK-DAG: {{0000000000000000 +8 OBJECT +GLOBAL DEFAULT}} [[AT]] zero
// CHECK-DAG: {{0000000000000008 +4 OBJECT +GLOBAL DEFAULT}} [[AT]] one
long __arena zero = 0;
int __arena one = 1;

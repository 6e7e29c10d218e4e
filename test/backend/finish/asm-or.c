// The `|` of inline assembly is an operator, more than once too.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: llvm-objdump -d %t.o | FileCheck %s
// CHECK: r0 |= r1
// CHECK: w0 |= w1
// CHECK: r0 |= {{0x4|4}}
__attribute__((naked, section("socket"))) int or(void) {
  asm volatile("r1 = 1\n r0 = 2\n r0 |= r1\n w0 |= w1\n r0 |= 4\n exit");
}

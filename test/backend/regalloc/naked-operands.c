// Assembly in a naked function has operands in registers like any other.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: llvm-objdump -d %t.o | FileCheck %s
// CHECK: r[[R:[0-9]]] = {{0x0|0}} ll
// CHECK: *(u64 *)(r10 - {{0x8|8}}) = r[[R]]
// CHECK: exit
int buffer;
__attribute__((naked, section("socket"))) int store(void) {
  asm volatile("*(u64 *)(r10 - 8) = %[p]\n r0 = 0\n exit" ::[p] "r"(&buffer));
}

// A source line that comes to no instruction at the end of a function.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: llvm-objdump -d %t.o | FileCheck %s
// CHECK: exit
// CHECK-NOT: exit
__attribute__((section("socket"))) int leave(void *skb) {
  asm volatile("r0 = 0\n exit");
  __builtin_unreachable();
}

// Instructions as numbers: negative ones, and one of two slots.
// RUN: bpfcc -O2 -c %s -o %t.o
// RUN: llvm-objdump -d %t.o | FileCheck %s
// CHECK: r1 = {{0x500000007|21474836487}} ll
// CHECK: r0 = {{-0x1|-1}}
// CHECK: exit
__attribute__((naked, section("socket"))) int raw(void) {
  asm volatile(".8byte 0x700000118\n .8byte 0x500000000\n"
               ".8byte -4294967113\n exit");
}

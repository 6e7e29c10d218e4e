// Nothing is added to a naked function, whatever its text does.
// RUN: bpfcc -c %s -o %t.o && llvm-objdump-22 -d --no-show-raw-insn %t.o | FileCheck %s
// CHECK:      goto +0x1
// CHECK-NEXT: exit
// CHECK-NOT:  {{[0-9]:}}
__attribute__((naked, section("socket"))) void f(void) {
  asm volatile("goto l0_%=; exit; l0_%=:" :::);
}

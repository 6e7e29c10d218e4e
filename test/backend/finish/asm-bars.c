// A bar outside braces is an operator; a naked function's operands stand in
// registers that its assembly leaves alone.
// RUN: bpfcc -target bpfel -O2 -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s

static volatile int values[4] __attribute__((used)) = {1, 2, 3, 4};

// CHECK: r[[VALUES:[6-9]]] = 
// CHECK-NEXT: r1 = r[[VALUES]]
// CHECK-NEXT: w0 = *(u32 *)(r1 + 0x4)
// CHECK-NEXT: r0 |= 0x7
// CHECK-NEXT: exit
__attribute__((section("socket"), used, naked)) int program(void) {
  asm volatile("r1 = %[values]; r0 = *(u32 *)(r1 + 4); r0 |= 7; exit;"
               :
               : [values] "p"(&values)
               : "r0", "r1", "r2", "r3", "r4", "r5", "memory");
}

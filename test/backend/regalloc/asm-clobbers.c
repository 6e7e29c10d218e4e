// What an assembly text reads is made where the text does not write.
// RUN: bpfcc -S -O2 %s -o - | FileCheck %s
extern int values[4];

// CHECK-LABEL: naked:
// CHECK-NEXT: r7 = values ll
// CHECK-NEXT: r6 = 0x3
__attribute__((naked, section("socket"))) int naked(void) {
  asm volatile("r6 = 3; r0 = r6; r1 = %0; r0 = *(u32 *)(r1 + 0); exit"
               :
               : "r"(&values)
               : "r0", "r1", "r2", "r3", "r4", "r5", "r6");
}

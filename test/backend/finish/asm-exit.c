// Nothing stands behind assembly text that leaves, unless a path leads there.
// RUN: bpfcc -target bpfel -O2 -c %s -o %t.o
// RUN: llvm-objdump -d --no-show-raw-insn %t.o | FileCheck %s

// CHECK-LABEL: <loop>:
// CHECK-NEXT: r0 = 0x0
// CHECK-NEXT: exit
// CHECK-EMPTY:
__attribute__((section("socket"))) int loop(int *ctx) {
  for (;;)
    asm volatile("r0 = 0; exit");
}

// CHECK-LABEL: <before>:
// CHECK-NEXT: r0 = 0x0
// CHECK-NEXT: exit
// CHECK-EMPTY:
__attribute__((section("socket"))) int before(int *ctx) {
  asm volatile("r0 = 0; exit");
  return ctx[0] ? ctx[1] : ctx[2];
}

// CHECK-LABEL: <around>:
// CHECK-NEXT: if r1 == 0x0 goto +0x2
// CHECK-NEXT: r0 = 0x0
// CHECK-NEXT: exit
// CHECK-NEXT: = *(u32 *)(r1 + 0x0)
__attribute__((section("socket"))) int around(volatile int *ctx) {
  asm volatile("if %0 == 0 goto 1f; r0 = 0; exit; 1:" : : "r"(ctx) : "r0");
  return *ctx;
}

// CHECK-LABEL: <unreachable>:
// CHECK: exit
// CHECK-NEXT: if r1 == 0x0 goto +0x2
// CHECK-NEXT: r0 = 0x3
// CHECK-NEXT: exit
// CHECK-NEXT: r0 = 0x0
// CHECK-NEXT: exit
// CHECK-EMPTY:
__attribute__((section("socket"))) int unreachable(int *ctx) {
  if (*ctx == 7) {
    asm volatile("if %0 == 0 goto 1f; r0 = 3; exit; 1:" : : "r"(ctx));
    __builtin_unreachable();
  }
  return 1;
}

// CHECK-LABEL: <naked>:
// CHECK-NEXT: r0 = 0x1
// CHECK-NEXT: exit
// CHECK-NOT: {{.}}
__attribute__((naked, section("socket"))) int naked(void) {
  asm volatile("r0 = 1; exit");
}

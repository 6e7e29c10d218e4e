// What stands together in code is searched for less that does the same, and the
// row is as general as can be proved. Equal objects give equal rows.
// RUN: bpfcc -mcpu=v4 %s -o %t.o
// RUN: superopt mine --least 1 %t.o | FileCheck %s
// RUN: superopt mine --least 1 %t.o > %t.1
// RUN: superopt mine --least 1 %t.o | cmp - %t.1
// RUN: superopt mine --least 2 %t.o | FileCheck %s --allow-empty --check-prefix=TWO
// RUN: printf 'RULE(Old)\n#undef RULE\n' > %t.def
// RUN: superopt mine --least 1 --write %t.def %t.o
// RUN: FileCheck %s --check-prefix=FILE < %t.def

// For all numbers that fit together.
// CHECK-DAG: "ra += K; ra += M",{{[[:space:]]+}}"ra += K + M", "", 1)
__attribute__((naked)) int sum(void) {
  asm volatile("r1 += 5; r1 += 7; r0 = r1; exit");
}

// For one number only.
// CHECK-DAG: "ra <<= 56; ra s>>= 56",{{[[:space:]]+}}"ra = (s8)ra", "", 4)
__attribute__((naked)) int sign(void) {
  asm volatile("r1 <<= 56; r1 s>>= 56; r0 = r1; exit");
}

// Where a register is not needed any more.
// CHECK-DAG: "wa = *(u32 *)(rb + K); rc = ra",{{[[:space:]]+}}"wc = *(u32 *)(rb + K)", "dead(a)", 1)
__attribute__((naked)) int copy(void) {
  asm volatile("r2 = *(u32 *)(r1 + 8); r0 = r2; exit");
}

// A wider access is no less code than two narrow ones: it may not be allowed.
// CHECK-NOT: *(u16 *)(ra {{.*}} = K
__attribute__((naked)) int wide(void) {
  asm volatile("*(u8 *)(r1 + 0) = 3; *(u8 *)(r1 + 1) = 3; r0 = 0; exit");
}

// TWO-NOT: ra += M

// FILE: RULE(Old)
// FILE-NEXT: // In 1 place
// FILE-NEXT: RULE(Unnamed1,
// FILE: #undef RULE

// A 64-bit number of 32 bits takes one slot, and no move: clang makes it of two.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
typedef unsigned long long u64;

// CHECK-LABEL: {{^}}set:
// CHECK-NEXT: w0 = -0x80000000
// CHECK-NEXT: r0 |= r1
// CHECK-NEXT: exit
u64 set(u64 a) { return a | 0x80000000; }

// CHECK-LABEL: {{^}}add:
// CHECK-NEXT: w0 = -0x10
// CHECK-NEXT: r0 += r1
// CHECK-NEXT: exit
u64 add(u64 a) { return a + 0xfffffff0; }

// CHECK-LABEL: {{^}}equals:
// CHECK-NEXT: w2 = -0x21524111
// CHECK-NEXT: if r1 {{[!=]}}= r2 goto
u64 equals(u64 a) { return a == 0xdeadbeef ? 5 : a; }

// CHECK-LABEL: {{^}}store:
// CHECK-NEXT: w2 = -0x7fffffff
// CHECK-NEXT: *(u64 *)(r1 + 0x0) = r2
// CHECK-NEXT: exit
void store(u64 *a) { *a = 0x80000001; }

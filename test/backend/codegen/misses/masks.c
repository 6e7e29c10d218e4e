// Masks that no immediate holds, but two shifts.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
typedef unsigned long long u64;

// CHECK-LABEL: {{^}}high:
// CHECK-NEXT: r1 >>= 0x20
// CHECK-NEXT: r1 <<= 0x20
// CHECK-NEXT: r0 = r1
// CHECK-NEXT: exit
u64 high(u64 a) { return a & 0xffffffff00000000; }

// CHECK-LABEL: {{^}}seven_bytes:
// CHECK-NEXT: r1 <<= 0x8
// CHECK-NEXT: r1 >>= 0x8
// CHECK-NEXT: r0 = r1
// CHECK-NEXT: exit
u64 seven_bytes(u64 a) { return a & 0x00ffffffffffffff; }

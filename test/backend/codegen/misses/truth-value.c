// A truth value that is stored or returned takes no branch; one that becomes an index
// does, and a verifier knows its value on each way.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// CHECK-LABEL: {{^}}less:
// CHECK-NEXT: w0 = *(u32 *)(r1 + 0x0)
// CHECK-NEXT: w1 = *(u32 *)(r1 + 0x4)
// CHECK-NEXT: r0 -= r1
// CHECK-NEXT: r0 >>= 0x3f
// CHECK-NEXT: exit
int less(unsigned *p) { return p[0] < p[1]; }

// CHECK-LABEL: {{^}}set:
// CHECK-NEXT: w1 = *(u32 *)(r1 + 0x0)
// CHECK-NEXT: r1 = -r1
// CHECK-NEXT: r1 >>= 0x3f
// CHECK-NEXT: *(u8 *)(r2 + 0x0) = w1
// CHECK-NEXT: exit
void set(unsigned *p, unsigned char *q) { *q = p[0] != 0; }

// CHECK-LABEL: {{^}}isSeven:
// CHECK-NEXT: w0 = *(u32 *)(r1 + 0x0)
// CHECK-NEXT: r0 ^= 0x7
// CHECK-NEXT: r0 += -0x1
// CHECK-NEXT: r0 >>= 0x3f
// CHECK-NEXT: exit
int isSeven(unsigned *p) { return *p == 7; }

// CHECK-LABEL: {{^}}pick:
// CHECK: goto
// CHECK: exit
int pick(unsigned *p, int *t) { return t[p[0] > 5]; }

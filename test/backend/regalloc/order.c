// Registers are taken in Clang's order, and a sum stays in its pointer's: tests
// and people compare what verifiers say of programs.
// RUN: bpfcc -S -O2 -mcpu=v3 %s -o - | FileCheck %s
extern int values[16];

// CHECK-LABEL: indexed:
// CHECK-NEXT: r1 <<= 0x2
// CHECK-NEXT: r2 = values ll
// CHECK-NEXT: r2 += r1
// CHECK-NEXT: w0 = *(u32 *)(r2 + 0x0)
int indexed(unsigned long x) { return values[x]; }

void use(long, long);

// CHECK-LABEL: arguments:
// CHECK-NEXT: r3 = *(u64 *)(r1 + 0x0)
// CHECK-NEXT: r2 = *(u64 *)(r1 + 0x8)
// CHECK-NEXT: r1 = r3
// CHECK-NEXT: call use
void arguments(long *ctx) { use(ctx[0], ctx[1]); }

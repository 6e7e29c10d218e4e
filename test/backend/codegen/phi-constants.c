// Constants that ways of a program bring to where they meet.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -S %s -o - | FileCheck %s
int g(void *);

// The way that finds zero has it in a register already.
// CHECK-LABEL: {{^}}flag:
// CHECK: w1 = *(u32 *)(r1 + 0x4)
// CHECK-NEXT: if r1 == 0x0 goto
// CHECK-NEXT: r1 = 0x1
// CHECK: *(u32 *)(r10 - 0x4) = w1
int flag(int *p) {
  int key = p[1] ? 1 : 0;
  return g(&key);
}

// The value keeps its register, the constant has the block.
// CHECK-LABEL: {{^}}limited:
// CHECK: w1 = *(u32 *)(r1 + 0x4)
// CHECK-NEXT: if r1 < 0x5 goto
// CHECK-NEXT: r1 = 0x5
// CHECK: *(u32 *)(r10 - 0x4) = w1
int limited(unsigned *p) {
  unsigned key = p[1];
  if (key > 4)
    key = 5;
  return g(&key);
}

// Two ways bring 1, one of them by falling through: they share its load.
// CHECK-LABEL: {{^}}shared:
// CHECK: if w0 != 0x0 goto
// CHECK-NEXT: r0 = 0x0
// CHECK-NEXT: exit
// CHECK: if w{{[0-9]}} s>= 0x0 goto [[ONE:.*]]
// CHECK: *(u32 *)(r6 + 0x8) =
// CHECK-NEXT: [[ONE]]:
// CHECK-NEXT: r0 = 0x1
// CHECK-NEXT: exit
int shared(int *p) {
  if (!g(p))
    return 0;
  if (p[1] < 0)
    p[2] += 1;
  return 1;
}

// A packet's pointer is no number for the verifier, even where it is found null.
// CHECK-LABEL: {{^}}pointer:
// CHECK: r6 = 0x0
// CHECK-NEXT: if r1 == 0x0 goto
long pointer(long *p) {
  long v = 0;
  if (p)
    v = *p;
  g((void *)8);
  return v;
}

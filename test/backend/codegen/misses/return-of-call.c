// Ways that return what a call has returned, or an error, meet with it in r0.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
int first(int *), last(int *);

// CHECK-LABEL: {{^}}steps:
// CHECK-NEXT: r6 = r1
// CHECK-NEXT: call first
// CHECK-NEXT: if w0 != 0x0 goto [[EXIT:.*]]
// CHECK-NEXT: w1 = *(u32 *)(r6 + 0xc)
// CHECK-NEXT: w0 = -0x1
// CHECK-NEXT: if w1 s> 0x4 goto [[EXIT]]
// CHECK-NEXT: r1 = r6
// CHECK-NEXT: call last
// CHECK-NEXT: [[EXIT]]:
// CHECK-NEXT: exit
int steps(int *p) {
  int error = first(p);
  if (error)
    return error;
  if (p[3] > 4)
    return -1;
  return last(p);
}

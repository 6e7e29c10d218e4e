// The lower half of a number is one move.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// CHECK-LABEL: {{^}}low:
// CHECK-NEXT: w0 = w1
// CHECK-NEXT: exit
unsigned long long low(unsigned long long a) { return a & 0xffffffff; }

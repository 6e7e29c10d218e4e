// -Overifiable is -O2 that counts the verifier's steps: returns are not shared, and
// the way out of a loop costs its turns nothing. The last -O option counts.
// RUN: bpfcc -Overifiable -S %s -o - | FileCheck %s --check-prefixes=CHECK,STEPS
// RUN: bpfcc -Overifiable -Os -S %s -o - | FileCheck %s --check-prefixes=CHECK,SLOTS
// RUN: bpfcc -Os -Overifiable --target=bpfeb -S %s -o - | FileCheck %s --check-prefixes=CHECK,STEPS
int g(int), h(int);

// CHECK-LABEL: {{^}}f:
// CHECK: call h
// STEPS-NEXT: w0 -=
// STEPS-NEXT: w0 *= 0x3
// STEPS-NEXT: exit
// SLOTS: exit
// CHECK: call g
// STEPS: exit
// SLOTS: goto
int f(int x) {
  int r;
  if (x > 7)
    r = g(x) + x;
  else
    r = h(x) - x;
  return r * 3;
}

// -Overifiable is -O2 that counts the verifier's steps: the way out of a loop costs
// its turns nothing. -Os counts slots. The last -O option is heard.
// RUN: bpfcc -Overifiable -S %s -o - | FileCheck %s --check-prefixes=CHECK,STEPS
// RUN: bpfcc -Overifiable -Os -S %s -o - | FileCheck %s --check-prefixes=CHECK,SLOTS
// RUN: bpfcc -Os -Overifiable --target=bpfeb -S %s -o - | FileCheck %s --check-prefixes=CHECK,STEPS
int g(int);

// CHECK-LABEL: {{^}}f:
// CHECK: call g
// STEPS-NOT: = 0x64
// SLOTS: = 0x64
// CHECK: if {{.*}} goto
// STEPS: = 0x64
int f(void) {
  int found = 100;
  for (int i = 0; i < 45; i++)
    if (g(i)) {
      found = i;
      break;
    }
  return g(found);
}

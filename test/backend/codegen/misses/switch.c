// Each case of a switch has its own exit; no case jumps to a shared one, and there is
// no jump through a table, which only the newest kernels have.
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfel -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// RUN: bpfcc -O2 -mcpu=v4 --target=bpfeb -D__TARGET_ARCH_x86 -S %s -o - | FileCheck %s
// CHECK-LABEL: {{^}}map:
// CHECK-NOT: {{^.}}goto
// CHECK: .section ".BTF"
int map(unsigned x) {
  switch (x) {
  case 0: return 17;
  case 1: return 5;
  case 2: return 99;
  case 3: return 2;
  case 4: return 61;
  case 5: return 7;
  case 6: return 1;
  case 7: return 77;
  case 8: return 3;
  case 9: return 8;
  case 10: return 12;
  case 11: return 90;
  case 12: return 11;
  case 13: return 6;
  case 14: return 4;
  }
  return 0;
}

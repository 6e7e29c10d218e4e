// A loop that fills or copies memory stays a loop: no call that BPF lacks.
// RUN: bpfcc -target bpfel -O2 -S %s -o - | FileCheck %s
// RUN: bpfcc -target bpfeb -O2 -S %s -o - | FileCheck %s

// CHECK-LABEL: fill:
// CHECK: *(u8 *)(r{{[0-9]}} + 0x0) = w{{[0-9]}}
// CHECK: if {{.*}} goto
// CHECK: exit
void fill(char *p, int n) {
  for (int i = 0; i < n; i++)
    p[i] = 'a';
}

// CHECK-LABEL: copy:
// CHECK: *(u8 *)(r{{[0-9]}} + 0x0) = w{{[0-9]}}
// CHECK: if {{.*}} goto
// CHECK: exit
void copy(char *restrict p, const char *restrict q, int n) {
  for (int i = 0; i < n; i++)
    p[i] = q[i];
}

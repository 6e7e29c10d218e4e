// RUN: bpfcc -target bpf -O2 -c %s -o %t.o
// RUN: llvm-objdump -dr %t.o | FileCheck %s
// Another object may replace a weak alias: calls name it, not what it stands for.
int real(int X) { return X; }
int other(int X) __attribute__((weak, alias("real")));

// CHECK-LABEL: <use>:
// CHECK: call
// CHECK-NEXT: R_BPF_64_32 other
// CHECK: exit
int use(int X) { return other(X); }

// Class 9: the counter of a loop counts up and is compared with the constant; no
// pointer runs in its place.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int Table[64];
// CHECK:      r[[I:[0-9]]] += 0x1
// CHECK-NEXT: if r[[I]] != 0x40
SEC("socket") int program(struct __sk_buff *Ctx) {
  int Sum = 0;
  for (int I = 0; I < 64; I++) {
    if (Table[I] == Ctx->mark)
      return I;
    Sum += Table[I] * I;
  }
  return Sum;
}

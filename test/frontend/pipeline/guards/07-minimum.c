// Class 7: `i < n && i < 16` stays two compares, of which one is with a constant.
// LLVM makes `i < umin(n, 16)` of it: kernels before 6.8 learn nothing from a
// compare of two registers. Newer ones take both.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded PlainBranchesPass v3 %s %t.off.o
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int Table[16];
// CHECK-LABEL: socket: program
// CHECK:       if [[I:r[0-9]]] >= 0x10
// CHECK-NEXT:  [[I]] <<= 0x2
// OFF:         r{{[0-9]}} = 0x10
SEC("socket") int program(struct __sk_buff *Ctx) {
  unsigned long N = Ctx->mark, I = bpf_get_prandom_u32();
  unsigned long Bound = N < 16 ? N : 16;
  return I < Bound ? Table[I] : 0;
}

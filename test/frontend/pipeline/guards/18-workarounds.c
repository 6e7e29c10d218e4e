// Class 18: the workarounds of programs that were written for clang.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int Table[16];
// CHECK-LABEL: socket: opaque
// CHECK:       if r{{[0-9]}} > 0xf
SEC("socket") int opaque(struct __sk_buff *Ctx) {
  unsigned long I = bpf_get_prandom_u32();
  barrier_var(I);
  if (I > 15)
    return 0;
  barrier_var(I);
  return Table[I];
}
// CHECK-LABEL: socket: mask
// CHECK:       &= 0xf
SEC("socket") int mask(struct __sk_buff *Ctx) {
  unsigned long I = bpf_get_prandom_u32();
  asm volatile("%0 &= 15" : "+r"(I));
  return Table[I];
}

// Class 1: LLVM makes one compare of `n - 8` of two signed compares. They are made signed
// compares again.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded PlainBranchesPass v3 %s %t.off.o
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
// CHECK:     s< -0x8
// CHECK:     s{{>= 0x8|> 0x7}}
// OFF:       += -0x8
SEC("socket") int program(struct __sk_buff *Ctx) {
  int N = Ctx->len;
  if (N < -8 || N > 7)
    return 3;
  return N * bpf_get_prandom_u32();
}

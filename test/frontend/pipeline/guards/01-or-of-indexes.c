// Class 1: LLVM compares `a | b` with 8 in place of both. PlainBranchesPass
// compares each.
// RUN: bpfcc -mcpu=v3 -c %s -o %t.o && %verdict accepted %t.o
// RUN: bpfcc dump %t.o | FileCheck %s
// RUN: %unguarded PlainBranchesPass v3 %s %t.off.o
// RUN: bpfcc dump %t.off.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int Table[64];
// CHECK:     if {{[rw][0-9]}} > 0x7
// CHECK:     if {{[rw][0-9]}} > 0x7
// OFF:       if {{[rw][0-9]}} > 0x7
// OFF-NOT:   > 0x7
SEC("socket") int program(void *Ctx) {
  unsigned long A = bpf_get_prandom_u32(), B = bpf_get_prandom_u32();
  if ((A | B) >= 8)
    return 0;
  return Table[A * 8 + B];
}

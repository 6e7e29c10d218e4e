// Class 4: a bound is learned on the value by which memory is reached. Without
// CompareWidePass level 2 extends the value once for the compare and once more
// for the address, and level 3 compares w0 and extends it after.
// RUN: bpfcc -mcpu=v2 -c %s -o %t.2.o && %verdict accepted %t.2.o
// RUN: bpfcc dump %t.2.o | FileCheck %s --check-prefix=V2
// RUN: bpfcc -mcpu=v3 -c %s -o %t.3.o && %verdict accepted %t.3.o
// RUN: bpfcc dump %t.3.o | FileCheck %s --check-prefix=V3
// RUN: %unguarded CompareWidePass v2 %s %t.off2.o
// RUN: %verdict rejected %t.off2.o "unbounded memory access"
// RUN: %unguarded CompareWidePass v3 %s %t.off3.o
// RUN: bpfcc dump %t.off3.o | FileCheck %s --check-prefix=OFF
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char Table[4096];
static __attribute__((noinline)) unsigned some(unsigned X) {
  return X + bpf_get_prandom_u32();
}
// V2-LABEL: socket: program
// V2:      >>= 0x20
// V2-NOT:  <<=
// V2:      if [[I:r[0-9]]] {{>|<=}} 0xfa0
// V2-NOT:  <<=
// V2:      += [[I]]
// V3-LABEL: socket: program
// V3:      call
// V3:      w[[I:[0-9]]] = w
// V3:      if r[[I]] {{>|<=}} 0xfa0
// V3:      += r[[I]]
// OFF-LABEL: socket: program
// OFF:     if w{{[0-9]}} {{>|<=}} 0xfa0
SEC("socket") int program(struct __sk_buff *Ctx) {
  unsigned N = some(Ctx->len);
  if (N > 4000)
    return 1;
  Table[N] = 7;
  return 0;
}
